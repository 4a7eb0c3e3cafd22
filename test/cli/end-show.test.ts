import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { endShow } from '../../src/cli/commands/start-command.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { startEngine } from './run-engine.js';

t.test('ends what leaves before it says so, and a hanging server delays neither', async (t) => {
  const order: string[] = [];
  const began = performance.now();
  await endShow({
    room: {
      async goOffAir() {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('off air');
      },
    },
    status: { close: () => void order.push('summary') },
    beside: [undefined],
    servers: [
      {
        close() {
          order.push('server');
          return new Promise(() => undefined);
        },
      },
    ],
  });
  t.same(order, ['off air', 'summary', 'server']);
  t.ok(performance.now() - began < 3000, 'within its deadline');
});

t.test('prints its summary also when the room cannot end cleanly', async (t) => {
  const order: string[] = [];
  const end = endShow({
    room: { goOffAir: () => Promise.reject(new Error('no end')) },
    status: { close: () => void order.push('summary') },
    beside: [],
    servers: [],
  });
  await t.rejects(end, /no end/);
  t.same(order, ['summary']);
});

t.test('sends no byte after the summary, also while a request to the API hangs', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-test-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const engine = startEngine(['start', '--room', writeRoom(t, templateRoom('minimal')), '--port', '0'], {
    ENGINE_TOKEN: 'a-token-for-the-test',
  });
  t.teardown(() => void engine.child.kill('SIGKILL'));
  const { flv, watch } = JSON.parse(await engine.line('"on-air"')) as { flv: string; watch: string };
  let lastByteMs = 0;
  let closed = false;
  await new Promise<void>((resolve, reject) => {
    const request = get(flv, (reply) => {
      reply.on('data', () => {
        lastByteMs = performance.now();
        resolve();
      });
      reply.on('close', () => (closed = true));
      reply.on('error', () => undefined);
    });
    request.on('error', reject);
  });
  // A body that never ends keeps its request open.
  const hanging = new AbortController();
  t.teardown(() => hanging.abort());
  void fetch(new URL('/api/say', watch), {
    method: 'POST',
    headers: { authorization: 'Bearer a-token-for-the-test', 'content-type': 'application/json' },
    body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }),
    duplex: 'half',
    signal: hanging.signal,
  } as RequestInit & { duplex: string }).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const stoppedMs = performance.now();
  engine.child.kill('SIGTERM');
  const summary = JSON.parse(await engine.line('"off-air"')) as { frames: { rendered: number; inWindow: number } };
  const saidMs = performance.now();
  t.ok(saidMs - stoppedMs < 3000, `said after ${Math.round(saidMs - stoppedMs)} ms`);
  t.ok(closed, 'the receiver was cut off before the summary');
  const { code } = await engine.ended;
  t.equal(code, 0);
  t.ok(lastByteMs <= saidMs, 'no byte after the summary');
  t.ok(summary.frames.rendered > 0);
});
