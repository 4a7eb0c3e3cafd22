import { connect } from 'node:net';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { silentLog, type Log } from '../../../src/core/log.js';
import { EmbeddedServer } from '../../../src/outputs/embedded/embedded-server.js';

t.test('names the option of a port in use', async (t) => {
  const first = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => first.close());
  await first.start();
  const rtmp = new EmbeddedServer({ rtmpPort: first.rtmpPort, flvPort: 0, log: silentLog });
  await t.rejects(rtmp.start(), {
    code: 'E_PORT_IN_USE',
    details: { port: first.rtmpPort, option: 'control.rtmpPort' },
  });
  const flv = new EmbeddedServer({ rtmpPort: 0, flvPort: first.flvPort, log: silentLog });
  await t.rejects(flv.start(), { code: 'E_PORT_IN_USE', details: { option: 'control.flvPort' } });
});

t.test('restarts a dead server thread at the same ports for the same publisher', async (t) => {
  const told: string[] = [];
  const log: Log = { ...silentLog, error: (_, message) => void told.push(message) };
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log });
  t.teardown(() => server.close());
  await server.start();
  const addresses = (): string[] => [server.publishUrl('room'), server.rtmpUrl('room'), server.flvUrl('room')];
  const before = addresses();
  const kill = (): Promise<number> => (Reflect.get(server, 'worker') as Worker).terminate();
  const answers = (): Promise<number | undefined> =>
    fetch(`http://127.0.0.1:${server.flvPort}/x`).then(
      ({ status }) => status,
      () => undefined,
    );
  t.equal(await answers(), 404);
  await kill();
  t.equal(await answers(), undefined);
  for (const end = performance.now() + 20_000; (await answers()) === undefined && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.equal(await answers(), 404);
  t.same(addresses(), before);
  t.same(told, ['the embedded server died; restarting it']);
  await kill();
  await server.close();
  t.equal(await answers(), undefined, 'one that is closed meanwhile stays away');
});

t.test('drops only the connection of a client that sends garbage', async (t) => {
  const log: Log = { ...silentLog, error: (_, message) => t.fail(message) };
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log });
  t.teardown(() => server.close());
  await server.start();
  for (const bytes of [
    'GET / HTTP/1.1\r\n\r\n',
    '\u0003'.repeat(8000),
    '\u0003' + '\u0000'.repeat(3072) + 'xyz'.repeat(500),
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.rtmpPort, '127.0.0.1', () => socket.end(bytes));
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
      setTimeout(() => socket.destroy(), 300);
    });
  }
  const base = `http://127.0.0.1:${server.flvPort}`;
  t.equal((await fetch(`${base}/admin`)).status, 404);
  t.equal((await fetch(`${base}/api/v1/streams`)).status, 404);
  t.equal((await fetch(`${base}/live/room.flv`, { method: 'POST', body: 'FLV' })).status, 405, 'publishing by HTTP');
  t.not(server.publishUrl('room'), server.rtmpUrl('room'));
  await server.close();
  await server.close();
  await t.rejects(fetch(`${base}/x`), 'the port is free again');
});
