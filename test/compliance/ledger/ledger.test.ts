import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { placeInWords, readLedger, verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';

const options = { log: silentLog, flushMs: 1 };
const entry = (i: number): LedgerEntry => ({
  kind: 'frame',
  rule: i % 2 === 0 ? '3.3' : '3.2',
  surface: 'frame',
  action: 'blank',
  frame: i,
  evidence: `加微信 ${i}`,
});

async function fill(file: string, from: number, to: number, extra: object = {}): Promise<void> {
  const ledger = await Ledger.open(file, { ...options, ...extra });
  for (let i = from; i < to; i += 1) ledger.append(entry(i));
  await ledger.close();
}

async function all(file: string, filter = {}): Promise<number[]> {
  const frames: number[] = [];
  for await (const r of readLedger(file, filter)) if (r.frame !== undefined) frames.push(r.frame);
  return frames;
}

t.test('the chain continues after a restart', async (t) => {
  const file = join(t.testdir(), 'var', 'ledger.jsonl');
  await fill(file, 0, 10);
  const ledger = await Ledger.open(file, options);
  t.strictSame(
    ledger.recent(3).map((r) => r.frame),
    [9, 8, 7],
    'records from before the restart are available',
  );
  t.equal(ledger.append(entry(10)).seq, 10);
  await ledger.close();
  await ledger.close();
  t.match(await verifyLedger(file), { ok: true, records: 11, files: 1, torn: [] });
  t.strictSame(await all(file, { rule: '3.2' }), [1, 3, 5, 7, 9]);
  t.strictSame(await all(file, { sinceMs: Date.now() + 60_000 }), []);
  t.throws(() => ledger.append(entry(11)), { code: 'E_CLOSED' });
});

t.test('reports a changed, removed, added or swapped line', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 10);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const check = async (changed: string[]): Promise<string> => {
    writeFileSync(file, changed.map((line) => `${line}\n`).join(''));
    const { ok, broken } = await verifyLedger(file);
    return ok ? 'whole' : placeInWords(broken!);
  };
  t.equal(await check(lines), 'whole');
  t.equal(
    await check(lines.with(4, lines[4]!.replace('blank', 'warn'))),
    'ledger.jsonl:6',
    'the line after does not follow',
  );
  t.equal(await check(lines.toSpliced(3, 1)), 'ledger.jsonl:4');
  t.equal(await check(lines.toSpliced(3, 0, lines[3]!)), 'ledger.jsonl:5');
  t.equal(await check(lines.toSpliced(3, 0, 'nonsense')), 'ledger.jsonl:4');
  t.equal(await check(lines.slice(1)), 'ledger.jsonl:1');
});

t.test('keeps a line truncated by a crash, even inside a character, and names it in the next line', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 5);
  appendFileSync(file, Buffer.from('{"seq":5,"evidence":"加微信').subarray(0, -1));
  t.match(await verifyLedger(file), { ok: false, broken: { line: 6 } });
  await fill(file, 5, 8);
  t.match(await verifyLedger(file), { ok: true, torn: [{ file, line: 6 }], records: 5 + 1 + 3 });
  t.strictSame(await all(file), [0, 1, 2, 3, 4, 5, 6, 7]);
  const text = readFileSync(file);
  const at = text.indexOf('{"seq":5,"evidence"') + 20;
  writeFileSync(file, Buffer.concat([text.subarray(0, at), text.subarray(at + 3)]));
  t.match(await verifyLedger(file), { ok: false, broken: { line: 6 } }, 'a torn line is part of the chain too');
});

t.test('a last line that only lost its newline is whole', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file, 0, 3);
  truncateSync(file, readFileSync(file).length - 1);
  await fill(file, 3, 5);
  t.match(await verifyLedger(file), { ok: true, records: 5, torn: [] });
  t.strictSame(await all(file), [0, 1, 2, 3, 4]);
});

t.test('closes a full file, chains through all files, and lets old ones be removed', async (t) => {
  const dir = t.testdir();
  const file = join(dir, 'ledger.jsonl');
  for (let i = 0; i < 12; i += 1) await fill(file, i * 3, i * 3 + 3, { maxBytes: 2000 });
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl') && readFileSync(join(dir, name)).length > 0)
    .sort();
  t.ok(names.length >= 3, names.join(' '));
  t.equal(names[0], 'ledger.000001.jsonl');
  t.match(await verifyLedger(file), { ok: true, records: 36, files: names.length });
  t.strictSame(
    await all(file),
    Array.from({ length: 36 }, (_, i) => i),
  );
  const second = join(dir, 'ledger.000002.jsonl');
  writeFileSync(second, readFileSync(second, 'utf8').replace('blank', 'allow'));
  const { broken } = await verifyLedger(file);
  t.equal(placeInWords(broken!), 'ledger.000002.jsonl:2');
});

t.test('keeps stream keys out of the file and cuts evidence', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  const ledger = await Ledger.open(file, options);
  const key = 'rtmp://live.example.com/app/SECRETKEY?t=1';
  const record = ledger.append({
    kind: 'room',
    action: 'start',
    evidence: `${'长'.repeat(300)}`,
    detail: { target: `pushes to ${key} now`, n: 1 },
  });
  await ledger.close();
  t.notMatch(readFileSync(file, 'utf8'), /SECRETKEY/);
  t.equal(record.evidence!.length, 200);
  t.equal(record.detail!['target'], 'pushes to rtmp://live.example.com/app/*** now');
});

t.test('writes many lines in few batches, and appending does not wait', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  const ledger = await Ledger.open(file, { log: silentLog });
  const started = performance.now();
  for (let i = 0; i < 2000; i += 1) ledger.append(entry(i));
  t.ok(performance.now() - started < 200, 'appending 2,000 lines blocks the loop for less than 0.1 ms each');
  t.equal(readFileSync(file, 'utf8'), '', 'nothing is written inside append');
  await ledger.flush();
  t.equal(readFileSync(file, 'utf8').split('\n').length, 2001);
  t.equal(ledger.recent(1)[0]!.frame, 1999);
  t.strictSame(ledger.recent(0), []);
  await ledger.close();
});

t.test('an unwritable ledger reports its path and the remedy', async (t) => {
  const dir = t.testdir({ file: 'not a folder' });
  await t.rejects(Ledger.open(join(dir, 'file', 'ledger.jsonl'), options), {
    code: 'E_LEDGER',
    message: /ledger\.jsonl.*compliance\.ledger/,
  });
  appendFileSync(join(dir, 'file'), '');
  await t.rejects(verifyLedger(join(dir, 'none.jsonl')), { code: 'E_NOT_FOUND' });
});
