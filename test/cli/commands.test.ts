import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/paths.js';
import { templateRoom, tool, ffmpeg, writeRoom } from '../on-air/kit.js';
import { runWithInput } from './run-with-input.js';
import { runEngine, startEngine } from './run-engine.js';

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

t.test('start says where everything is, and Ctrl-C ends it with code 0 and nothing left', async (t) => {
  const file = writeRoom(t, templateRoom('minimal'));
  const engine = startEngine(['start', '--room', file, '--seed', '3', '--port', '0'], { ENGINE_LOG: 'error' });
  const addresses = JSON.parse(await engine.line('"on-air"')) as Record<string, string>;
  for (const key of ['watch', 'whep', 'rtmp', 'flv', 'metrics', 'token']) t.ok(addresses[key], key);
  const status = JSON.parse(await engine.line('"status"'));
  t.match(status, { event: 'status', lateTicks: { total: Number }, framesScanned: Number, releasedUnjudged: 0 });
  t.equal((await fetch(addresses['health']!)).status, 200);
  const children = readFileSync(`/proc/${engine.child.pid}/task/${engine.child.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  t.ok(children.length >= 3, 'encoders and speech run as processes of their own');
  const pressed = performance.now();
  engine.child.kill('SIGINT');
  const { code, signal } = await engine.ended;
  t.equal(signal, null);
  t.equal(code, 0);
  t.ok(performance.now() - pressed < 3000, `${Math.round(performance.now() - pressed)} ms`);
  for (const pid of children) t.throws(() => process.kill(Number(pid), 0), `child ${pid} is gone`);
  for (const url of [addresses['health']!, addresses['flv']!, addresses['rtmp']!.replace('rtmp', 'http')]) {
    const { hostname, port } = new URL(url);
    const open = await new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
    });
    t.equal(open, false, `port ${port} is free again`);
  }
});

t.test('start --for ends by itself, and a secret key shows nowhere', async (t) => {
  const room = templateRoom('minimal');
  room['outputs'] = [{ id: 'dead', kind: 'rtmp', url: 'rtmp://127.0.0.1:1/live/${SECRET_KEY}' }];
  const file = writeRoom(t, room);
  const missing = await runEngine(['start', '--room', file, '--for', '1', '--port', '0'], { SECRET_KEY: '' });
  t.equal(missing.code, 1);
  t.match(missing.stderr, /outputs\[0\]\.url: expected environment variable SECRET_KEY/);
  const engine = await runEngine(['start', '--room', file, '--for', '3', '--port', '0'], {
    SECRET_KEY: 'k3y-0f-mine',
    ENGINE_TOKEN: 'mine',
  });
  t.equal(engine.code, 0, engine.stderr);
  t.notMatch(engine.stdout + engine.stderr, 'k3y-0f-mine');
  t.match(engine.stdout, /"id":"dead","state":"(backoff|connecting)"/, 'a dead endpoint does not stop the room');
  t.notMatch(readFileSync(join(file, '..', 'ledger.jsonl'), 'utf8'), 'k3y-0f-mine');
});

t.test('a bad start gets one clear message with its place and code 1', async (t) => {
  const dir = t.testdir({ 'broken.json': '{\n  "name": oops\n}', 'unknown.json': '' });
  writeFileSync(join(dir, 'unknown.json'), readFileSync(minimal, 'utf8').replace('"name"', '"nmae": 1, "name"'));
  const cases: [string, string[], NodeJS.ProcessEnv, RegExp][] = [
    ['a file that is not JSON', [join(dir, 'broken.json')], {}, /broken\.json:2:\d+: expected JSON/],
    ['an unknown key', [join(dir, 'unknown.json')], {}, /only known keys, found "nmae"/],
    ['no such file', [join(dir, 'none.json')], {}, /none\.json: expected a readable room file, found no such file/],
    [
      'no ffmpeg',
      [writeRoom(t, templateRoom('minimal'))],
      { ENGINE_FFMPEG: '/nowhere/ffmpeg' },
      /ENGINE_FFMPEG: expected.*\/nowhere\/ffmpeg/,
    ],
  ];
  for (const [what, args, env, message] of cases) {
    const { code, stderr } = await runEngine(['start', '--room', ...args, '--for', '1', '--port', '0'], env);
    t.equal(code, 1, what);
    t.match(stderr, message);
    t.equal(stderr.split('\n').filter((l) => l.startsWith('engine:')).length, 1, 'one message');
  }
});

t.test('A reader that stops reading is no fault', async (t) => {
  const { code, stderr } = await runWithInput(['schema'], { headLines: 1 });
  t.equal(code, 0);
  t.equal(stderr, '');
});
