import t, { type Test } from 'tap';
import { LiveTalkingServer } from '../../src/control/live-talking/live-talking-server.js';
import { silentLog } from '../../src/core/log.js';
import type { RoomHandle } from '../../src/config/api/room-handle.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test, more: Partial<RoomHandle> = {}) {
  const room = fakeRoom();
  const server = await LiveTalkingServer.start({
    room: { ...room, ...more },
    host: '127.0.0.1',
    port: 0,
    token,
    log: silentLog,
  });
  t.teardown(() => server.close());
  const base = `${server.url}/token/${token}`;
  /** As a client of LiveTalking sends it: JSON, often without its content type. */
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const reply = await fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
    return { status: reply.status, body: (await reply.json()) as { code: number; msg: string; data?: unknown } };
  };
  return { room, server, base, post };
}

t.test('speaks an echo as a judged line, and hands a chat over as a comment', async (t) => {
  const { room, post } = await serve(t);
  t.same(await post('/human', { text: 'Hello **everyone**', type: 'echo', interrupt: true, sessionid: '0' }), {
    status: 200,
    body: { code: 0, msg: 'ok' },
  });
  t.match(await post('/human', { text: 'my phone is 1234', type: 'echo' }), {
    status: 200,
    body: { code: -1, msg: 'refused: phone number / outside contact' },
  });
  t.match(await post('/human', { text: 'how much?', type: 'chat', sessionid: 0, tts: { voice: 'x' } }), {
    body: { code: 0 },
  });
  t.same(room.calls, [
    'say Hello everyone {"next":true,"interrupt":true}',
    'say my phone is 1234 {"next":true}',
    'page livetalking how much?',
  ]);
});

t.test('answers an offer with a session that later calls name', async (t) => {
  const { room, post } = await serve(t);
  const { body } = await post('/offer', { sdp: 'v=0\r\n', type: 'offer', avatar: 'x' });
  t.same(body, { sdp: 'v=0\r\n', type: 'answer', sessionid: 'viewer-1' });
  t.same(room.calls, ['offer 5']);
  t.same((await post('/is_speaking', { sessionid: 'viewer-1' })).body, { code: 0, msg: 'ok', data: true });
  t.match((await post('/is_speaking', { sessionid: 'somebody-else' })).body, { code: -1, msg: /session not found/ });
});

t.test('drops the lines sent before and cuts the one on air', async (t) => {
  const { room, post } = await serve(t);
  const one = { text: 'Hello', role: 'host', state: 'waiting', waitedMs: 5, place: null } as const;
  const agenda = room.agenda.snapshot();
  room.agenda.snapshot = () => ({
    ...agenda,
    waiting: [
      { ...one, id: 'say-1', kind: 'operator' },
      { ...one, id: 'reply-1', kind: 'reply' },
    ],
  });
  t.match((await post('/interrupt_talk', { sessionid: '' })).body, { code: 0 });
  t.match(room.calls, ['cancel say-1', /^script skip/]);
});

t.test('says why sound, recordings and gestures are refused', async (t) => {
  const { base, post } = await serve(t);
  const form = new FormData();
  form.set('sessionid', '0');
  form.set('file', new Blob([new Uint8Array(1000)]), 'a.wav');
  const sent = await fetch(`${base}/humanaudio`, { method: 'POST', body: form });
  t.match(await sent.json(), { code: -1, msg: /cannot be judged/ });
  t.match((await post('/record', { type: 'start_record' })).body, { code: -1, msg: /recording/ });
  t.match((await post('/set_audiotype', { audiotype: 1 })).body, { code: -1 });
});

t.test('answers broken bodies in LiveTalking’s form', async (t) => {
  const { base, post, room } = await serve(t);
  const raw = await fetch(`${base}/human`, { method: 'POST', body: '{"text":' });
  t.equal(raw.status, 200);
  t.match(await raw.json(), { code: -1, msg: /expected JSON/ });
  t.match((await post('/human', { text: 'x', type: 'sing' })).body, { code: -1 });
  t.match((await post('/human', { text: 'x'.repeat(2000), type: 'echo' })).body, { code: -1 });
  t.equal((await post('/human', { text: 'x'.repeat(400_000), type: 'echo' })).status, 413);
  t.match(await post('/nothing', {}), { status: 404, body: { code: -1 } });
  t.same(room.calls, []);
});

t.test('asks for the token on every address, in a header, the query or the path', async (t) => {
  const { server, room } = await serve(t);
  t.ok(server.routes.length >= 7);
  for (const { method, url } of server.routes) {
    const reply = await fetch(`${server.url}${url}`, { method, ...(method === 'POST' ? { body: '{}' } : {}) });
    t.equal(reply.status, 401, `${method} ${url}`);
    t.match(await reply.json(), { code: -1, msg: /Bearer TOKEN/ });
  }
  const body = JSON.stringify({ text: 'hi', type: 'echo' });
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${server.url}${path}`, { method: 'POST', body, headers })).status;
  t.equal(await ask('/token/wrong/human'), 401);
  t.equal(await ask('/human?token=wrong'), 401);
  t.equal(await ask(`/token/${token}wrong/human`), 401);
  t.same(room.calls, []);
  t.equal(await ask(`/token/${token}/human`), 200);
  t.equal(await ask(`/human?token=${token}`), 200);
  t.equal(await ask('/human', { authorization: `Bearer ${token}` }), 200);
  t.equal(await ask(`/token/${token}/human`, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }), 403);
  t.equal(room.calls.length, 3);
});

t.test('refuses a port that another program has', async (t) => {
  const { server } = await serve(t);
  const port = Number(new URL(server.url).port);
  await t.rejects(LiveTalkingServer.start({ room: fakeRoom(), host: '127.0.0.1', port, token, log: silentLog }), {
    code: 'E_PORT_IN_USE',
  });
});
