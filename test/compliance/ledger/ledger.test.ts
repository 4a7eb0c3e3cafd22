import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ledgerLines } from '../../../src/compliance/ledger/ledger-snapshot.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import {
  type LedgerCheck,
  placeInWords,
  readLedger,
  verifyLedger,
} from '../../../src/compliance/ledger/verify-ledger.js';
import { type Log, silentLog } from '../../../src/core/log.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { fullDisk } from './full-disk.js';

t.test('ledger', async (t) => {
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
});

t.test('ledger head', async (t) => {
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
});

t.test('ledger snapshot', async (t) => {
  async function filled(t: Test): Promise<{ file: string; ledger: Ledger; say(): Promise<void> }> {
    const file = join(t.testdir(), 'ledger.jsonl');
    const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1, maxBytes: 900 });
    const say = async (): Promise<void> => {
      ledger.append({ kind: 'text', action: 'mute', evidence: 'x'.repeat(150) });
      await ledger.flush();
    };
    for (let i = 0; i < 7; i += 1) await say();
    return { file, ledger, say };
  }

  /** The lines of a ledger, with a task run after the first of them was read. */
  async function linesWhile(file: string, task: () => unknown): Promise<string[]> {
    const lines: string[] = [];
    for await (const { bytes } of ledgerLines(file)) {
      lines.push(bytes.toString());
      if (lines.length === 1) await task();
    }
    return lines;
  }

  t.test('a file started during the reading does not change the result', async (t) => {
    const { file, ledger, say } = await filled(t);
    const full = (): number => readdirSync(join(file, '..')).filter((name) => /\.\d{6}\./.test(name)).length;
    const before = full();
    const lines = await linesWhile(file, async () => {
      for (let i = 0; i < 9; i += 1) await say();
    });
    t.ok(full() > before + 1, 'a new file was started');
    t.equal(lines.length, 7);
    t.ok(lines.every((line) => line.endsWith('}')));
    await ledger.close();
    t.match(await verifyLedger(file), { ok: true, records: 16 });
  });

  t.test('leaves a half-written line to the next reading; a line that stays so was truncated', async (t) => {
    const { file, ledger, say } = await filled(t);
    await ledger.close();
    const whole = readFileSync(file);
    appendFileSync(file, '{"seq":7,');
    t.equal((await linesWhile(file, () => appendFileSync(file, '"at":'))).length, 7);
    t.equal((await linesWhile(file, () => undefined)).at(-1), '{"seq":7,"at":');
    writeFileSync(file, whole);
    await t.rejects(say(), { code: 'E_CLOSED' });
  });

  t.test('a ledger can be verified while it is written', async (t) => {
    const { file, ledger } = await filled(t);
    let going = true;
    const writing = (async () => {
      while (going) {
        for (let i = 0; i < 200; i += 1) ledger.append({ kind: 'text', action: 'mute', evidence: 'q'.repeat(190) });
        await ledger.flush();
      }
    })();
    for (let i = 0; i < 6; i += 1) t.match(await verifyLedger(file), { ok: true });
    going = false;
    await writing;
    await ledger.close();
  });
});

t.test('ledger disk', async (t) => {
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
    t.match(
      readFileSync(file, 'utf8').split('\n')[11],
      /"lost":4,.*"ledger-lost".*"lines":4,"kinds":"frame 2, text 2"/,
    );
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
});
