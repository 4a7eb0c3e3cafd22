import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { type LedgerCheck, verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';

async function fill(file: string, from: number, to: number, maxBytes?: number): Promise<void> {
  const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1, ...(maxBytes && { maxBytes }) });
  for (let i = from; i < to; i += 1) {
    ledger.append({ kind: 'text', rule: '3.2', action: 'mute', evidence: `word ${i}` });
    if (maxBytes !== undefined) await ledger.flush();
  }
  await ledger.close();
}

const reasons = (check: LedgerCheck): string => check.faults.map(({ reason }) => reason).join('; ');
const headOf = (file: string): string => join(file, '..', 'ledger.head.json');

t.test('reports a changed last line before the engine continues from it, and ever after', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 3);
  writeFileSync(file, readFileSync(file, 'utf8').replace('word 2', 'gentle'));
  const before = await verifyLedger(file);
  t.equal(before.ok, false);
  t.match(before.faults, [{ line: 3, reason: /#2 is not the line that the head names/ }]);
  await fill(file, 3, 5);
  const after = await verifyLedger(file);
  t.equal(after.ok, false);
  t.match(after.faults, [{ line: 4, reason: /had been changed: #2 is not the line/ }]);
  t.equal(after.broken, undefined);
});

t.test('reports lines removed from the end, and does not reuse their numbers', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 6);
  writeFileSync(file, `${readFileSync(file, 'utf8').split('\n').slice(0, 4).join('\n')}\n`);
  t.match(reasons(await verifyLedger(file)), /#5, the newest line that its head names, is gone: it ends at #3/);
  await fill(file, 6, 7);
  const check = await verifyLedger(file);
  t.match(check, { ok: false, faults: [{ line: 5, reason: /it ends at #3, its head at #5/ }] });
  t.equal(check.broken, undefined);
  t.match(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1), /^\{"seq":7,/);
});

t.test('reports a ledger removed between two runs', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 3);
  unlinkSync(file);
  await fill(file, 3, 4);
  t.match(await verifyLedger(file), { ok: false, faults: [{ reason: /all lines up to #2 are gone/ }] });
});

t.test('reports removed oldest files', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 30, 1500);
  t.match(await verifyLedger(file), { ok: true, begins: undefined });
  unlinkSync(join(file, '..', 'ledger.000001.jsonl'));
  const check = await verifyLedger(file);
  t.equal(check.ok, false);
  t.match(reasons(check), /the oldest lines are gone: it begins at #\d+, its head says at #0/);
});

t.test('a ledger from before heads stays valid, reports where it begins, and gets a head', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 30, 1500);
  const dir = join(file, '..');
  const unmark = (name: string): void =>
    writeFileSync(join(dir, name), readFileSync(join(dir, name), 'utf8').replaceAll('"headed":true,', ''));
  unlinkSync(headOf(file));
  const [first, ...rest] = readdirSync(dir).sort();
  unlinkSync(join(dir, first!));
  // Only the lines of one file are consistent without the mark.
  for (const name of rest.slice(0, -1)) unlinkSync(join(dir, name));
  unmark(rest.at(-1)!);
  writeFileSync(file, `${readFileSync(file, 'utf8').split('\n')[0]}\n`);
  t.match(await verifyLedger(file), { ok: true, begins: { why: 'unknown' }, faults: [] });
  await fill(file, 30, 32);
  t.ok(existsSync(headOf(file)));
  t.match(await verifyLedger(file), { ok: true, begins: { why: 'unknown' }, faults: [] });
});

t.test('reports a missing or damaged head', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 3);
  writeFileSync(headOf(file), '{"version":1');
  t.match(reasons(await verifyLedger(file)), /head beside the ledger is damaged/);
  unlinkSync(headOf(file));
  t.match(reasons(await verifyLedger(file)), /head beside the ledger is gone/);
  await fill(file, 3, 4);
  t.match(await verifyLedger(file), { ok: false, faults: [{ line: 4, reason: /its head is gone/ }] });
});

t.test('a head that is behind after a crash is not a fault', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  const heads: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1, maxBytes: 900 });
    heads.push(readFileSync(headOf(file), 'utf8'));
    for (let j = 0; j < 2; j += 1) {
      ledger.append({ kind: 'text', action: 'mute', evidence: `${i} ${j}` });
      await ledger.flush();
    }
    await ledger.close();
  }
  for (const head of heads) {
    writeFileSync(headOf(file), head);
    t.match(await verifyLedger(file), { ok: true });
  }
  writeFileSync(headOf(file), heads[0]!);
  await fill(file, 6, 7);
  t.match(await verifyLedger(file), { ok: true, records: 7 }, 'an engine that continues from it accepts it as well');
  t.equal(JSON.parse(readFileSync(headOf(file), 'utf8')).last.seq, 6);
});
