/// <reference lib="dom" />
import { dirname } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { storeFile } from '../../src/store/open-database.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { keep } from '../kit/desk-page.js';
import { twoDayStore } from '../kit/two-day-store.js';
import { startStudio } from '../server/studio-rig.js';

t.test('a report stands beside another show, column by column', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const { owner } = rig;
  const { id } = await rig.room('Oakmere Home');
  const file = rig.server.studio.rooms.file(id);
  const { ledgerFile } = loadRoom(file, { withoutKeys: true, cwd: dirname(file) });
  await twoDayStore(storeFile(ledgerFile), Date.now());
  const at = `/api/rooms/${id}/report`;
  const { sessions } = (await owner.get(`${at}/sessions`)).body;
  const [newest, earlier] = [
    (await owner.get(`${at}?session=${sessions[0].id}`)).body,
    (await owner.get(`${at}?session=${sessions[1].id}`)).body,
  ];
  const browser = await launchChromium(t);
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'en-GB',
    timezoneId: 'Asia/Shanghai',
  });
  const [name, ...value] = owner.cookie.split('=');
  await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
  const page = await context.newPage();
  // A rule that held something back in the other show alone.
  const lone = { rule: '9.9', title: { en: 'Only then', zh: '仅当时' }, count: 3, byAction: {} };
  await page.route(`**${at}?session=${sessions[1].id}`, async (route) => {
    const body = structuredClone(earlier);
    body.violations.byRule.push(lone);
    await route.fulfill({ json: body });
  });
  await page.goto(`${rig.server.url}/rooms/${id}/reports/${sessions[0].id}`);
  await page.getByRole('table').first().waitFor();
  t.equal(await page.getByRole('columnheader').filter({ hasText: /\d/ }).count(), 1, 'one show: one column');
  await page.getByText('Times: China Standard Time (GMT+8)').waitFor({ timeout: 5000 });
  t.equal(
    await page.getByRole('columnheader').first().textContent(),
    [newest.atMs, newest.untilMs]
      .map((ms) =>
        new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Shanghai' }),
      )
      .join(' –'),
    'and they are of that zone',
  );

  const title = (await page.getByRole('heading', { level: 1 }).boundingBox())!;
  const desk = (await page.getByRole('link', { name: 'Control desk' }).last().boundingBox())!;
  t.ok(Math.abs(desk.y + desk.height / 2 - (title.y + title.height / 2)) < 12, 'the link stands beside the title');
  t.ok(desk.height <= 48, 'on one line');
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'nothing is wider than a phone');

  await page.getByLabel(/, Compare with$/).click();
  await page
    .getByRole('option', { name: /^Show of/ })
    .first()
    .click();
  const row = (label: RegExp | string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: label }) });
  await row('9.9 Only then').waitFor();
  const cells = async (label: RegExp | string) => row(label).first().getByRole('cell').allTextContents();
  t.same(await cells('9.9 Only then'), ['0', '3'], 'a rule of the other show');
  const number = (n: number) => new Intl.NumberFormat('en-GB').format(n);
  t.same(await cells('Lines spoken'), [number(newest.lines.spoken), number(earlier.lines.spoken)]);
  const share = (n: number) => new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 }).format(n);
  const youtube = ({ outputs }: typeof newest) => share(outputs.find((one: any) => one.output === 'youtube').uptime);
  t.same(await cells(/^youtube/), [youtube(newest), youtube(earlier)], 'side by side, the error below the name');
  const edges = await page
    .locator('main tbody tr')
    .evaluateAll((rows) => [...new Set(rows.map((one) => Math.round(one.children[1]!.getBoundingClientRect().right)))]);
  t.equal(edges.length, 1, 'the figures of all panels stand in one column');
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'nor when two are compared');
});

t.test('mail that is set is shown where it is changed', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const smtp = { host: 'smtp.oakmere.example', port: 465, secure: true, user: 'u', from: 'a@oakmere.example' };
  t.equal((await rig.owner.call('PUT', '/api/settings/smtp', smtp)).status, 204);
  const browser = await launchChromium(t);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const [name, ...value] = rig.owner.cookie.split('=');
  await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
  const page = await context.newPage();
  const answered = page.waitForResponse((reply) => reply.url().endsWith('/api/settings/smtp'));
  await page.goto(`${rig.server.url}/people`);
  await answered;
  await page.waitForTimeout(300);
  const values = await page.locator('input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  t.ok(values.includes(smtp.host) && values.includes('465') && values.includes(smtp.from), values.join(', '));
});

t.test(
  'a room without a picture has an empty place, not a broken one',
  { skip: noChromium, timeout: 120_000 },
  async (t) => {
    const rig = await startStudio();
    t.teardown(() => rig.close());
    const { id } = await rig.room('Oakmere Home');
    const browser = await launchChromium(t);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    const [name, ...value] = rig.owner.cookie.split('=');
    await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
    const page = await context.newPage();
    for (const [path, alt] of [
      ['/', 'Oakmere Home: programme'],
      [`/rooms/${id}/live`, undefined],
    ] as const) {
      const refused = page.waitForResponse((reply) => reply.url().includes(`/rooms/${id}/still`));
      await page.goto(rig.server.url + path);
      t.equal((await refused).status(), 404);
      await page.locator('.pic [role=img]').first().waitFor({ state: 'attached' });
      t.equal(await page.locator('.pic img').count(), 0, path);
      if (alt !== undefined) t.equal(await page.locator('.pic [role=img]').getAttribute('aria-label'), alt);
    }
    await page.getByText('1 line keeps the rules').waitFor({ timeout: 60_000 });
    await page.getByText('1 picture free of codes').waitFor();
    t.pass('one thing is not called several');
  },
);

t.test('a destination shows the whole of its address on a phone', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const { owner } = rig;
  const { id } = await rig.room();
  const server = 'rtmps://push.live-ingest.example-platform.com:443/app';
  const made = await owner.post('/api/destinations', {
    preset: 'rtmp',
    name: 'Own server',
    server,
    key: 'abcd-efgh-1234',
  });
  t.equal(made.status, 201);
  const browser = await launchChromium(t);
  const [name, ...value] = owner.cookie.split('=');
  for (const locale of ['en-GB', 'zh-CN']) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale, hasTouch: true });
    await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
    const page = await context.newPage();
    await page.goto(`${rig.server.url}/rooms/${id}/live`);
    const detail = page.getByText('push.live-ingest.example-platform.com');
    await detail.waitFor();
    const [shown, whole] = await detail.evaluate((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return [one.getBoundingClientRect().right, range.getBoundingClientRect().right];
    });
    t.ok(whole! <= shown! + 1, `${locale}: nothing is cut`);
    t.match(await detail.textContent(), /1234/, 'with the end of the key');
    t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, `${locale}: no wider than a phone`);
    await keep(page, `live-390-${locale}`);
    await context.close();
  }
});
