import { once } from 'node:events';
import t, { type Test } from 'tap';
import WebSocket from 'ws';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';
const authorization = `Bearer ${token}`;
const comment = (id: string, text = 'How much?'): object => ({
  id,
  platform: 'taobao',
  kind: 'comment',
  user: 'Anna',
  text,
});

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const address = `${server.url.replace('http', 'ws')}/api/events`;
  return { room, server, post, address };
}

/** Status of a refused upgrade, or 101. */
function upgrade(t: Test, address: string, protocols: string[], headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(address, protocols, { headers });
  t.teardown(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, reply) => {
      resolve(reply.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => resolve(0));
  });
}

t.test('takes one event and a list, and lists their outcomes', async (t) => {
  const { server, post } = await serve(t);
  const one = await post('/api/events', comment('1'));
  t.equal(one.status, 202);
  t.same(await one.json(), { taken: 1, repeated: 0, dropped: 0 });
  t.same(await (await post('/api/events', [comment('2'), comment('3')])).json(), { taken: 2, repeated: 0, dropped: 0 });
  const list = await fetch(`${server.url}/api/events?limit=2`, { headers: { authorization } });
  const { events } = (await list.json()) as { events: { id: string }[] };
  t.same(
    events.map(({ id }) => id),
    ['3', '2'],
  );
});

t.test('refuses malformed events, and says where', async (t) => {
  const { post, server } = await serve(t);
  for (const body of [{}, [], { ...comment('1'), kind: 'shout' }, { ...comment('1'), more: 1 }, comment(''), 'text']) {
    const reply = await post('/api/events', body);
    t.equal(reply.status, 400, JSON.stringify(body));
  }
  const wrong = (await (await post('/api/events', [comment('1'), { ...comment('2'), count: 0 }])).json()) as {
    error: { where: string };
  };
  t.match(wrong, { error: { where: /\[1\]\.count|1\.count/ } });
  t.equal((await fetch(`${server.url}/api/events?limit=0`, { headers: { authorization } })).status, 400);
});

t.test('lists open questions and speaks the operator’s answer', async (t) => {
  const { post, server } = await serve(t);
  const list = await fetch(`${server.url}/api/questions`, { headers: { authorization } });
  t.match(await list.json(), { questions: [{ id: 'q1', count: 2 }] });
  t.equal((await post('/api/questions/q1/answer', { text: 'It is quiet.' })).status, 202);
  t.equal((await post('/api/questions/q1/answer', { text: 'my phone' })).status, 422);
  t.equal((await post('/api/questions/q2/answer', { text: 'Yes.' })).status, 404);
  t.equal((await post('/api/questions/q1/answer', { text: ' ' })).status, 400);
});

t.test('takes events over a WebSocket and reports each change', async (t) => {
  const { room, address } = await serve(t);
  const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
  t.teardown(() => socket.terminate());
  const messages: { type: string }[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  t.equal(socket.protocol, 'showroom', 'the token is not sent back');
  const until = async (count: number): Promise<void> => {
    while (messages.length < count) await once(socket, 'message');
  };
  socket.send(JSON.stringify([comment('1'), comment('2')]));
  await until(3);
  t.match(messages, [
    { type: 'event', event: { id: '1', state: 'taken' } },
    { type: 'event', event: { id: '2' } },
    { type: 'taken', taken: 2, repeated: 0, dropped: 0 },
  ]);
  for (const bad of ['{', '[]', '{"id":1}', `${'['.repeat(50)}${']'.repeat(50)}`]) socket.send(bad);
  socket.send(Buffer.from([1, 2, 3]));
  await until(8);
  t.ok(messages.slice(3).every(({ type }) => type === 'error'));
  room.events.take([{ id: '9', platform: 'x', kind: 'like', user: '' }]);
  await until(9);
  t.match(messages.at(-1), { type: 'event', event: { id: '9', kind: 'like' } });
});

t.test('opens a WebSocket only with the token, and never for another site', async (t) => {
  const { server, address } = await serve(t);
  const right = ['showroom', `showroom.token.${token}`];
  t.equal(await upgrade(t, address, []), 401);
  t.equal(await upgrade(t, address, ['showroom']), 401);
  t.equal(await upgrade(t, address, ['showroom', 'showroom.token.wrong']), 401);
  t.equal(await upgrade(t, address, right), 101);
  t.equal(await upgrade(t, address, [], { authorization }), 101);
  t.equal(await upgrade(t, address, right, { origin: server.url }), 101);
  t.equal(await upgrade(t, address, right, { origin: 'https://evil.example' }), 403);
  t.equal(await upgrade(t, address, right, { 'sec-fetch-site': 'cross-site' }), 403);
  t.equal(await upgrade(t, address, right, { host: 'evil.example' }), 400);
  t.equal(await upgrade(t, address.replace('/events', '/%65vents'), []), 401);
  t.equal(await upgrade(t, address.replace('/api/events', '/api/room'), right), 404);
});

t.test('closes its WebSockets with the server', async (t) => {
  const { server, address } = await serve(t);
  const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await server.close();
  await closed;
  t.pass('closed');
});
