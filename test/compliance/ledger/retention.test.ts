import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { RetentionClock } from '../../../src/core/files/retention-clock.js';
import { verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A ledger under a clock controlled by the test; the monotonic clock follows unless it is set. */
function room(t: Test): {
  file: string;
  clock: { wall: number; ran: number };
  pass(ms: number): void;
  open(maxBytes?: number): Promise<Ledger>;
  full(): string[];
} {
  const file = join(t.testdir(), 'ledger.jsonl');
  const clock = { wall: Date.parse('2026-01-01T00:00:00Z'), ran: 0 };
  return {
    file,
    clock,
    pass: (ms) => void ((clock.wall += ms), (clock.ran += ms)),
    open: (maxBytes = 300) =>
      Ledger.open(file, {
        log: silentLog,
        flushMs: 1,
        maxBytes,
        now: () => new Date(clock.wall),
        steady: () => clock.ran,
      }),
    full: () => readdirSync(join(file, '..')).filter((name) => /\.\d{6}\./.test(name)),
  };
}

async function say(ledger: Ledger, text: string): Promise<void> {
  ledger.append({ kind: 'room', action: 'on-air', detail: { text: text.padEnd(200, 'x') } });
  await ledger.flush();
}

t.test(
  'removes full files after their retention, keeps the rest of the chain, and explains its beginning in the head',
  async (t) => {
    const { file, pass, open, full } = room(t);
    const ledger = await open();
    for (let i = 0; i < 4; i += 1) {
      await say(ledger, `${i}`);
      pass(20 * DAY_MS);
    }
    t.equal(full().length, 4);
    await ledger.retire(70);
    t.same(full(), ['ledger.000002.jsonl', 'ledger.000003.jsonl', 'ledger.000004.jsonl']);
    ledger.append({ kind: 'room', action: 'off-air' });
    await ledger.close();
    t.match(await verifyLedger(file), { ok: true, records: 4, begins: { seq: 1, why: 'retention' } });
    const { first } = JSON.parse(readFileSync(join(file, '..', 'ledger.head.json'), 'utf8'));
    t.same(first, { seq: 1, why: 'retention', days: 70 });
  },
);

t.test('closes the current file by age, so that its lines can be removed in time', async (t) => {
  const { file, pass, open, full } = room(t);
  const old = await open(1e6);
  await say(old, 'an old line');
  await old.close();
  pass(3650 * DAY_MS);
  const ledger = await open(1e6);
  await ledger.retire(1);
  t.equal(full().length, 1, 'the clock may be wrong');
  await say(ledger, 'a new line');
  await ledger.close();
  pass(HOUR_MS);
  const next = await open(1e6);
  await next.retire(1);
  t.equal(full().length, 0);
  await next.close();
  t.notMatch(readFileSync(file, 'utf8'), 'an old line');
  t.match(await verifyLedger(file), { ok: true, records: 1, begins: { seq: 1, why: 'retention' } });
});

t.test('removes all lines and continues the numbers', async (t) => {
  const { file, pass, open, full } = room(t);
  const ledger = await open(1e6);
  await say(ledger, 'the only line');
  for (let i = 0; i < 60; i += 1) {
    pass(HOUR_MS);
    await ledger.retire(1);
  }
  t.equal(full().length, 0);
  t.match(await verifyLedger(file), { ok: true, records: 0, begins: { seq: 1, why: 'retention' } });
  await ledger.close();
  const next = await open(1e6);
  t.equal(next.append({ kind: 'room', action: 'on-air' }).seq, 1);
  await next.close();
  t.match(await verifyLedger(file), { ok: true, records: 1 });
});

t.test('one start under a clock that is years ahead removes nothing', async (t) => {
  const { clock, pass, open, full } = room(t);
  const ledger = await open();
  for (let i = 0; i < 4; i += 1) await say(ledger, `${i}`);
  await ledger.close();
  const right = clock.wall;
  clock.wall += 3650 * DAY_MS;
  const ahead = await open(1e6);
  for (let i = 0; i < 12; i += 1) {
    await ahead.retire(1096);
    pass(HOUR_MS);
  }
  t.equal(full().length, 4);
  clock.wall = right + 12 * HOUR_MS;
  for (let i = 0; i < 48; i += 1) {
    await ahead.retire(1096);
    pass(HOUR_MS);
  }
  t.equal(full().length, 4, 'a corrected clock finds nothing expired');
  await ahead.close();
});

t.test('trusts a clock after a day without a jump', (t) => {
  const at = { wall: 0, ran: 0 };
  const newestMs = -5 * DAY_MS;
  const clock = new RetentionClock({ now: () => at.wall, steady: () => at.ran, newestMs: () => newestMs });
  t.equal(clock.trustedMs(), newestMs);
  Object.assign(at, { wall: 23 * HOUR_MS, ran: 23 * HOUR_MS });
  t.equal(clock.trustedMs(), newestMs);
  Object.assign(at, { wall: 3650 * DAY_MS, ran: 25 * HOUR_MS });
  t.equal(clock.trustedMs(), newestMs, 'it jumped');
  Object.assign(at, { wall: 3651 * DAY_MS, ran: 49 * HOUR_MS });
  t.equal(clock.trustedMs(), 3651 * DAY_MS);
  const fresh = new RetentionClock({ now: () => 0, steady: () => 0, newestMs: () => undefined });
  t.equal(fresh.trustedMs(), -Infinity);
  t.end();
});
