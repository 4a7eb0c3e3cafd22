import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.js';
import { LocalRoomHost } from '../../src/fleet/local/local-room-host.js';

const START_MS = 500;

function hostOf(t: Test, program: string): { host: LocalRoomHost; folder: string } {
  const folder = t.testdir();
  mkdirSync(join(folder, 'room'));
  const host = new LocalRoomHost({
    folder: join(folder, 'run'),
    seal: { seal: (text) => Buffer.from(text), open: (sealed) => Buffer.from(sealed).toString() },
    newToken: () => 'token',
    log: silentLog,
    events: { onReady: () => undefined, onChange: () => undefined },
    command: [process.execPath, '-e', program],
    startMs: START_MS,
  });
  t.teardown(async () => {
    await host.stop('a');
    await host.close();
  });
  return { host, folder: join(folder, 'room') };
}

t.test('an engine that is still starting on a busy machine is no fault', async (t) => {
  const { host, folder } = hostOf(t, 'setTimeout(() => {}, 60000)');
  await host.start({ id: 'a', folder });
  t.match(host.status('a'), { state: 'starting', restarts: 0, error: '' });
  t.equal(host.endpoint('a'), undefined);
});

t.test('an engine that ends at each start is one, with its words', async (t) => {
  const { host, folder } = hostOf(t, `console.error('engine: out of luck'); process.exit(1)`);
  await t.rejects(host.start({ id: 'a', folder }), { code: 'E_ROOM_OFF', found: /out of luck/ });
});
