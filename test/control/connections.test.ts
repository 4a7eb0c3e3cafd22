import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { maxConnections, type ConnectionLimits } from '../../src/control/connections.js';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { until } from '../encoder/synthetic-room.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test, limits: Partial<ConnectionLimits>) {
  const logged: { fields: Record<string, unknown>; message: string }[] = [];
  const warn = (fields: object, message: string) =>
    void logged.push({ fields: fields as Record<string, unknown>, message });
  const log = { ...silentLog, warn };
  const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log, limits });
  t.teardown(() => server.close());
  const sockets = new Set<Socket>();
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  /** A connection that sends `text` and then nothing. */
  const open = (text = ''): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(text);
        resolve(socket);
      });
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.resume();
    });
  /** Status of an operator's request. */
  const ask = (agent?: Agent, path = '/api/room', headers: object = { authorization: `Bearer ${token}` }) =>
    new Promise<number>((resolve, reject) => {
      const req = request(server.url + path, { agent: agent ?? false, headers: { ...headers } }, (res) => {
        res.resume();
        res.on('end', () => resolve(res.statusCode!));
      });
      req.on('error', reject);
      req.end();
    });
  return { server, logged, sockets, open, ask };
}

t.test('limits connections by the process’s file handles', async (t) => {
  const limits = (files: number | string): string =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                 20000                files\n`;
  t.equal(maxConnections(limits(1024)), 384);
  t.equal(maxConnections(limits(20_000)), 1024);
  t.equal(maxConnections(limits(300)), 22);
  t.equal(maxConnections(limits(100)), 16, 'a page, a camera and a scraper');
  t.equal(maxConnections(limits('unlimited')), 1024);
  t.equal(maxConnections(''), 384, 'without a limit from the system');
  t.ok(maxConnections() >= 16);
});

t.test('replaces silent strangers by new connections, never the operator’s', async (t) => {
  const { logged, sockets, open, ask } = await serve(t, { max: 20 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  let connections = 0;
  const createConnection = agent.createConnection!.bind(agent);
  agent.createConnection = (...args: Parameters<typeof createConnection>) => {
    connections += 1;
    return createConnection(...args);
  };
  t.equal(await ask(agent), 200);
  for (let i = 0; i < 150; i += 1) await open();
  t.equal(await ask(agent), 200);
  t.equal(connections, 1, 'the connection with the token stayed');
  t.ok(await until(() => sockets.size <= 20, 3000), `${sockets.size} strangers are left`);
  t.equal(await ask(), 200, 'a new connection is accepted');
  t.equal(await ask(undefined, '/healthz', {}), 200, 'also a stranger’s');
  t.equal(logged.length, 1, 'one line in the log');
  t.match(logged[0], { fields: { max: 20 }, message: /too many HTTP connections.*the show goes on/ });
});

t.test('keeps an answered stranger longer than silent ones', async (t) => {
  const { open, ask } = await serve(t, { max: 10 });
  const player = await open('GET /camera.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  await new Promise((resolve) => player.once('data', resolve));
  for (let i = 0; i < 50; i += 1) await open();
  t.equal(await ask(), 200);
  t.equal(player.destroyed, false);
});

t.test('closes a silent or slow connection', async (t) => {
  const times = { headersMs: 300, requestMs: 1500, strangersBodyMs: 600, unreadBodyMs: 300, checkMs: 100 };
  const { open, ask } = await serve(t, times);
  const head = 'HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n';
  const slow: Record<string, string> = {
    'no byte': '',
    'half a header': 'GET /healthz HTTP/1.1\r\nhost: 127',
    'an offer without its end': `POST /whep ${head}content-type: application/sdp\r\n\r\nv=0`,
    'a body that nobody wants': `PUT /api/layers/x ${head}content-type: application/json\r\n\r\n{`,
    'a layer of somebody with the token': `PUT /api/layers/x ${head}authorization: Bearer ${token}\r\ncontent-type: application/json\r\n\r\n{`,
    'a body of a button': `POST /api/mute ${head}authorization: Bearer ${token}\r\n\r\n`,
  };
  const began = performance.now();
  const ended = await Promise.all(
    Object.entries(slow).map(async ([what, text]) => {
      const socket = await open(text);
      // A byte at intervals, as a slow client sends them.
      const drip = setInterval(() => text.includes('\r\n\r\n') && socket.write(' '), 50);
      await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(drip);
      return [what, Math.round(performance.now() - began)] as const;
    }),
  );
  for (const [what, ms] of ended) t.ok(ms < 8000, `${what}: ${ms} ms`);
  const by = Object.fromEntries(ended);
  t.ok(by['a layer of somebody with the token']! > by['an offer without its end']!, JSON.stringify(by));
  t.equal(await ask(), 200);
});

t.test('accepts a slow body that is in time', async (t) => {
  const { open } = await serve(t, { strangersBodyMs: 3000 });
  const body = 'v=0\r\n';
  const socket = await open(
    `POST /whep HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/sdp\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  for (const char of body) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    socket.write(char);
  }
  t.ok(await until(() => answer.startsWith('HTTP/1.1 201'), 3000), answer.slice(0, 80));
});
