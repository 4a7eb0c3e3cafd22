/// <reference lib="dom" />
import t from 'tap';
import { WATCH_RULES } from '../../src/compliance/watch/watch-event.js';
import type { RoomSnapshot, VerdictRecord } from '../../src/config/api/room-handle.js';
import { RULES } from '../../src/moderation/packs/rule-table.js';
import { RULES as RULE_WORDS } from '../../src/studio/pages/desk/rule-words.js';
import { noChromium } from '../kit/chromium.js';
import { keep, PHONE, serveDesk } from '../kit/desk-page.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';

const alarm = {
  kind: 'output-down',
  subject: 'taobao',
  severity: 'critical',
  since: '2026-01-01T10:20:00.000Z',
  text: { en: 'Output taobao is down: refused', zh: '输出 taobao 已断开：拒绝' },
} as const;

for (const [locale, title, sentence] of [
  ['en-GB', 'OUTPUT DOWN', 'taobao has no connection. 0 of 1 output is live.'],
  ['zh-CN', '输出断开', 'taobao 已断开，1 路输出中 0 路正常。'],
] as const) {
  t.test(`${locale}: an alarm fills the state block until somebody has seen it`, { skip: noChromium }, async (t) => {
    const room = fakeRoom();
    const usual = room.snapshot;
    let changed: Partial<RoomSnapshot> = {};
    room.snapshot = () => ({ ...usual(), ...changed });
    const { open } = await serveDesk(t, room);
    for (const viewport of [{ width: 1280, height: 720 }, PHONE]) {
      changed = {};
      room.state.alarms = [];
      const page = await open({ locale, viewport });
      const places = (): Promise<unknown> =>
        page.evaluate(() =>
          ['.state', '.pic', '.cmd'].map((one) => {
            const nodes = [...document.querySelectorAll(`.desk ${one}`)].filter(
              (node) => node.getClientRects().length > 0,
            );
            const { x, y, width, height } = nodes[0]!.getBoundingClientRect();
            return [one, x, y, width, height].join(' ');
          }),
        );
      const calm = await places();
      room.state.alarms = [alarm];
      changed = { outputs: [{ ...usual().outputs[0]!, state: 'backoff', lastError: 'ECONNREFUSED' }] };
      await page.locator('.state b', { hasText: title }).waitFor();
      t.equal(await page.locator('.state p').textContent(), sentence);
      t.match(await page.title(), new RegExp(`^△ ${title}`));
      t.same(await places(), calm, 'no frame has moved');
      await keep(page, `alarm-${locale}-${viewport.width}`);
      if (viewport === PHONE) await page.locator('.state .ack').click();
      else await page.keyboard.press('a');
      await until('it is acknowledged', () => room.state.alarms[0]?.acknowledgedBy !== undefined);
      await page.locator('.state .ack').waitFor({ state: 'detached' });
      t.same(await places(), calm);
      await page.context().close();
    }
  });
}

t.test('keeps picture and commands in view at every width of the design', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const usual = room.snapshot;
  let size = { width: 720, height: 1280 };
  room.snapshot = () => ({ ...usual(), ...size });
  const { open } = await serveDesk(t, room);
  for (const landscape of [false, true]) {
    size = landscape ? { width: 1280, height: 720 } : { width: 720, height: 1280 };
    for (const [width, height, least] of [
      [1366, 657, 280],
      [1280, 720, 300],
      [1100, 700, 200],
      [900, 700, 200],
      [390, 844, 180],
    ] as const) {
      const page = await open({ viewport: { width, height } });
      if (landscape) await page.locator('.desk.wide').waitFor();
      const seen = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        high: document.documentElement.scrollHeight,
        picture: document.querySelector('.desk video')!.getBoundingClientRect().toJSON() as DOMRect,
        keys: [...document.querySelectorAll<HTMLElement>('.desk .cmd')]
          .filter((one) => one.getClientRects().length > 0)
          .map((one) => one.getBoundingClientRect().bottom),
      }));
      const name = `${width}x${height}${landscape ? ' landscape' : ''}`;
      t.equal(seen.wide, width, `${name}: nothing overflows`);
      t.ok(seen.high <= height, `${name}: the page does not scroll`);
      t.equal(seen.keys.length, 4, `${name}: four commands`);
      t.ok(Math.max(...seen.keys) <= height, `${name}: in view`);
      t.ok(seen.picture.width >= least, `${name}: a picture of ${Math.round(seen.picture.width)} px`);
      t.ok(seen.picture.bottom <= height && seen.picture.top >= 0, `${name}: whole`);
      await keep(page, `width-${width}${landscape ? '-landscape' : ''}`);
      await page.context().close();
    }
  }
});

t.test('lists what was held back, equal ones as one, without ends and good news', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const at = new Date().toISOString();
  const quiet: VerdictRecord[] = Array.from({ length: 60 }, (_, n) => ({
    ...{ seq: 100 + n, at, kind: 'frame', surface: 'frame', rule: '5.10' },
    action: ['resume', 'warn-over', 'keep'][n % 3]!,
  }));
  const hit = { at, kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', evidence: 'WhatsApp' } as const;
  room.verdicts = (limit) =>
    [...quiet.toReversed(), ...[3, 2, 1].map((seq): VerdictRecord => ({ ...hit, seq }))].slice(0, limit);
  const { open } = await serveDesk(t, room);
  for (const [locale, words] of [
    ['en-GB', /“WhatsApp”.*3\.2 ×3 Outside contact · words silent/s],
    ['zh-CN', /“WhatsApp”.*3\.2 ×3 站外信息与联系方式 · 违规词静音/s],
  ] as const) {
    const page = await open({ locale });
    const rows = page.locator('.vio li');
    await rows.first().waitFor();
    t.equal(await rows.count(), 1);
    t.match(await rows.first().textContent(), words);
    await page.keyboard.press('v');
    await page.locator('.vio .evid').waitFor();
    await page.context().close();
  }
});

t.test('has words for every rule, in both languages', async (t) => {
  const ids = new Set([...RULES.map(({ id }) => id), ...Object.values(WATCH_RULES)]);
  for (const id of ids) {
    t.match(RULE_WORDS[id]?.en, /\w/, id);
    t.match(RULE_WORDS[id]?.zh, /\p{Script=Han}/u, id);
  }
});
