import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Log, silentLog } from '../../../src/core/log.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { readLedger, verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';
import { fullDisk } from './full-disk.js';

const entry = (frame: number): LedgerEntry => ({ kind: 'frame', rule: '3.3', action: 'blank', frame });
const word: LedgerEntry = { kind: 'text', rule: '3.2', action: 'mute' };

async function frames(file: string): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for await (const record of readLedger(file)) if (record.kind === 'frame') found.push(record.frame);
  return found;
}

async function opened(t: Test, extra: object = {}): Promise<{ file: string; ledger: Ledger }> {
  const file = join(t.testdir(), 'ledger.jsonl');
  return { file, ledger: await Ledger.open(file, { log: silentLog, flushMs: 1, ...extra }) };
}

t.test('on a full disk lines wait, the rest is counted, and a later line reports the loss', async (t) => {
  const disk = await fullDisk(t);
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_fields, message) => void errors.push(message) };
  const { file, ledger } = await opened(t, { log, maxWaiting: 10 });
  ledger.append(entry(0));
  await ledger.flush();
  disk.full = true;
  for (let i = 1; i <= 14; i += 1) ledger.append(i > 12 ? word : entry(i));
  for (let i = 0; i < 3; i += 1) await ledger.flush();
  t.same(ledger.health(), { failing: true, waiting: 10, lost: 4 });
  t.equal(errors.length, 1, 'reported once a minute');
  t.equal(ledger.recent(1)[0]!.seq, 14, 'lost records are available in memory');
  disk.full = false;
  await ledger.flush();
  t.same(ledger.health(), { failing: false, waiting: 0, lost: 4 });
  ledger.append(entry(15));
  await ledger.close();
  t.same(await frames(file), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15]);
  const check = await verifyLedger(file);
  t.match(check, { ok: true, records: 13, notes: [{ line: 12, reason: /^4 lines before it/ }] });
  t.match(readFileSync(file, 'utf8').split('\n')[11], /"lost":4,.*"ledger-lost".*"lines":4,"kinds":"frame 2, text 2"/);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"lost":4,', '"lost":3,'));
  t.match(await verifyLedger(file), { ok: false, broken: { line: 12 } });
});

t.test('an unwritable ledger still closes, and reports how many lines were lost', async (t) => {
  const disk = await fullDisk(t);
  const { file, ledger } = await opened(t, { maxWaiting: 3 });
  disk.full = true;
  for (let i = 0; i < 5; i += 1) ledger.append(entry(i));
  await t.rejects(ledger.close(), { code: 'E_LEDGER', message: /5 lines that could not be written/ });
  disk.full = false;
  t.equal(readFileSync(file, 'utf8'), '', 'no partial line is left');
});

t.test('restores a file removed while it is written, with all its lines', async (t) => {
  for (const take of [unlinkSync, (file: string) => renameSync(file, `${file}.moved`)]) {
    const { file, ledger } = await opened(t, { maxBytes: 2000 });
    ledger.append(entry(0));
    await ledger.flush();
    take(file);
    for (let i = 1; i < 30; i += 1) {
      ledger.append(entry(i));
      await ledger.flush();
    }
    await ledger.close();
    t.same((await frames(file)).length, 30, 'and full files are still closed');
    t.match(await verifyLedger(file), { ok: true, records: 31, notes: [{ reason: /removed or replaced/ }] });
    t.ok(readdirSync(join(file, '..')).includes('ledger.000002.jsonl'));
  }
});

t.test('keeps a foreign file found in place of the open one', async (t) => {
  const { file, ledger } = await opened(t);
  ledger.append(entry(0));
  await ledger.flush();
  unlinkSync(file);
  writeFileSync(file, 'another\n');
  ledger.append(entry(1));
  await ledger.close();
  t.same(await frames(file), [0, 1]);
  const aside = readdirSync(join(file, '..')).find((name) => name.includes('.found-'));
  t.equal(readFileSync(join(file, '..', aside!), 'utf8'), 'another\n');
});

t.test('continues after a file was emptied while it is written, and reports the gap', async (t) => {
  const { file, ledger } = await opened(t);
  for (let i = 0; i < 3; i += 1) ledger.append(entry(i));
  await ledger.flush();
  truncateSync(file, 0);
  ledger.append(entry(3));
  await ledger.close();
  t.match(await verifyLedger(file), { ok: false, faults: [{ line: 1, reason: /all lines up to #2 are gone/ }] });
  t.same(await frames(file), [3]);
  t.notMatch(readFileSync(file, 'utf8'), '\0');
});

t.test('repeated crashes during recovery leave a whole chain', async (t) => {
  const half = '{"seq":3,"at":"2026-01-01T00:00:00Z","pre';
  for (const left of [`${half}\n`, `${half}\n{"seq":3,"at":"20`, `${half}\n\n`, `\0\0\0\0\n${half}\n{"x`]) {
    const { file, ledger } = await opened(t);
    for (let i = 0; i < 3; i += 1) ledger.append(entry(i));
    await ledger.close();
    appendFileSync(file, left);
    const next = await Ledger.open(file, { log: silentLog });
    next.append(entry(3));
    await next.close();
    const check = await verifyLedger(file);
    t.match(check, { ok: true, records: 5 }, JSON.stringify(left));
    t.ok(check.torn.length > 0);
    t.same(await frames(file), [0, 1, 2, 3]);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"at":"2026-01-01', '"at":"2027-01-01').replace('\0', ' '));
    t.equal((await verifyLedger(file)).ok, false, 'truncated lines are part of the chain too');
  }
});

t.test('truncates a batch whose middle a power cut lost', async (t) => {
  const { file, ledger } = await opened(t);
  for (let i = 0; i < 3; i += 1) ledger.append(entry(i));
  await ledger.flush();
  const head = readFileSync(join(file, '..', 'ledger.head.json'));
  for (let i = 3; i < 6; i += 1) ledger.append(entry(i));
  await ledger.close();
  writeFileSync(join(file, '..', 'ledger.head.json'), head);
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.with(4, '\0'.repeat(lines[4]!.length)).join('\n'));
  const next = await Ledger.open(file, { log: silentLog });
  next.append(entry(9));
  await next.close();
  t.match(await verifyLedger(file), { ok: true, torn: [{ line: 5 }, { line: 6 }], records: 6 });
});

t.test('recovery waits for a full disk', async (t) => {
  const disk = await fullDisk(t);
  const { file, ledger } = await opened(t);
  ledger.append(entry(0));
  await ledger.close();
  appendFileSync(file, '{"seq":1,');
  disk.full = true;
  const next = await Ledger.open(file, { log: silentLog });
  next.append(entry(1));
  await next.flush();
  t.match(next.health(), { failing: true, waiting: 2 });
  disk.full = false;
  await next.close();
  t.match(await verifyLedger(file), { ok: true, torn: [{ line: 2 }], records: 3 });
});
