/// <reference lib="dom" />
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import type { RoomSnapshot } from '../../src/core/room-handle.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';
import { sampled } from '../kit/whole.js';

const PHONE = { width: 360, height: 740 };

async function serve(t: Test, changed: Partial<RoomSnapshot> = {}) {
  const room = fakeRoom();
  const usual = room.snapshot;
  room.snapshot = () => ({ ...usual(), ...changed });
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  const browser = await launchChromium(t);
  const open = async (locale: string, viewport = { width: 1360, height: 860 }): Promise<Page> => {
    const page = await browser.newPage({ locale, viewport, isMobile: viewport === PHONE });
    await page.goto(`${server.url}/#token=x`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('#outputs .pill');
    return page;
  };
  return { room, open, browser, url: server.url };
}

/** The commands of the buttons, without the WHEP requests. */
const commandsOf = (calls: readonly string[]): string[] => calls.filter((call) => /^(dump|resume)/.test(call));

const says = (page: Page, id: string, text: string): Promise<unknown> =>
  page.waitForFunction(([one, wanted]) => document.querySelector(one!)!.textContent === wanted, [id, text] as const);

/** A banner has the words, or there is none. */
const warns = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction((wanted) => {
    const banners = document.querySelector<HTMLElement>('#alarms')!;
    return wanted === '' ? banners.hidden : !banners.hidden && banners.textContent.includes(wanted);
  }, text);

/** For people: `SHOTS=folder` keeps screenshots. */
const keep = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
};

const WORDS = {
  'en-GB': {
    dumped: 'Dropped 8 frames (0.3 s): nobody will see or hear them.',
    hint: 'Drops the last 0.7 s, picture and sound, that nobody has seen yet',
    why: 'Viewers see the slate: commanded by the operator; forbidden words in the picture, until a later check is clean.',
    stays: 'Viewers see the slate: forbidden words in the picture, until a later check is clean.',
    mute: 'Mute',
    unmute: 'Unmute',
  },
  'zh-CN': {
    dumped: '已丢弃 8 帧（0.3 秒），观众不会看到或听到。',
    hint: '丢弃最近 0.7 秒尚未播出的画面和声音',
    why: '观众看到的是占位画面：人工操作；画面中有违规文字，复查通过后自动解除。',
    stays: '观众看到的是占位画面：画面中有违规文字，复查通过后自动解除。',
    mute: '静音',
    unmute: '取消静音',
  },
} as const;

for (const [locale, words] of sampled(Object.entries(WORDS), 2)) {
  t.test(
    `${locale}: dump reports its frames, resume the remaining reasons, and unmute undoes only the mute`,
    {
      skip: noChromium,
    },
    async (t) => {
      const { room, open } = await serve(t);
      const page = await open(locale, PHONE);
      t.notOk(await page.isVisible('#notices'));
      t.equal(await page.getAttribute('#dump', 'title'), words.hint);
      await page.click('#dump');
      await says(page, '#told', words.dumped);
      t.same(commandsOf(room.calls), ['dump']);
      await page.click('#mute');
      await says(page, '#mute', words.unmute);
      room.state.holds.push('words');
      await page.click('[data-do=blank]');
      await warns(page, words.why);
      t.equal(await page.getAttribute('#state', 'data-state'), 'blanked');
      t.notOk(await page.isVisible('#told'), 'the result of the dump has faded');
      await keep(page, `commands-${locale}-phone`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      t.equal(wide, PHONE.width, 'nothing overflows the phone');
      await page.click('#mute');
      await says(page, '#mute', words.mute);
      t.match(room.state, { muted: false, blanked: true });
      await page.click('[data-do=resume]');
      await warns(page, words.stays);
      room.state.holds.length = 0;
      await warns(page, '');
      t.notOk(await page.isVisible('#notices'));
      t.same(commandsOf(room.calls), ['dump', 'resume {"mute":true}', 'resume {}']);
      const desk = await open(locale);
      await desk.click('#dump');
      room.state.holds.push('risk', 'codes');
      room.state.muted = true;
      await says(desk, '#mute', words.unmute);
      await keep(desk, `commands-${locale}`);
    },
  );
}

t.test('shows without the token that viewers see the slate, but not why', { skip: noChromium }, async (t) => {
  const { room, browser, url } = await serve(t);
  room.state.holds.push('risk');
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(`${url}/`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('#state[data-state=blanked]');
  t.notOk(await page.isVisible('#notices'));
  t.notMatch(await page.evaluate(() => document.body.textContent), /risk score/);
  await page.fill('#token', 'x');
  await page.click('#token-form button');
  await warns(page, 'Viewers see the slate: the risk score is at its limit, until Resume.');
});

t.test('accepts no blank from a foreign page', { skip: noChromium }, async (t) => {
  const { room, browser, url } = await serve(t);
  const foreign = createServer((_request, response) => response.end('<!doctype html>')).listen(0, '127.0.0.1');
  t.teardown(() => foreign.close());
  await once(foreign, 'listening');
  const page = await browser.newPage();
  await page.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`);
  const sent = await page.evaluate(
    (to) =>
      Promise.all(
        ['/api/blank', '/%61pi/blank', '/%61pi/resume'].map(
          async (path) => (await fetch(to + path, { method: 'POST', mode: 'no-cors' })).type,
        ),
      ),
    url,
  );
  t.strictSame(sent, ['opaque', 'opaque', 'opaque'], 'the browser sent them');
  t.equal(room.state.blanked, false);
  t.strictSame(commandsOf(room.calls), []);
});

t.test('mutes once for a double click', { skip: noChromium }, async (t) => {
  const { room, open } = await serve(t);
  const page = await open('en-GB');
  await page.dblclick('#mute');
  await says(page, '#mute', 'Unmute');
  t.ok(room.state.muted);
  t.same(commandsOf(room.calls), []);
});

t.test('reports a failed dump', { skip: noChromium }, async (t) => {
  const { room, open } = await serve(t);
  room.dump = () => Promise.reject(new EngineError('E_TIMEOUT', { where: 'dump', found: 'none' }));
  const page = await open('en-GB');
  await page.click('#dump');
  await says(page, '#told', 'Command failed: dump: found none');
});

t.test('disables the dump button without look-ahead and explains why', { skip: noChromium }, async (t) => {
  const { room, open } = await serve(t, { dumpWindow: { frames: 0, ms: 0 } });
  for (const [locale, why] of [
    ['en-GB', 'This room has no look-ahead, so there is nothing to drop.'],
    ['zh-CN', '本直播间没有缓冲，没有可丢弃的内容。'],
  ] as const) {
    const page = await open(locale, PHONE);
    await page.waitForSelector('#dump[aria-disabled=true]');
    t.equal(await page.getAttribute('#dump', 'title'), why);
    await page.locator('#dump').dispatchEvent('click');
    await says(page, '#told', why);
    await keep(page, `no-dump-${locale}-phone`);
  }
  t.same(commandsOf(room.calls), []);
});

t.test('explains a refused line in plain words and keeps it in the box', { skip: noChromium }, async (t) => {
  const { open } = await serve(t);
  for (const [locale, why] of [
    ['en-GB', 'Refused, not said: phone number / outside contact'],
    ['zh-CN', '已拒绝，未播报：电话号码 / 站外联系方式'],
  ] as const) {
    const page = await open(locale);
    await page.fill('#say-text', 'my phone');
    await page.click('#say button');
    await says(page, '#say-result', why);
    t.equal(await page.inputValue('#say-text'), 'my phone');
    await page.fill('#say-text', 'Hello');
    await page.click('#say button');
    await page.waitForFunction(() => (document.querySelector('#say-text') as HTMLInputElement).value === '');
  }
});

t.test('reports a line that could not be spoken', { skip: noChromium }, async (t) => {
  const last = { line: 'say-1', text: 'Hello', code: 'E_SPEECH_FAILED', message: 'speech: found no voice' };
  const { open } = await serve(t, { unspoken: { total: 3, last } });
  await says(await open('en-GB'), '#unspoken', 'Not spoken (3 so far): “Hello”. speech: found no voice');
  const page = await open('zh-CN', PHONE);
  await says(page, '#unspoken', '未能播报（共 3 句）：“Hello”。speech: found no voice');
  await page.locator('#unspoken').scrollIntoViewIfNeeded();
  await keep(page, 'unspoken-zh-CN-phone');
});
