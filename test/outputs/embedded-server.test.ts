import { connect } from 'node:net';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { EmbeddedServer } from '../../src/outputs/embedded-server.js';

t.test('a port in use is named with its option', async (t) => {
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

t.test('nonsense costs a client its connection and nobody else anything', async (t) => {
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog, onEnd: (e) => t.fail(e.message) });
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
