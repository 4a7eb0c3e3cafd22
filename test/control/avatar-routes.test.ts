import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';
const KEY = 'stream-key-of-the-avatar';

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  const post = (path: string, headers: Record<string, string>, body = 'v=0\r\n') =>
    fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'application/sdp', ...headers } });
  return { room, server, post };
}

t.test('takes an offer with the stream key, as a header or in the address, or with the token', async (t) => {
  const { room, post } = await serve(t);
  for (const [path, headers] of [
    ['/whip/avatar', { authorization: `Bearer ${KEY}` }],
    ['/whip/avatar', { authorization: `Bearer ${token}` }],
    [`/whip/avatar?key=${KEY}`, {}],
    [`/whip/avatar?key=${KEY}`, { 'content-type': 'text/plain; charset=utf-8' }],
  ] as [string, Record<string, string>][]) {
    const reply = await post(path, headers);
    t.equal(reply.status, 201);
    t.equal(reply.headers.get('location'), '/whip/avatar/avatar-1');
    t.equal(await reply.text(), 'v=0\r\n');
  }
  t.equal(room.calls.length, 4);
});

t.test('refuses others, and slows down who guesses', async (t) => {
  const { room, post } = await serve(t);
  t.equal((await post('/whip/avatar', {})).status, 401);
  const statuses: number[] = [];
  for (let i = 0; i < 25; i += 1) statuses.push((await post(`/whip/avatar?key=guess-${i}`, {})).status);
  t.equal(statuses[0], 401);
  t.equal(statuses.at(-1), 429);
  t.same(room.calls, []);
  t.equal((await post(`/whip/avatar?key=${KEY}`, {})).status, 201, 'the right key is taken all the same');
});

t.test('ends a session by its secret address and shows the state to who holds the token', async (t) => {
  const { room, server } = await serve(t);
  t.equal((await fetch(`${server.url}/whip/avatar/avatar-1`, { method: 'DELETE' })).status, 200);
  t.equal((await fetch(`${server.url}/whip/avatar/other`, { method: 'DELETE' })).status, 404);
  t.same(room.calls, ['avatar hang up']);
  t.equal((await fetch(`${server.url}/api/presenter/source`)).status, 401);
  const state = await fetch(`${server.url}/api/presenter/source`, { headers: { authorization: `Bearer ${token}` } });
  t.match(await state.json(), { source: 'whip', step: 'fresh', connected: true });
});
