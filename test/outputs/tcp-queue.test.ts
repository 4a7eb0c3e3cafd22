import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import t, { type Test } from 'tap';
import { socketQueueBytes } from '../../src/native/socket-queue.js';
import { queuedBytes, TcpQueue } from '../../src/outputs/rtmp/rtmp-delivery.js';
import { until } from '../encoder/synthetic-room.js';

const skip = process.platform !== 'linux' && 'only Linux tells';
const twin = process.env['SHOWROOM_KERNELS'] === 'twin' && 'the twin does not ask';

/** A connection whose peer reads nothing until the test asks for it. */
async function connection(t: Test, secure: boolean): Promise<{ near: Socket; far: Socket }> {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-queue-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const files = { key: join(dir, 'key.pem'), cert: join(dir, 'cert.pem') };
  if (secure) {
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
    execFileSync('openssl', [...request.split(' '), '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  }
  const peers: Socket[] = [];
  const take = (socket: Socket): void => void peers.push(socket.on('error', () => undefined));
  const server = secure
    ? createTlsServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, take)
    : createServer(take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const near = secure ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port, '127.0.0.1');
  near.on('error', () => undefined);
  await new Promise((resolve) => near.once(secure ? 'secureConnect' : 'connect', resolve));
  t.ok(await until(() => peers.length === 1, 5000));
  t.teardown(() => {
    near.destroy();
    peers[0]!.destroy();
    server.close();
  });
  return { near, far: peers[0]!.pause() };
}

for (const [name, secure] of [
  ['plain', false],
  ['TLS', true],
] as const) {
  t.test(`counts unread bytes until the peer reads: ${name}`, { skip }, async (t) => {
    const { near, far } = await connection(t, secure);
    const queue = new TcpQueue(near);
    // More than two kernels hold for one connection, so that the peer's window closes.
    const block = Buffer.alloc(1 << 20);
    for (let i = 0; i < 12; i += 1) near.write(block);
    const inTable = (): number | undefined =>
      queuedBytes(readFileSync('/proc/net/tcp', 'latin1'), near.localPort!, near.remotePort!);
    const same = await until(() => {
      void queue.read();
      return queue.bytes > 100_000 && queue.bytes === inTable();
    }, 5000);
    t.ok(same, `${queue.bytes} bytes wait, as the table of the system has it`);
    far.resume();
    t.ok(
      await until(() => {
        void queue.read();
        return queue.bytes === 0;
      }, 5000),
      'all of it was taken',
    );
  });
}

t.test('reports only the queried socket with the addon', { skip: skip || twin }, async (t) => {
  t.equal(socketQueueBytes(-1), undefined);
  t.equal(socketQueueBytes(9999), undefined, 'a descriptor that is not open');
  const { near } = await connection(t, false);
  t.equal(socketQueueBytes((near as unknown as { _handle: { fd: number } })._handle.fd), 0);
});
