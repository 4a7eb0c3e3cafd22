import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { Ledger } from '../../../src/compliance/ledger/ledger.js';
import { ledgerLines } from '../../../src/compliance/ledger/ledger-snapshot.js';
import { verifyLedger } from '../../../src/compliance/ledger/verify-ledger.js';

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
