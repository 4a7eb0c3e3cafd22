/// <reference lib="dom" />
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { WATCH_RULES } from '../../src/compliance/watch/watch-event.js';
import { RULES } from '../../src/moderation/packs/rule-table.js';
import { ControlServer } from '../../src/control/control-server.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import type { AlarmSnapshot } from '../../src/core/alarm-kinds.js';
import type { RoomSnapshot, VerdictRecord } from '../../src/core/room-handle.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const LOCALES = ['en-GB', 'zh-CN'] as const;

async function serve(t: Test) {
  const room = fakeRoom();
  const usual = room.snapshot;
  const changed: { now: Partial<RoomSnapshot> } = { now: {} };
  room.snapshot = () => ({ ...usual(), ...changed.now });
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  const browser = await launchChromium(t);
  const open = async (locale: string, viewport = DESK, path = '/#token=x', wide = false): Promise<Page> => {
    const page = await browser.newPage({ locale, viewport });
    await page.goto(server.url + path, { waitUntil: 'domcontentloaded' });
    if (path !== '/') await page.waitForSelector('#outputs .pill');
    // As tall as the room's picture.
    await page.evaluate((wide) => {
      document.querySelector('video')!.style.aspectRatio = wide ? '16 / 9' : '9 / 16';
      document.querySelector('main')!.classList.toggle('wide', wide);
    }, wide);
    return page;
  };
  return { room, changed, open, url: server.url };
}

const keep = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
};

const alarm = {
  kind: 'output-down',
  subject: 'taobao',
  severity: 'critical',
  since: '2026-01-01T10:20:00.000Z',
  text: { en: 'Output taobao is down: refused', zh: '输出 taobao 已断开：拒绝' },
} as const;

for (const locale of LOCALES) {
  const zh = locale === 'zh-CN';
  t.test(
    `${locale}: shows an alarm as a red banner with another title and icon, until it is over`,
    { skip: noChromium },
    async (t) => {
      const { room, changed, open } = await serve(t);
      const [output] = room.snapshot().outputs;
      for (const viewport of [DESK, PHONE]) {
        changed.now = {};
        room.state.alarms.length = 0;
        const page = await open(locale, viewport);
        await page.waitForFunction(() => document.querySelector('#state')!.getAttribute('data-state') === 'on-air');
        const calm = await page.getAttribute('#icon', 'href');
        t.equal(await page.title(), 'fake · Showroom');
        t.notOk(await page.isVisible('#alarms'));
        await keep(page, `calm-${locale}-${viewport.width}`);
        room.state.alarms.push(alarm);
        changed.now = {
          outputs: [{ ...output!, state: 'backoff', lastError: 'expected a connection, found ECONNREFUSED' }],
        };
        await page.waitForSelector('#alarms p');
        t.match(await page.textContent('#alarms p'), alarm.text[zh ? 'zh' : 'en']);
        t.equal(await page.title(), '(1) ⚠ fake · Showroom');
        t.not(await page.getAttribute('#icon', 'href'), calm);
        t.equal(await page.getAttribute('#state', 'data-state'), 'limited', 'not green');
        t.equal(await page.textContent('#state'), zh ? '直播中，1 路输出断开' : 'On air, 1 output down');
        t.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
        await keep(page, `alarm-${locale}-${viewport.width}`);
        room.state.alarms.length = 0;
        await page.waitForSelector('#alarms', { state: 'hidden' });
        t.equal(await page.title(), 'fake · Showroom');
        await page.close();
      }
    },
  );

  t.test(`${locale}: shows a refusal in red beside the input`, { skip: noChromium }, async (t) => {
    const { room, open } = await serve(t);
    room.state.alarms.push(alarm);
    for (const viewport of [DESK, PHONE]) {
      const page = await open(locale, viewport);
      await page.fill('#say-text', 'call my phone');
      await page.press('#say-text', 'Enter');
      const answer = page.locator('#say-result.bad');
      await answer.waitFor();
      t.equal(
        await answer.textContent(),
        zh ? '已拒绝，未播报：电话号码 / 站外联系方式' : 'Refused, not said: phone number / outside contact',
      );
      t.equal(await page.inputValue('#say-text'), 'call my phone', 'it can be corrected');
      const box = (await answer.boundingBox())!;
      t.ok(box.y >= 0 && box.y + box.height <= viewport.height, `${viewport.width}: visible without scrolling`);
      await keep(page, `refused-${locale}-${viewport.width}`);
      await page.close();
    }
  });
}

const since = '2026-01-01T10:20:00.000Z';
/** Four alarms of a machine that is too busy, one of another cause. */
const TROUBLES: readonly AlarmSnapshot[] = [
  {
    ...{ kind: 'slate', subject: '', severity: 'critical', since },
    text: {
      en: 'Viewers see the slate: frames are not checked in time',
      zh: '观众看到的是占位画面：画面未能及时审核',
    },
  },
  {
    ...{ kind: 'machine-slow', subject: '', severity: 'warning', since },
    text: {
      en: "The machine is too slow: 96 % of the last half minute's frames were late or not checked in time",
      zh: '机器太慢：最近半分钟有 96% 的画面迟到或未能及时审核',
    },
  },
  {
    ...{ kind: 'picture', subject: 'frozen', severity: 'critical', since },
    text: { en: 'The picture stands still', zh: '画面静止' },
  },
  {
    ...{ kind: 'dead-air', subject: '', severity: 'warning', since },
    text: { en: 'Nobody has spoken for a while', zh: '长时间没有人说话' },
  },
  alarm,
];

for (const locale of LOCALES) {
  for (const [size, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
    t.test(
      `${locale}, ${size}: keeps picture and buttons in view beside several alarms, with products and outputs near`,
      { skip: noChromium },
      async (t) => {
        const { room, changed, open } = await serve(t);
        room.state.alarms.push(...TROUBLES);
        changed.now = { slate: ['unjudged', 'hold-time'] };
        for (const wide of [false, true]) {
          const page = await open(locale, viewport, '/#token=x', wide);
          await page.waitForSelector('#alarms > div');
          await page.waitForSelector('#products li');
          t.equal(await page.locator('#alarms > div').count(), 2, 'one banner a cause');
          const boxOf = async (selector: string) => (await page.locator(selector).boundingBox())!;
          const inView = async (selector: string, why: string): Promise<void> => {
            const { y, height } = await boxOf(selector);
            t.ok(y >= 0 && y + height <= viewport.height, `${selector} ${why}: ${y} to ${y + height}`);
          };
          await keep(page, `troubles-${locale}-${size}${wide ? '-wide' : ''}`);
          for (const selector of ['video', '#mute', '#blank', '#dump']) await inView(selector, 'at the top');
          const { width, height } = await boxOf('video');
          t.ok(height >= 160, `a picture of ${height} px`);
          if (size === 'phone') t.ok(width > viewport.width - 40, `over the whole width: ${width}`);
          t.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
          if (size === 'desk') {
            for (const selector of ['#say-text', '#take-text', '#products', '#outputs'])
              await inView(selector, 'at once');
          }
          await page.click('#alarms summary');
          t.ok(await page.isVisible('#alarms details span'), 'the other signs are there on request');
          await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
          for (const selector of ['#mute', '#blank', '#dump', ...(size === 'desk' ? ['video'] : [])])
            await inView(selector, 'at the end of the page');
          await page.close();
        }
      },
    );
  }
}

t.test('toggles mute and blank; enables resume only when it has an effect', { skip: noChromium }, async (t) => {
  const { room, open } = await serve(t);
  const page = await open('en-GB');
  t.equal(await page.getAttribute('#resume', 'aria-disabled'), 'true');
  await page.locator('#resume').dispatchEvent('click');
  for (const [id, undo] of [
    ['mute', 'Unmute'],
    ['blank', 'Show picture'],
  ] as const) {
    await page.click(`#${id}`);
    await page.waitForFunction(([one, text]) => document.querySelector(one!)!.textContent === text, [
      `#${id}`,
      undo,
    ] as const);
    t.equal(await page.getAttribute('#resume', 'aria-disabled'), 'false');
    await page.click(`#${id}`);
    await page.waitForSelector(`#${id}[aria-pressed=false]`);
  }
  for (const id of ['mute', 'blank', 'dump', 'resume', 'sound']) t.ok(await page.getAttribute(`#${id}`, 'title'), id);
  t.same(
    room.calls.filter((call) => call.startsWith('resume')),
    ['resume {"mute":true}', 'resume {"blank":true}'],
  );
});

t.test('has keys for mute, blank and resume, except while typing', { skip: noChromium }, async (t) => {
  const { room, open } = await serve(t);
  const page = await open('en-GB');
  await page.focus('#say-text');
  await page.keyboard.type('mbr');
  t.same([room.state.muted, room.state.blanked], [false, false]);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('m');
  await page.waitForSelector('#mute[aria-pressed=true]');
  await page.keyboard.press('b');
  await page.waitForSelector('#blank[aria-pressed=true]');
  await page.keyboard.press('Control+r').catch(() => undefined);
  await page.waitForSelector('#blank[aria-pressed=true]');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('r');
  await page.waitForSelector('#blank[aria-pressed=false]');
  t.same([room.state.muted, room.state.blanked], [false, false]);
});

t.test('fades the result of a button', { skip: noChromium, timeout: 300_000 }, async (t) => {
  const { open } = await serve(t);
  const page = await open('en-GB');
  await page.click('#dump');
  await page.waitForSelector('#told:not(:empty)');
  await page.waitForSelector('#told', { state: 'hidden', timeout: 20_000 });
});

t.test('shows a wrong token in red beside the box', { skip: noChromium }, async (t) => {
  const { open } = await serve(t);
  const page = await open('zh-CN', PHONE, '/');
  await page.waitForSelector('#token-form');
  await page.fill('#token', 'wrong');
  await page.click('#token-form button');
  await page.waitForFunction(() => document.querySelector('#token-fault')!.textContent === '口令不正确。');
  t.ok(await page.isVisible('#token-fault'));
  t.equal(await page.getAttribute('#token', 'aria-invalid'), 'true');
  await keep(page, 'token-zh-CN-390');
  t.ok(await page.isVisible('a[href="/camera"]'));
  await page.fill('#token', 'w');
  t.equal(await page.textContent('#token-fault'), '', 'a new try');
});

t.test(
  'keeps hits in view: ends and evidence do not push them out, and equal ones share a row',
  { skip: noChromium },
  async (t) => {
    const { room, open } = await serve(t);
    const at = '2026-01-01T00:00:00.000Z';
    const quiet: VerdictRecord[] = Array.from({ length: 60 }, (_, seq) => ({
      seq: 100 + seq,
      at,
      kind: 'frame',
      surface: 'frame',
      action: ['resume', 'warn-over', 'keep'][seq % 3]!,
      ...(seq % 3 === 1 ? { rule: '5.10', detail: { kind: 'black' } } : {}),
    }));
    const hit: VerdictRecord = {
      seq: 1,
      at,
      kind: 'text',
      rule: '3.2',
      surface: 'speech',
      action: 'mute',
      evidence: 'WhatsApp',
    };
    const fault: VerdictRecord = {
      seq: 2,
      at,
      kind: 'audio',
      rule: '5.10',
      surface: 'speech',
      action: 'warn',
      detail: { kind: 'silent', value: 1 },
    };
    room.verdicts = (limit) => [...quiet, hit, hit, hit, fault].slice(0, limit);
    const english = await open('en-GB');
    await english.waitForSelector('#verdicts tr:nth-child(2)');
    t.match(
      await english.textContent('#verdicts tr:nth-child(1)'),
      /Words muted: External sites, apps and contacts ×3.*speech · WhatsApp · rule 3\.2/,
    );
    t.match(await english.textContent('#verdicts tr:nth-child(2)'), /Warning: silence/);
    t.equal(await english.locator('#verdicts tr').count(), 2);
    const chinese = await open('zh-CN');
    await chinese.waitForSelector('#verdicts tr:nth-child(2)');
    t.match(await chinese.textContent('#verdicts tr:nth-child(1)'), /违规词静音：站外信息与联系方式 ×3/);
    t.match(await chinese.textContent('#verdicts tr:nth-child(2)'), /提醒：没有声音/);
  },
);

t.test('suggests opening the page elsewhere on a busy machine', { skip: noChromium }, async (t) => {
  const { room, changed, open } = await serve(t);
  const { frames, lateTicks } = room.snapshot();
  const page = await open('en-GB');
  await page.waitForSelector('#state[data-state=on-air]');
  t.notOk(await page.isVisible('#alarms'));
  let n = 0;
  const timer = setInterval(() => {
    n += 1;
    changed.now = {
      frames: { ...frames, rendered: frames.rendered + 60 * n },
      lateTicks: { ...lateTicks, total: 10 * n },
    };
  }, 500);
  t.teardown(() => clearInterval(timer));
  await page.waitForSelector('#alarms [data-severity=notice]');
  t.match(await page.textContent('#alarms'), /too busy.*on another computer/);
});

t.test('has words for every rule and fault', async (t) => {
  const path = join(packageRoot(), 'src', 'control', 'console', 'ledger-words.js');
  const { RULE_WORDS, FAULT_WORDS } = await import(pathToFileURL(path).href);
  t.same(RULE_WORDS, Object.fromEntries(RULES.map(({ id, title }) => [id, [title.en, title.zh]])));
  for (const kind of Object.keys(WATCH_RULES)) t.match(FAULT_WORDS[kind], [/\w/, /\p{Script=Han}/u], kind);
});
