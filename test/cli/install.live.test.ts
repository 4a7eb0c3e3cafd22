import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { askForTime, ServiceWatchdog, takeServiceCall } from '../../src/cli/service-watchdog.js';
import { systemdUnit, systemdVersion } from '../../src/cli/systemd-unit.js';
import { noticesByItself } from '../../src/native/service-notice.js';
import { templateRoom, until, writeRoom } from '../kit/on-air.js';
import { runEngine, startEngine } from './run-engine.js';

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const minimal = templatePath('rooms', 'minimal', 'room.json');
const noSystemd = has('systemd-analyze') ? false : 'systemd-analyze is not installed';
const noPython = has('python3') ? false : 'python3 is not installed';

t.test('prints a unit that systemd accepts without a warning', { skip: noSystemd }, async (t) => {
  const room = templateRoom('minimal');
  room['outputs'] = [
    { id: 'cam', kind: 'v4l2', device: '/dev/video10' },
    { id: 'files', kind: 'recording', dir: '/srv/100% "live"' },
  ];
  for (const args of [
    ['--room', minimal],
    ['--room', writeRoom(t, room), '--user', 'daemon', '--env', '/etc/showroom/keys.env', '--name', 'my-room'],
  ]) {
    const { code, stdout, stderr } = await runEngine(['install', '--systemd', ...args]);
    t.equal(code, 0, stderr);
    t.match(stderr, /systemctl enable --now/);
    // The unit needs a built program; from sources this file stands in for it.
    const built = join(packageRoot(), 'dist', 'cli', 'main.js');
    t.match(stdout, `start" "--room"`);
    t.match(stdout, /^Type=notify$/m);
    t.match(stdout, /^WatchdogSec=15$/m);
    t.match(stdout, /^Restart=always$/m);
    t.notMatch(stdout, 'MemoryDenyWriteExecute', 'Node’s compiler needs writable code pages');
    t.match(stdout, noticesByItself() ? /^NotifyAccess=main$/m : /^NotifyAccess=all$/m);
    t.match(stdout, JSON.stringify(built));
    const file = join(t.testdir(), 'showroom-test.service');
    writeFileSync(file, stdout);
    const verify = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    t.equal(verify.status, 0, verify.stderr);
    t.equal(verify.stderr.trim(), '');
    const exposure = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=35', file]);
    t.equal(exposure.status, 0, 'exposure of at most 3.5 of 10');
  }
});

t.test('slows restarts down where systemd can', async (t) => {
  const parts = {
    name: 'a',
    roomName: 'a',
    node: '/usr/bin/node',
    main: '/srv/main.js',
    roomFile: '/srv/room.json',
    user: undefined,
    envFile: undefined,
    ffmpeg: undefined,
    models: undefined,
    devices: [],
    folders: [],
    noticesByItself: true,
  };
  t.match(systemdUnit({ ...parts, systemdVersion: 257 }), /^RestartSteps=6\nRestartMaxDelaySec=30$/m);
  for (const older of [252, undefined])
    t.notMatch(systemdUnit({ ...parts, systemdVersion: older }), /RestartSteps|RestartMaxDelaySec/);
  const program = join(t.testdir(), 'systemctl');
  writeFileSync(program, '#!/bin/sh\necho "systemd 257 (257.8-1~deb13u2)"\n', { mode: 0o755 });
  t.equal(await systemdVersion(program), 257);
  t.match(
    systemdUnit({ ...parts, systemdVersion: 252 }),
    /^Environment=ENGINE_MODELS=%S\/a\/models$/m,
    'models of its own',
  );
  const moved = systemdUnit({ ...parts, systemdVersion: 252, models: '/home/live/models' });
  t.match(moved, /^Environment="ENGINE_MODELS=\/home\/live\/models"$/m);
  t.match(moved, /^ProtectHome=read-only$/m);
  t.equal(await systemdVersion('/nonexistent/systemctl'), undefined);
});

t.test('names the expected options without --systemd or with an invalid name', async (t) => {
  t.match((await runEngine(['install', '--room', minimal])).stderr, /expected --systemd/);
  t.match((await runEngine(['install', '--systemd', '--room', minimal, '--name', 'a b'])).stderr, /expected a name of/);
});

t.test('reports "alive" to the manager only when the loop has advanced', async (t) => {
  const env: Record<string, string | undefined> = { NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '8000000', WATCHDOG_PID: '7' };
  const call = takeServiceCall(env, 7)!;
  t.same(call, { socketPath: '@x', spanMs: 8000 });
  t.same(Object.keys(env), [], 'children do not inherit the request');
  t.equal(takeServiceCall({ NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '8000000', WATCHDOG_PID: '8' }, 7)!.spanMs, undefined);
  t.equal(takeServiceCall({}, 7), undefined);
  const told: string[] = [];
  let frame = 10;
  let look = (): void => undefined;
  const watchdog = new ServiceWatchdog({
    call,
    notice: (text) => void told.push(text),
    frame: () => frame,
    status: () => 'room:\non-air',
    every: (ms, callback) => {
      t.equal(ms, 2000);
      look = callback;
      return () => (look = () => undefined);
    },
  });
  look();
  frame = 70;
  look();
  look();
  frame = 71;
  look();
  await watchdog.close();
  await watchdog.close();
  look();
  const status = 'STATUS=room: on-air';
  t.same(told, [`READY=1\n${status}`, status, `WATCHDOG=1\n${status}`, status, `WATCHDOG=1\n${status}`, 'STOPPING=1']);
});

t.test("sends ready, alive and stopping to the manager's socket", { skip: noPython }, async (t) => {
  // A socket's path has at most 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'sock');
  const listen = `import socket,sys
s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);s.bind(sys.argv[1]);print("bound",flush=True)
while True: print(s.recv(4096).decode().replace("\\n"," "),flush=True)`;
  const python = spawn('python3', ['-c', listen, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => python.kill());
  let heard = '';
  python.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text));
  await until('the socket', () => heard.includes('bound'));
  const engine = startEngine(['start', '--room', writeRoom(t, templateRoom('minimal')), '--port', '0', '--for', '5'], {
    NOTIFY_SOCKET: path,
    WATCHDOG_USEC: '2000000',
    ENGINE_LOG: 'error',
  });
  const { code, stderr } = await engine.ended;
  t.equal(code, 0, stderr);
  // The last report is still in the listener's queue.
  await until('the last report', () => /^STOPPING=1$/m.test(heard));
  t.match(heard, /^READY=1 STATUS=\S+: on-air, \d+ frames released/m);
  t.ok((heard.match(/^WATCHDOG=1/gm) ?? []).length >= 4, heard);
});

t.test('asks the manager for more time during a long load, for twenty minutes at most', async (t) => {
  const told: string[] = [];
  let tick = (): void => undefined;
  let ended = 0;
  const every = (ms: number, callback: () => void): (() => void) => {
    t.equal(ms, 30_000);
    tick = callback;
    return () => (ended += 1);
  };
  const asking = askForTime({ notice: (text) => told.push(text), every });
  t.same(told, [], 'a normal start asks for nothing');
  tick();
  t.match(told, [/^EXTEND_TIMEOUT_USEC=90000000\n/]);
  for (let i = 0; i < 60; i += 1) tick();
  t.equal(told.length, 40);
  t.ok(ended > 0);
  await asking.close();
});
