import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { EvidenceStore } from '../../../src/compliance/ledger/evidence-store.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';
import { RetentionClock } from '../../../src/core/files/retention-clock.js';
import { silentLog } from '../../../src/core/log.js';
import type { EvidenceFile } from '../../../src/core/verdict.js';
import { fullDisk } from './full-disk.js';

t.test('evidence', async (t) => {
  const piece = (i: number, bytes = 1000): Uint8Array => new Uint8Array(bytes).fill(i);

  async function kept(
    file: string,
    pieces: readonly Uint8Array[],
    maxBytes = 1e6,
  ): Promise<(EvidenceFile | undefined)[]> {
    const store = await EvidenceStore.open(file, { log: silentLog, maxBytes });
    const files = pieces.map((p) => store.keep(p, 'webp'));
    await store.close();
    return files;
  }

  t.test('stores evidence beside the ledger under its own hash and verifies it', async (t) => {
    const file = join(t.testdir(), 'var', 'ledger.jsonl');
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1 });
    const [one] = await kept(file, [piece(1)]);
    t.match(one!.name, /^ledger-evidence\/[0-9a-f]{64}\.webp$/);
    t.same(readFileSync(join(file, '..', one!.name)), Buffer.from(piece(1)));
    for (let i = 0; i < 3; i += 1) ledger.append({ kind: 'evidence', action: 'keep', rule: '3.3', file: one! });
    await ledger.close();
    t.match(await verifyLedger(file), { ok: true, records: 3, evidence: { whole: 1, gone: 0, changed: [] } });

    writeFileSync(join(file, '..', one!.name), piece(2));
    t.match(await verifyLedger(file), { ok: false, evidence: { whole: 0, changed: [{ file, line: 1 }] } });
  });

  t.test('never follows a name that leads out of the folder', async (t) => {
    const dir = t.testdir({ secret: 'x' });
    const file = join(dir, 'ledger.jsonl');
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1 });
    ledger.append({ kind: 'evidence', action: 'keep', file: { name: '../secret', sha256: '0'.repeat(64), bytes: 1 } });
    await ledger.close();
    t.match(await verifyLedger(file), { ok: false, evidence: { changed: [{ line: 1 }] } });
  });

  t.test('removes the oldest evidence within its budget, and reports that without an error', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1 });
    const files = await kept(file, [piece(1), piece(2), piece(3), piece(4)], 2500);
    for (const one of files) ledger.append({ kind: 'evidence', action: 'keep', file: one! });
    await ledger.close();
    t.equal(readdirSync(join(file, '..', 'ledger-evidence')).length, 2);
    t.notOk(existsSync(join(file, '..', files[1]!.name)));
    t.ok(existsSync(join(file, '..', files[3]!.name)));
    t.match(await verifyLedger(file), { ok: true, evidence: { whole: 2, gone: 2 } });
  });

  t.test('a restart takes over existing evidence by age and removes drafts', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    const files = await kept(file, [piece(1), piece(2)]);
    const old = join(file, '..', files[1]!.name);
    utimesSync(old, 1000, 1000);
    writeFileSync(join(file, '..', 'ledger-evidence', '.half.webp.part'), 'x');
    await kept(file, [piece(3)], 2500);
    t.notOk(existsSync(old), 'the older piece was removed');
    t.same(readdirSync(join(file, '..', 'ledger-evidence')).length, 2);
  });

  t.test('stores equal content once, and nothing larger than the budget', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    const [a, b, none] = await kept(file, [piece(7), piece(7), piece(8, 5000)], 3000);
    t.same(a, b);
    t.equal(none, undefined);
    t.equal(readdirSync(join(file, '..', 'ledger-evidence')).length, 1);
    t.same(
      await kept(join(t.testdir(), 'none.jsonl'), [piece(1)], 0),
      [undefined],
      'a budget of nothing keeps nothing',
    );
  });

  t.test('counts and drops pieces that do not fit the queue', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    const store = await EvidenceStore.open(file, { log: silentLog, maxBytes: 1e6 });
    for (let i = 0; i < 40; i += 1) store.keep(piece(i), 'wav');
    t.equal(store.dropped, 8);
    await store.close();
    t.equal(readdirSync(join(file, '..', 'ledger-evidence')).length, 32);
  });

  t.test('a full disk leaves no draft, and distinguishes refused from removed evidence', async (t) => {
    const disk = await fullDisk(t);
    const file = join(t.testdir(), 'ledger.jsonl');
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1 });
    const store = await EvidenceStore.open(file, {
      log: silentLog,
      maxBytes: 1e6,
      onUnwritten: (named) => void ledger.append({ kind: 'evidence', action: 'not-kept', file: named }),
    });
    disk.full = true;
    const lost = store.keep(piece(1), 'wav')!;
    ledger.append({ kind: 'text', rule: '3.2', action: 'mute', file: lost });
    t.equal(await store.isWritten(lost), false);
    t.equal(store.unwritten, 1);
    t.same(readdirSync(join(file, '..', 'ledger-evidence')), []);
    disk.full = false;
    const there = store.keep(piece(2), 'wav')!;
    t.equal(await store.isWritten(there), true);
    ledger.append({ kind: 'text', rule: '3.2', action: 'mute', file: there });
    await store.close();
    await ledger.close();
    t.match(await verifyLedger(file), { ok: true, evidence: { whole: 1, gone: 0, unwritten: 1, changed: [] } });
  });

  t.test('removes evidence after its retention, unless it was used again', async (t) => {
    const file = join(t.testdir(), 'ledger.jsonl');
    const DAY_S = 86_400;
    const files = await kept(file, [piece(1), piece(2), piece(3)]);
    const [old, again, young] = files.map((one) => join(file, '..', one!.name));
    const nowS = Math.floor(Date.now() / 1000);
    for (const [path, days] of [
      [old, 200],
      [again, 200],
      [young, 100],
    ] as const) {
      utimesSync(path!, nowS - days * DAY_S, nowS - days * DAY_S);
    }
    const store = await EvidenceStore.open(file, { log: silentLog, maxBytes: 1e6 });
    store.keep(piece(2), 'webp');
    await store.retire(180, -Infinity);
    t.ok(existsSync(old!), 'an untrusted clock removes nothing');
    await store.retire(180, nowS * 1000);
    t.same(
      [old, again, young].map((path) => existsSync(path!)),
      [false, true, true],
    );
    await store.close();
    t.ok(statSync(again!).mtimeMs > (nowS - DAY_S) * 1000, 'and its age is renewed for the next run too');
  });
});

t.test('retention', async (t) => {
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
});
