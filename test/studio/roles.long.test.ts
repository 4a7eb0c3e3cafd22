/// <reference lib="dom" />
import type { BrowserContext, Page } from 'playwright-core';
import t from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import type { EventRecord } from '../../src/config/api/events-handle.js';
import { silentLog } from '../../src/core/log.js';
import { ROLES, type Role } from '../../src/server/roles.js';
import { fakeRoom } from '../control/fake-room.js';
import { axe, keep } from '../kit/desk-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { until } from '../kit/until.js';
import { startStudio, type Client } from '../server/studio-rig.js';

const question: EventRecord = {
  ...{ id: 'e1', seq: 1, platform: 'youtube', kind: 'comment', user: 'Diego', text: 'Can it have our logo?' },
  ...{ atMs: Date.now(), state: 'unanswered' },
};

t.test('each role finds what it may do, and nothing else', { skip: noChromium, timeout: 240_000 }, async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = fakeRoom();
  room.events.recent = () => [question];
  const engine = await ControlServer.start({
    room,
    host: '127.0.0.1',
    port: 0,
    token: 'secret-of-the-engine',
    log: silentLog,
  });
  t.teardown(() => engine.close());
  rig.host.engine = { url: engine.url, token: 'secret-of-the-engine' };
  const { id } = await rig.room('Lamp shop');
  await rig.owner.post(`/api/rooms/${id}/start`, {});
  const people = new Map<Role, Client>();
  for (const role of ROLES) people.set(role, role === 'owner' ? rig.owner : await rig.invite(role));

  const browser = await launchChromium(t);
  const faults: string[] = [];
  const { url } = rig.server;
  const contexts: BrowserContext[] = [];
  const open = async (role: Role, path: string): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    contexts.push(context);
    const [name, value] = [
      people.get(role)!.cookie.split('=')[0]!,
      people.get(role)!.cookie.split('=').slice(1).join('='),
    ];
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(`${role}: ${error.message}`));
    page.on('response', (reply) => {
      // A page that asks for what its person may not have is a page that shows a dead control.
      if (reply.status() === 403 || reply.status() === 401) faults.push(`${role}: ${reply.status()} ${reply.url()}`);
    });
    await page.goto(`${url}${path}`);
    return page;
  };
  const has = (page: Page, name: string | RegExp): Promise<boolean> =>
    page.getByRole('button', { name }).first().isVisible();
  const desk = `/rooms/${id}/desk`;

  await t.test('a viewer watches', async (t) => {
    const page = await open('viewer', desk);
    await page.locator('.desk .state b', { hasText: 'ON AIR' }).waitFor();
    await page.locator('.com li').first().click();
    for (const name of [/^M ?Mute/, /Take over/, 'End show', /^Answer/, /Add an output/])
      t.notOk(await has(page, name), String(name));
    await page.keyboard.press('m');
    t.notOk(
      room.calls.some((one) => one.startsWith('mute')),
      'a key that is not theirs does nothing',
    );
    t.same(await axe(page), [], 'axe');
    await keep(page, 'role-viewer');
    await page.goto(`${url}/rooms/${id}/products`);
    await page
      .getByRole('heading', { name: /^Script/ })
      .first()
      .waitFor();
    t.notOk(await page.getByRole('button', { name: 'Write again' }).isEnabled());
    await page.goto(`${url}/people`);
    await page.getByText('Rights').or(page.getByRole('table')).first().waitFor();
    t.notOk(await has(page, 'Invite'));
    t.equal(await page.getByRole('link', { name: 'Changes' }).count(), 0);
  });

  await t.test('a moderator answers, acknowledges, and mutes nothing', async (t) => {
    const page = await open('moderator', desk);
    await page.locator('.com li', { hasText: 'logo' }).locator('.head').click();
    await page.locator('.com textarea').fill('Yes, from 500 pieces.');
    await page.locator('.com textarea').press('Enter');
    await until('the answer', () => room.calls.some((one) => one.includes('Yes, from 500 pieces.')));
    for (const name of [/^M ?Mute/, /Take over/, 'End show']) t.notOk(await has(page, name), String(name));
    await keep(page, 'role-moderator');
  });

  await t.test('an operator runs the show', async (t) => {
    const page = await open('operator', desk);
    await page.locator('.desk .state b', { hasText: 'ON AIR' }).waitFor();
    await page.keyboard.press('m');
    await until('it is muted', () => room.state.muted);
    await page.keyboard.press('r');
    await until('it is resumed', () => !room.state.muted);
    t.equal(room.state.by === '' || room.state.by.includes('operator'), true, 'the engine knows who');
    await page.goto(`${url}/rooms/${id}/live`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    t.notOk(await has(page, 'Own RTMP server'), 'keys are the editors’');
    await page.goto(`${url}${desk}`);
    await page.getByRole('button', { name: /End show/ }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    t.equal(await dialog.getByRole('button').first().textContent(), 'Keep it running');
    await keep(page, 'role-operator');
    await page.keyboard.press('Escape');
    t.ok(rig.host.running.has(id), 'it runs on');
  });

  await t.test('an editor changes the script, and sees who changed what', async (t) => {
    const page = await open('editor', `/rooms/${id}/products`);
    const line = page.locator('.line').first();
    await line.locator('.text').dblclick();
    await line.locator('textarea').fill('Welcome, all of you.');
    await line.locator('textarea').press('Enter');
    await page.getByText('Welcome, all of you.').first().waitFor();
    await until('it is saved', async () =>
      JSON.stringify((await rig.owner.get(`/api/rooms/${id}/file`)).body.room).includes('Welcome, all of you.'),
    );
    await page.goto(`${url}/audit`);
    await page.getByText('editor').first().waitFor();
    t.equal(await page.getByRole('link', { name: 'Changes' }).count(), 1);
    t.same(await axe(page), [], 'axe');
    await page.goto(`${url}/people`);
    t.notOk(await has(page, 'Invite'));
  });

  await t.test('an owner looks after people, and finds all versions', async (t) => {
    const page = await open('owner', '/people');
    await page.getByRole('button', { name: 'Invite' }).waitFor();
    await page.getByLabel(/Role of moderator$/).click();
    await page.getByRole('option', { name: 'Viewer' }).click();
    await until('the role has changed', async () =>
      (await rig.owner.get('/api/people')).body.people.some(
        (one: { name: string; role: string }) => one.name === 'moderator' && one.role === 'viewer',
      ),
    );
    await keep(page, 'role-owner');
    await page.goto(`${url}/rooms/${id}/products`);
    await page.getByText('Welcome, all of you.').first().waitFor();
    await page.locator('.where').click();
    await page.getByRole('menuitem', { name: /Versions/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Restore' }).last().click();
    await page.getByText('Welcome, all of you.').first().waitFor({ state: 'detached' });
    t.same(await axe(page), [], 'axe');
    await keep(page, 'versions');
  });

  await t.test('the wall shows the room, and its report is one press from the desk', async (t) => {
    const page = await open('owner', '/');
    await page.locator('.tile', { hasText: 'Lamp shop' }).waitFor();
    const machine = await page.locator('dl.sum').textContent();
    t.notMatch(machine, /NaN/);
    await page.locator('.tile .band.ok', { hasText: 'ON AIR' }).waitFor();
    t.same(await axe(page), [], 'axe on the wall');
    await keep(page, 'wall');
    await page.keyboard.press('1');
    await page.waitForURL(new RegExp(`${desk}$`));
    await page.getByRole('link', { name: 'Report' }).click();
    await page.getByRole('heading', { name: /Report/ }).waitFor();
    t.same(await axe(page), [], 'axe on the report');
    await keep(page, 'report');
  });
  t.same(faults, [], 'no error, and nothing asked for that is refused');
  for (const context of contexts) await context.close();
});
