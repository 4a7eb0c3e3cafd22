import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { runWithInput, values } from './run-with-input.js';
import { sampled } from '../kit/whole.js';

interface Judged {
  line: string;
  verdict: string;
  hits: { rule: string; start: number; end: number; match: string; kind: string; action: string }[];
}

t.test('answers every line once, with positions in the line', async (t) => {
  const lines = [
    'This lamp is warm and bright.',
    '',
    'Add me on WhatsApp +1 415 555 2671 😀 now',
    '   ',
    '加我微信 abc12345',
    'two\u2028lines in one',
    'ends with a carriage return',
    'no newline here, call me on 13800138000',
  ];
  const input = `\uFEFF${lines.join('\n').replace('return\n', 'return\r\n')}`;
  const answer = await runWithInput(['judge', '--json'], { input });
  t.equal(answer.code, 0, answer.stderr);
  const found = values<Judged>(answer);
  t.strictSame(
    found.map((f) => f.line),
    lines,
  );
  t.strictSame(
    found.map((f) => f.verdict),
    ['clean', 'clean', 'violation', 'clean', 'violation', 'clean', 'clean', 'violation'],
  );
  for (const { line, hits } of found) {
    for (const hit of hits) t.equal(line.slice(hit.start, hit.end), hit.match, 'offsets refer to the line');
  }
  t.match(found[4]!.hits, [{ rule: '3.2', kind: String, action: 'mute' }]);
  const words = await runWithInput(['judge'], { input });
  t.equal(words.lines.length, lines.length);
  t.match(words.lines[2], /^violation +Add me on WhatsApp.*\[3\.2 /);
  t.equal((await runWithInput(['judge'])).stdout, '', 'no output without input');
});

t.test('checks the language only when one was given', async (t) => {
  const input = '这款台灯采用实木底座，灯光柔和，非常适合放在卧室或者书房里使用。\n';
  const ruleOf = async (...args: string[]): Promise<string[]> => {
    const [judged] = values<Judged>(await runWithInput(['judge', '--json', ...args], { input }));
    return judged!.hits.map((hit) => hit.rule);
  };
  t.strictSame(await ruleOf(), []);
  t.strictSame(await ruleOf('--lang', 'en'), ['5.6']);
  const wrong = await runWithInput(['judge', '--lang', 'chinese'], { input });
  t.not(wrong.code, 0);
  t.match(wrong.stderr, /expected a language such as "en".*found "chinese"/);
  const unknown = await runWithInput(['judge', '--lang', 'xx'], { input });
  t.not(unknown.code, 0);
  t.match(unknown.stderr, /found "xx"/, 'a valid tag without a language');
});

t.test("reports the room's action for a rule", async (t) => {
  const dir = t.testdir();
  const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
  const file = join(dir, 'room.json');
  const input = 'Add me on WhatsApp +1 415 555 2671\n';
  const judged = async (actions: object): Promise<Judged> => {
    writeFileSync(file, JSON.stringify({ ...room, compliance: { actions } }));
    const answer = await runWithInput(['judge', '--json', '--room', file], { input });
    t.equal(answer.code, 0, answer.stderr);
    return values<Judged>(answer)[0]!;
  };
  const hitsOf = ({ hits }: Judged) => hits.map(({ rule, action }) => ({ rule, action }));
  t.strictSame(hitsOf(await judged({ '3.2': { speech: 'stop' } })), [{ rule: '3.2', action: 'stop' }]);
  const warned = await judged({ '3.2': { speech: 'warn' } });
  t.strictSame(hitsOf(warned), [{ rule: '3.2', action: 'warn' }]);
  t.equal(warned.verdict, 'review');
});

t.test('takes the action from the source and the listing from the room', async (t) => {
  const dir = t.testdir();
  const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
  const file = join(dir, 'room.json');
  const lamp = { id: 'lamp', title: 'Desk lamp', image: 'lamp.png', price: { amount: 20, currency: 'USD' } };
  const outputs = [{ id: 'shop', kind: 'rtmp', url: 'rtmp://live.example.com/app/${NO_SUCH_KEY}' }];
  writeFileSync(file, JSON.stringify({ ...room, products: [lamp], outputs }));
  const input = 'It is only 20 dollars today.\nIt is only 15 dollars today.\n';
  const without = values<Judged>(await runWithInput(['judge', '--json'], { input }));
  t.strictSame(
    without.map((f) => f.verdict),
    ['clean', 'clean'],
  );
  const answer = await runWithInput(['judge', '--json', '--room', file, '--source', 'caption'], { input });
  t.equal(answer.stderr, '', 'the stream key is not needed');
  const held = values<Judged>(answer);
  t.strictSame(
    held.map((f) => f.verdict),
    ['clean', 'violation'],
  );
  t.match(held[1]!.hits, [{ rule: '5.5', kind: 'price', action: 'drop-caption', match: /15/ }]);
  const missing = await runWithInput(['judge', '--room', join(dir, 'none.json')], { input });
  t.equal(missing.code, 1);
  t.match(missing.stderr, /none\.json: expected a readable room file, found no such file.*E_ROOM_JSON/);
});

t.test('answers a line before the next one arrives', async (t) => {
  const main = join(packageRoot(), 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'judge', '--json'], {
    cwd: packageRoot(),
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  t.teardown(() => child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  const next = (): Promise<Judged> =>
    new Promise((resolve) => child.stdout.once('data', (text: string) => resolve(JSON.parse(text) as Judged)));
  for (const line of ['first', 'call 13800138000', 'third']) {
    const answered = next();
    child.stdin.write(`${line}\n`);
    t.equal((await answered).line, line);
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.end();
  t.equal(await ended, 0);
});

t.test('answers lines of a megabyte, and longer ones, in bounded time', async (t) => {
  const harmless = 'the lamp is warm, its solid brass stand is polished by hand each morning; ';
  const varied = Array.from({ length: 14_000 }, (_, i) => `${harmless}${(i * 7919) % 1009} `).join('');
  const floods = sampled(['a', '@.', '1 2-3.', 'call +1 415 555 2671 ', '微信加我 ', 'v❤️'], 6).map((s) =>
    s.repeat(1_000_000 / s.length),
  );
  const endless = 'b c d '.repeat(500_000);
  const input = [varied, ...floods, endless, 'and one more'].join('\n');
  const started = performance.now();
  const answer = await runWithInput(['judge', '--json'], { input });
  t.ok(performance.now() - started < 120_000, 'no line takes for ever, not even on a busy machine');
  const found = values<Judged>(answer);
  t.equal(found.length, floods.length + 3);
  t.equal(found[0]!.line, varied);
  t.ok(
    found[0]!.hits.every((hit) => hit.rule === '2.3'),
    'its length is its only fault',
  );
  t.match(found.at(-2), { verdict: 'violation', line: /^b c d/ });
  t.match(found.at(-2)!.hits.at(-1), { rule: '2.3', kind: 'flood', start: 2_097_152 });
  t.match(found.at(-1), { line: 'and one more', verdict: 'clean' });
});

t.test('ends quietly when the reader leaves early', async (t) => {
  const { code, stderr } = await runWithInput(['judge'], { input: 'a harmless line\n'.repeat(20_000), headLines: 2 });
  t.strictSame([code, stderr], [0, '']);
});
