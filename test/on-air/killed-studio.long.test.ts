import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { freePort, startReceiver } from '../kit/studio-walk.js';
import { until, wait } from '../kit/until.js';

const START_MS = 240_000;

interface Process {
  readonly state: string;
  readonly pid: number | null;
  readonly restarts: number;
  readonly live: readonly string[];
}
interface Snapshot {
  readonly frames: { readonly rendered: number };
  readonly outputs: readonly { readonly kind: string; readonly state: string; readonly bytesSent: number }[];
}
interface Script {
  readonly current: { readonly segment: string; readonly line: string } | null;
  readonly next: { readonly segment: string; readonly line: string } | null;
}

t.test(
  'kill -9 of the studio leaves a room on air, and kill -9 of the room starts it at its line',
  { timeout: 590_000 },
  async (t) => {
    const data = mkdtempSync(join(tmpdir(), 'showroom-killed-'));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const receiver = await startReceiver();
    let studio: ChildProcess | undefined;
    t.teardown(async () => {
      studio?.kill('SIGKILL');
      for (const name of readdirSync(join(data, 'run')).filter((one) => one.endsWith('.run.json'))) {
        const { process: mark } = JSON.parse(readFileSync(join(data, 'run', name), 'utf8')) as {
          process?: { pid: number };
        };
        if (mark !== undefined) process.kill(mark.pid, 'SIGKILL');
      }
      await receiver.close();
      await wait(300);
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });
    const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const reply = await fetch(url + path, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    };
    const begin = async (): Promise<void> => {
      studio = spawn(
        process.execPath,
        [join(packageRoot(), 'dist/cli/main.js'), 'studio', '--data', data, '--port', String(port), '--no-auth'],
        { stdio: 'ignore' },
      );
      await until(
        'the studio answers',
        () =>
          call('GET', '/api/rooms').then(
            () => true,
            () => false,
          ),
        START_MS,
      );
    };

    await begin();
    const { id } = await call<{ id: string }>('POST', '/api/rooms', {
      ...{ name: 'Lamp shop', template: 'lighting', language: 'en', orientation: 'portrait' },
    });
    const { id: to } = await call<{ id: string }>('POST', '/api/destinations', {
      ...{ preset: 'rtmp', name: 'Own', server: receiver.server, key: 'killed-studio-key' },
    });
    const at = `/api/rooms/${id}`;
    await call('PUT', `${at}/destinations`, { ids: [to] });
    await call('POST', `${at}/start`, { destinations: [to] });
    const room = () => call<{ process: Process }>('GET', at).then(({ process: one }) => one);
    const engine = <T>(path: string) => call<T>('GET', `${at}/engine/api/${path}`);
    const rtmp = async () => (await engine<Snapshot>('room')).outputs.find(({ kind }) => kind === 'rtmp');
    const isLive = (): Promise<boolean> =>
      rtmp().then(
        (one) => one?.state === 'live',
        () => false,
      );
    await until('it is on air', isLive, START_MS);
    const before = await room();
    const [rendered, sent] = [(await engine<Snapshot>('room')).frames.rendered, (await rtmp())!.bytesSent];

    studio!.kill('SIGKILL');
    await wait(3000);
    t.doesNotThrow(() => process.kill(before.pid!, 0), 'the room runs on without its studio');
    await begin();
    await until('the studio has found it', async () => (await room()).state === 'on-air', START_MS);
    t.match(await room(), { pid: before.pid, restarts: 0, live: [to] }, 'the same process, to the same place');
    await until('its picture went on', isLive, START_MS);
    const now = await engine<Snapshot>('room');
    t.ok(now.frames.rendered > rendered, 'frames went on');
    t.ok((await rtmp())!.bytesSent > sent, 'and were sent');

    // Some lines in, the engine itself is killed.
    const script = () => engine<Script>('script');
    const first = (await script()).current;
    await until(
      'another line is on air',
      async () => {
        const { current } = await script();
        return current !== null && JSON.stringify(current) !== JSON.stringify(first);
      },
      START_MS,
    );
    const killed = await script();
    process.kill(before.pid!, 'SIGKILL');
    await until(
      'it is started again',
      async () => (await room()).restarts === 1 && (await room()).state === 'on-air',
      START_MS,
    );
    await until('it pushes again', isLive, START_MS);
    await until('it speaks again', async () => (await script()).current !== null, START_MS);
    t.not((await room()).pid, before.pid);
    const again = (await script()).current;
    const places = [killed.current, killed.next].map((one) => `${one?.segment}:${one?.line}`);
    t.ok(
      again !== null && places.includes(`${again.segment}:${again.line}`),
      `at its line: ${JSON.stringify(again)} of ${places.join(', ')}`,
    );
  },
);
