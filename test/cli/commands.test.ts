import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { runWithInput } from './run-with-input.js';
import { runEngine } from './run-engine.js';
import { sampled } from '../kit/whole.js';

const minimal = templatePath('rooms', 'minimal', 'room.json');

t.test('has help with an example for every command', async (t) => {
  const help = await runEngine(['--help']);
  t.equal(help.code, 0);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+)(?: \[options\])?/gm)]
    .map((m) => m[1]!)
    .filter((c) => c !== 'help' && c !== 'engine');
  for (const command of ['demo', 'new', 'start', 'check', 'render', 'schema', 'doctor'])
    t.ok(commands.includes(command), command);
  for (const command of sampled([...new Set(commands)], 6)) {
    const { stdout, code } = await runEngine([command, '--help']);
    t.equal(code, 0, command);
    t.match(stdout, /Examples?:\n {2}.*engine /s, `${command} shows an example`);
  }
});

t.test('answers a wrong option or command with the expected ones', async (t) => {
  const bad = await runEngine(['start', '--room', minimal, '--for', 'soon']);
  t.not(bad.code, 0);
  t.match(bad.stderr, /expected seconds.*found "soon"/);
  const typo = await runEngine(['strat']);
  t.not(typo.code, 0);
  t.match(typo.stderr, /Did you mean start\?/);
  t.ok(typo.stderr.trim().split('\n').length <= 3, `not the whole help: ${typo.stderr}`);
});

t.test('prints the committed JSON Schema', async (t) => {
  const { stdout, code } = await runEngine(['schema']);
  t.equal(code, 0);
  t.same(JSON.parse(stdout), JSON.parse(readFileSync(templatePath('schema', 'room.schema.json'), 'utf8')));
});

t.test('reports the state of this machine, and lists voices', async (t) => {
  const { stdout, code } = await runEngine(['doctor', '--json']);
  t.equal(code, 0);
  const findings = JSON.parse(stdout) as { what: string; state: string; found: string }[];
  t.same(
    findings.map((f) => f.what),
    ['node', 'cores', 'ffmpeg', 'kernels', 'fonts', 'voices', 'models', 'services', 'ports', 'camera'],
  );
  t.notOk(
    findings.some((f) => f.state === 'bad'),
    JSON.stringify(findings.filter((f) => f.state === 'bad')),
  );
  const voices = await runEngine(['doctor', '--voices']);
  t.match(voices.stdout, /cmn/);
  t.ok(Number(/(\d+) voices/.exec(voices.stdout)?.[1]) >= 100);
  t.match(voices.stdout, /heart +★★★★☆/);
  t.match(voices.stdout, /cosyvoice +★★★★★.*set DASHSCOPE_API_KEY/);
});

t.test('lists the voices of a room and the variable that is missing', async (t) => {
  const room = JSON.parse(readFileSync(minimal, 'utf8')) as { presenter: object };
  const voice = {
    provider: 'azure',
    name: 'en-US-AvaNeural',
    region: 'eastasia',
    apiKey: '${NO_SUCH_KEY}',
    fallback: [{ provider: 'espeak', name: 'f2' }],
  };
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, JSON.stringify({ ...room, presenter: { ...room.presenter, voice } }));
  const { stdout, code } = await runEngine(['doctor', '--voices', '--room', file]);
  t.equal(code, 1);
  t.match(stdout, /✗ presenter\.voice +★★★★☆ {2}Azure Speech, en-US-AvaNeural: NO_SUCH_KEY is not set/);
  t.match(stdout, /✓ presenter\.voice\.fallback\[0\] +★☆☆☆☆ {2}eSpeak NG, embedded, f2/);
});

t.test('ends quietly when the reader stops reading', async (t) => {
  const { code, stderr } = await runWithInput(['schema'], { headLines: 1 });
  t.equal(code, 0);
  t.equal(stderr, '');
});
