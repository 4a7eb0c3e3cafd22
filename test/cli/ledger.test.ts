import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Ledger } from '../../src/compliance/ledger/ledger.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { runWithInput, values } from './run-with-input.js';
import { sampled } from '../kit/whole.js';

const HOUR_MS = 3_600_000;

/** Three records: a code three hours ago, a code and a phone number now. */
async function fill(file: string): Promise<void> {
  let ageMs = 3 * HOUR_MS;
  const ledger = await Ledger.open(file, { log: silentLog, flushMs: 1, now: () => new Date(Date.now() - ageMs) });
  ledger.append({ kind: 'frame', rule: '3.3', surface: 'frame', action: 'blank', frame: 7, evidence: 'old code' });
  await ledger.flush();
  ageMs = 0;
  ledger.append({
    kind: 'frame',
    rule: '3.3',
    surface: 'frame',
    action: 'blank',
    frame: 9,
    evidence: 'new\u001b[2J\ncode',
  });
  ledger.append({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', detail: { kind: 'phone' } });
  await ledger.close();
}

t.test('verifies an intact chain, and names the line of a change', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file);
  const whole = await runWithInput(['ledger', 'verify', file]);
  t.equal(whole.code, 0, whole.stderr);
  t.match(whole.stdout, /3 records in 1 file, the chain is whole/);
  writeFileSync(file, readFileSync(file, 'utf8').replace('new', 'odd'));
  const broken = await runWithInput(['ledger', 'verify', file]);
  t.equal(broken.code, 1);
  t.match(broken.lines[0], /^✗ ledger\.jsonl:3: the hash of the line before does not match/);
  const json = await runWithInput(['ledger', 'verify', file, '--json']);
  t.equal(json.code, 1);
  t.match(values(json), [{ ok: false, records: 2, broken: { file, line: 3 } }]);
});

t.test('detects by the head file changes that the chain alone cannot show', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"kind":"phone"', '"kind":"brand"'));
  const changed = await runWithInput(['ledger', 'verify', file]);
  t.equal(changed.code, 1);
  t.match(changed.stdout, /✗ ledger\.jsonl:3: #2 is not the line that the head names: it was changed/);
  t.match(changed.stdout, /✗ .*3 records in 1 file, the chain is whole, but its evidence was changed/);
  writeFileSync(file, '');
  const gone = await runWithInput(['ledger', 'verify', file]);
  t.equal(gone.code, 1);
  t.match(gone.stdout, /✗ .*: #2, the newest line that its head names, is gone: it has no lines/);
});

t.test('shows records by rule and by time', async (t) => {
  const file = join(t.testdir(), 'ledger.jsonl');
  await fill(file);
  const frames = async (...args: string[]): Promise<(number | undefined)[]> => {
    const answer = await runWithInput(['ledger', 'show', file, '--json', ...args]);
    t.equal(answer.code, 0, answer.stderr);
    return values<{ frame?: number }>(answer).map((r) => r.frame);
  };
  t.strictSame(await frames(), [7, 9, undefined]);
  t.strictSame(await frames('--rule', '3.3', '--since', '2h'), [9]);
  t.strictSame(await frames('--since', '1d', '--rule', '3.3'), [7, 9]);
  const words = await runWithInput(['ledger', 'show', file]);
  t.equal(words.lines.length, 3, 'one line a record');
  t.match(words.lines[1], /#1 .*3\.3 .*blank .*frame 9 "new \[2J code"/, 'a finding cannot control the terminal');
  t.match(words.lines[2], /3\.2 .*speech .*mute .*kind=phone/);
});

t.test('finds the ledger by its room, or as the only one here', async (t) => {
  const cwd = t.testdir();
  const none = await runWithInput(['ledger', 'verify'], { cwd });
  t.equal(none.code, 1);
  t.match(none.stderr, /expected one ledger, found none.*--room.*E_NOT_FOUND/s);
  await fill(join(cwd, 'var', 'minimal', 'ledger.jsonl'));
  const only = await runWithInput(['ledger', 'verify'], { cwd });
  t.equal(only.code, 0, only.stderr);
  const room = templatePath('rooms', 'minimal', 'room.json');
  const named = await runWithInput(['ledger', 'show', '--room', room, '--rule', '3.2', '--json'], { cwd });
  t.equal(named.lines.length, 1, named.stderr);
  mkdirSync(join(cwd, 'var', 'other'));
  writeFileSync(join(cwd, 'var', 'other', 'ledger.jsonl'), '');
  t.match((await runWithInput(['ledger', 'show'], { cwd })).stderr, /minimal.*other/, 'both are named');
});

t.test('answers a senseless request with valid choices', async (t) => {
  const dir = t.testdir();
  const cases: [string[], RegExp][] = [
    [['show', '--since', 'yesterday'], /expected a time such as 30s, 5m, 2h or 7d, found "yesterday"/],
    [['show', '--rule', '9.9'], /--rule: expected one of 1\.1.*found "9\.9"/],
    [['verify', join(dir, 'none.jsonl')], /expected a ledger, found no file/],
    [['verify', dir], /expected a ledger file, found a folder; give the path of its file.*E_LEDGER/s],
    [['show', dir], /expected a ledger file, found a folder/],
    [['verify', join(dir, 'none.jsonl', 'ledger.jsonl')], /expected a ledger, found no file/],
    [['verify', 'a.jsonl', '--room', 'room.json'], /expected a ledger or a room, found both/],
  ];
  for (const [args, said] of sampled(cases, 3)) {
    const { code, stderr } = await runWithInput(['ledger', ...args], { cwd: dir });
    t.equal(code, 1);
    t.match(stderr, said);
  }
});

t.test('refuses a named file that holds nothing', async (t) => {
  const file = join(t.testdir({ 'other.jsonl': '' }), 'other.jsonl');
  for (const command of ['verify', 'show']) {
    const { code, stderr } = await runWithInput(['ledger', command, file]);
    t.equal(code, 1, command);
    t.match(stderr, /other\.jsonl: expected the records of a ledger, found an empty file \[E_LEDGER\]/);
  }
});
