import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const headers = { authorization: 'Bearer x' };

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  const send = async (method: string, path: string, body?: string | Buffer<ArrayBuffer>, type = 'application/json') => {
    const init = body === undefined ? {} : { body, headers: { ...headers, 'content-type': type } };
    const reply = await fetch(server.url + path, { method, headers, ...init });
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  };
  return { room, send };
}

t.test('takes over, says a line and a phrase, and gives back', async (t) => {
  const { room, send } = await serve(t);
  t.match(JSON.parse((await send('GET', '/api/takeover')).text), { on: false, mode: null });
  t.match(JSON.parse((await send('POST', '/api/takeover', '{"mode":"text"}')).text), { on: true, mode: 'text' });
  t.equal((await send('POST', '/api/takeover/say', '{"text":"Hello"}')).status, 202);
  t.equal((await send('POST', '/api/takeover/say', '{"phrase":"hello"}')).status, 202);
  t.equal((await send('POST', '/api/takeover/say', '{"text":"my phone"}')).status, 422);
  t.match(JSON.parse((await send('DELETE', '/api/takeover')).text), { on: false });
  t.same(room.calls, [
    'takeover text',
    'takeover say {"text":"Hello"}',
    'takeover say {"phrase":"hello"}',
    'takeover say {"text":"my phone"}',
    'takeover end',
  ]);
});

t.test('refuses an unknown mode, a line that is also a phrase, and an empty one', async (t) => {
  const { room, send } = await serve(t);
  for (const body of ['{"mode":"video"}', '{}', '']) {
    t.equal((await send('POST', '/api/takeover', body)).status, 400, body);
  }
  for (const body of ['{"text":""}', '{"text":"a","phrase":"b"}', '{}', 'null'])
    t.equal((await send('POST', '/api/takeover/say', body)).status, 400, body);
  t.same(room.calls, []);
});

t.test('takes a recording of any sound type as the body, with its caption in the query', async (t) => {
  const { room, send } = await serve(t);
  const sound = Buffer.alloc(2_000_000, 1);
  for (const type of ['audio/wav', 'audio/mpeg', 'audio/ogg; codecs=opus', 'application/octet-stream'])
    t.equal((await send('POST', '/api/takeover/audio?text=Hello%20you', sound, type)).status, 202, type);
  t.same(new Set(room.calls), new Set(['takeover audio 2000000 Hello you']));
  room.calls.length = 0;
  t.equal((await send('POST', '/api/takeover/audio')).status, 400, 'no body');
  t.equal((await send('POST', '/api/takeover/audio', '{"a":1}')).status, 400, 'JSON');
  t.equal((await send('POST', '/api/takeover/audio?text=', sound, 'audio/wav')).status, 400, 'an empty caption');
  t.equal((await send('POST', '/api/takeover/audio', Buffer.alloc(31 << 20), 'audio/wav')).status, 413, 'too large');
  t.same(room.calls, []);
});

t.test('answers the offer of a microphone, with its session as the location', async (t) => {
  const { room, send } = await serve(t);
  const { status, headers: sent, text } = await send('POST', '/whip/takeover', 'v=0\r\n', 'application/sdp');
  t.equal(status, 201);
  t.equal(sent.get('location'), '/whip/takeover/voice-1');
  t.equal(text, 'v=0\r\n');
  t.equal((await send('DELETE', '/whip/takeover/voice-1')).status, 200);
  t.equal((await send('POST', '/whip/takeover', '{}')).status, 400);
  t.same(room.calls, ['takeover offer 5', 'takeover hang up voice-1']);
});
