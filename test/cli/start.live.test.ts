import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { runEngine, startEngine } from './run-engine.js';

const minimal = templatePath('rooms', 'minimal', 'room.json');

t.test('detects a taken port before the room loads and begins its ledger', async (t) => {
  const file = writeRoom(t, templateRoom('minimal'));
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const { code, stderr } = await runEngine(['start', '--room', file, '--port', String(port)]);
  t.equal(code, 1);
  t.match(stderr, /expected a free port.*\[E_PORT_IN_USE\]/);
  t.notMatch(stderr, /presenter|encoder started/, 'nothing was loaded');
  t.notOk(existsSync(join(file, '..', 'ledger.jsonl')));
});

t.test('ends on Ctrl-C during preparation with one line and nothing left', async (t) => {
  const file = writeRoom(t, templateRoom('minimal'));
  const engine = startEngine(['start', '--room', file, '--port', '0'], { ENGINE_LOG: 'info' });
  const { pid } = JSON.parse(await engine.line('"encoder started"', 'stderr')) as { pid: number };
  engine.child.kill('SIGINT');
  const { code, signal, stdout, stderr } = await engine.ended;
  t.same({ code, signal }, { code: 130, signal: null }, stderr);
  t.same(
    stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')),
    ['engine: stopped before it was done'],
  );
  t.notMatch(stdout, /"on-air"/);
  t.throws(() => process.kill(pid, 0), 'its encoder is gone');
});

t.test('ends on Ctrl-C while the presenter is drawn and pictures are read', async (t) => {
  const file = writeRoom(t, templateRoom('minimal'));
  const env = { ENGINE_LOG: 'info', XDG_CACHE_HOME: t.testdir() };
  const engine = startEngine(['start', '--room', file, '--port', '0'], env);
  await engine.line('"drawing the presenter for the first time"', 'stderr');
  engine.child.kill('SIGINT');
  const { code, signal, stderr } = await engine.ended;
  t.same({ code, signal }, { code: 130, signal: null }, stderr);
  t.match(stderr, /engine: stopped before it was done\n$/);
});

t.test('ends by itself with --for, and shows no secret key', async (t) => {
  const room = templateRoom('minimal');
  room['outputs'] = [{ id: 'dead', kind: 'rtmp', url: 'rtmp://127.0.0.1:1/live/${SECRET_KEY}' }];
  const file = writeRoom(t, room);
  const missing = await runEngine(['start', '--room', file, '--for', '1', '--port', '0'], { SECRET_KEY: '' });
  t.equal(missing.code, 1);
  t.match(missing.stderr, /outputs\[0\]\.url: expected environment variable SECRET_KEY/);
  const engine = await runEngine(['start', '--room', file, '--for', '3', '--port', '0'], {
    SECRET_KEY: 'k3y-0f-mine',
    ENGINE_TOKEN: 'mine-and-long-enough',
  });
  t.equal(engine.code, 0, engine.stderr);
  t.notMatch(engine.stdout + engine.stderr, 'k3y-0f-mine');
  t.match(engine.stdout, /"id":"dead","state":"(backoff|connecting)"/, 'survives a dead endpoint');
  t.notMatch(readFileSync(join(file, '..', 'ledger.jsonl'), 'utf8'), 'k3y-0f-mine');
});

t.test('answers a bad start with one clear message, its place and code 1', async (t) => {
  const dir = t.testdir({ 'broken.json': '{\n  "name": oops\n}', 'unknown.json': '' });
  writeFileSync(join(dir, 'unknown.json'), readFileSync(minimal, 'utf8').replace('"name"', '"nmae": 1, "name"'));
  const cases: [string, string[], NodeJS.ProcessEnv, RegExp][] = [
    ['a file that is not JSON', [join(dir, 'broken.json')], {}, /broken\.json:2:\d+: expected JSON/],
    ['an unknown key', [join(dir, 'unknown.json')], {}, /expected only the keys .*found "nmae"/],
    ['no such file', [join(dir, 'none.json')], {}, /none\.json: expected a readable room file, found no such file/],
    [
      'a token that can be guessed',
      [writeRoom(t, templateRoom('minimal'))],
      { ENGINE_TOKEN: 'fifteen-letters' },
      /ENGINE_TOKEN: expected at least 16 characters .*, found 15 characters; set a longer one/,
    ],
    [
      'a token that no header carries',
      [writeRoom(t, templateRoom('minimal'))],
      { ENGINE_TOKEN: 'a token of many words' },
      /ENGINE_TOKEN: expected at least 16 characters .*, found a space/,
    ],
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
    if (env['ENGINE_TOKEN'] !== undefined) t.notMatch(stderr, env['ENGINE_TOKEN'], 'the token is not shown');
    t.match(stderr, message);
    t.equal(stderr.split('\n').filter((l) => l.startsWith('engine:')).length, 1, 'one message');
  }
});
