import { EventEmitter } from 'node:events';
import t, { type Test } from 'tap';
import type { PreparedWorkers } from '../../src/core/processes/spawn-worker.js';
import { LoopClient } from '../../src/loop/loop-client.js';

/** A client whose thread sends only the test's messages. */
function rig(t: Test) {
  const asked: string[] = [];
  const worker = Object.assign(new EventEmitter(), {
    postMessage: ({ type }: { type: string }) => void asked.push(type),
    terminate: async () => 0,
  });
  const prepared = { take: () => worker } as unknown as PreparedWorkers;
  const nothing = (): void => undefined;
  const client = LoopClient.spawn({ onGate: nothing, onWatch: nothing, onDeath: nothing }, prepared);
  t.teardown(() => client.close());
  const dumped = (fromFrame: number): void => void worker.emit('message', { type: 'dumped', fromFrame, frames: 8 });
  return { client, asked, dumped };
}

t.test('times out a dump without an answer, and ignores the late answer', async (t) => {
  const { client, asked, dumped } = rig(t);
  await t.rejects(client.dump(1), { code: 'E_TIMEOUT', where: 'dump' });
  const second = client.dump();
  t.same(asked, ['dump', 'dump']);
  dumped(100);
  dumped(200);
  t.same(await second, { fromFrame: 200, frames: 8 });
});

t.test('rejects a dump while the room stops', async (t) => {
  const { client } = rig(t);
  const waiting = client.dump();
  await Promise.all([t.rejects(waiting, { code: 'E_CLOSED' }), client.close()]);
  await t.rejects(client.dump(), { code: 'E_CLOSED' });
});
