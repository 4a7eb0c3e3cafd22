import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/paths.js';
import { templateRoom, tool, ffmpeg, writeRoom } from '../on-air/kit.js';
import { runWithInput } from './run-with-input.js';
import { runEngine } from './run-engine.js';

const minimal = templatePath('rooms', 'minimal', 'room.json');

t.test('every command has help with an example', async (t) => {
  const help = await runEngine(['--help']);
  t.equal(help.code, 0);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+)(?: \[options\])?/gm)]
    .map((m) => m[1]!)
    .filter((c) => c !== 'help' && c !== 'engine');
  for (const command of ['start', 'check', 'render', 'schema', 'doctor']) t.ok(commands.includes(command), command);
  for (const command of new Set(commands)) {
    const { stdout, code } = await runEngine([command, '--help']);
    t.equal(code, 0, command);
    t.match(stdout, /Examples?:\n {2}.*engine /s, `${command} shows an example`);
  }
});

t.test('a wrong option or command is answered with what is expected', async (t) => {
  const bad = await runEngine(['start', '--room', minimal, '--for', 'soon']);
  t.not(bad.code, 0);
  t.match(bad.stderr, /expected seconds.*found "soon"/);
  t.not((await runEngine(['strat'])).code, 0);
});

t.test('schema prints the JSON Schema that is committed', async (t) => {
  const { stdout, code } = await runEngine(['schema']);
  t.equal(code, 0);
  t.same(JSON.parse(stdout), JSON.parse(readFileSync(templatePath('schema', 'room.schema.json'), 'utf8')));
});

t.test('doctor says what works here, and lists voices', async (t) => {
  const { stdout, code } = await runEngine(['doctor', '--json']);
  t.equal(code, 0);
  const findings = JSON.parse(stdout) as { what: string; state: string; found: string }[];
  t.same(
    findings.map((f) => f.what),
    ['node', 'cores', 'ffmpeg', 'kernels', 'fonts', 'voices', 'ports', 'camera'],
  );
  t.notOk(
    findings.some((f) => f.state === 'bad'),
    JSON.stringify(findings.filter((f) => f.state === 'bad')),
  );
  const voices = await runEngine(['doctor', '--voices']);
  t.match(voices.stdout, /cmn/);
  t.ok(Number(/(\d+) voices/.exec(voices.stdout)?.[1]) >= 100);
});

t.test('check passes the demo rooms and names every fault of a bad one', async (t) => {
  for (const name of ['demo-portrait', 'demo-landscape', 'minimal']) {
    const { code, stdout } = await runEngine(['check', templatePath('rooms', name, 'room.json')]);
    t.equal(code, 0, stdout);
  }
  const room = templateRoom('minimal');
  room['layers'].push(
    { type: 'image', id: 'gone', src: '/nowhere/a.png' },
    { type: 'bubble', id: 'contact', text: 'WhatsApp +86 138 1234 5678' },
  );
  room['script'].segments[0].lines.push({ text: 'Pay me by Alipay transfer, not here.' });
  room['presenter'].voice = { name: 'nobody' };
  const { code, stdout } = await runEngine(['check', writeRoom(t, room), '--json']);
  t.equal(code, 1);
  const { faults } = JSON.parse(stdout) as {
    faults: { where: string; rule?: string; expected: string; found: string }[];
  };
  t.ok(
    faults.some((f) => f.where.includes('"gone"') && f.expected.includes('/nowhere/a.png')),
    'the missing asset',
  );
  t.ok(
    faults.some((f) => f.rule === '3.2' && f.where.startsWith('layers[')),
    'the bubble',
  );
  t.ok(
    faults.some((f) => f.rule === '3.1' && f.where.startsWith('script.segments[0]')),
    'the line',
  );
  t.ok(
    faults.some((f) => /nobody/.test(f.where)),
    'the voice',
  );
});

t.test('render writes PNG frames, and one MP4 with picture and sound', async (t) => {
  const dir = t.testdir();
  const frames = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '1.2',
    '--out',
    join(dir, 'frames'),
  ]);
  t.equal(frames.code, 0, frames.stderr);
  t.equal(readdirSync(join(dir, 'frames')).length, 6);
  const first = JSON.parse(frames.stdout);
  const again = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '1.2',
    '--out',
    join(dir, 'again'),
  ]);
  t.equal(JSON.parse(again.stdout).videoSha256, first.videoSha256, 'the same seed gives the same frames');
  t.equal(JSON.parse(again.stdout).audioSha256, first.audioSha256, 'and the same sound');
  const twin = await runEngine(
    ['render', '--room', minimal, '--from', '1', '--to', '1.2', '--out', join(dir, 'twin')],
    {
      SHOWROOM_KERNELS: 'twin',
    },
  );
  t.equal(JSON.parse(twin.stdout).videoSha256, first.videoSha256, 'native and twin draw the same bytes');
  const seeded = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '4',
    '--out',
    join(dir, 'seeded.mp4'),
    '--seed',
    '7',
  ]);
  t.equal(seeded.code, 0, seeded.stderr);
  const { stderr } = await tool(ffmpeg, ['-hide_banner', '-i', join(dir, 'seeded.mp4')]);
  t.match(stderr, /Duration: 00:00:03\.0/);
  t.match(stderr, /Video: h264/);
  t.match(stderr, /Audio: aac/);
});

t.test('A reader that stops reading is no fault', async (t) => {
  const { code, stderr } = await runWithInput(['schema'], { headLines: 1 });
  t.equal(code, 0);
  t.equal(stderr, '');
});
