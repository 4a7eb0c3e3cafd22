import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  const api = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> => {
    const reply = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { room, api };
}

t.test('reads and edits segments and lines of the script', async (t) => {
  const { room, api } = await serve(t);
  t.match(await api('GET', '/api/script'), { status: 200, body: { revision: 3, segments: [{ id: 'intro' }] } });
  const line = { text: 'Welcome' };
  t.match(await api('POST', '/api/script/segments', { lines: [line], after: 'intro' }), {
    status: 201,
    body: { id: 'segment-2', revision: 4 },
  });
  t.equal((await api('PUT', '/api/script/segments/outro', { lines: [line] })).status, 200);
  t.equal((await api('PATCH', '/api/script/segments/intro', { product: null, after: null })).status, 200);
  t.equal((await api('DELETE', '/api/script/segments/outro')).status, 204);
  const lines = '/api/script/segments/intro/lines';
  t.match(await api('POST', lines, { ...line, after: null }), { status: 201, body: { id: 'line-2' } });
  t.equal((await api('PUT', `${lines}/hello`, line)).status, 200);
  t.equal((await api('PATCH', `${lines}/hello`, { caption: null, gesture: 'wave' })).status, 200);
  t.equal((await api('DELETE', `${lines}/hello`)).status, 204);
  t.equal((await api('PUT', '/api/script', { segments: [{ lines: [line] }] })).status, 200);
  t.equal((await api('PATCH', '/api/script', { gapMs: 300, fillers: ['Hm.'] })).status, 200);
  t.same(room.calls, [
    'script addSegment "segment-2" 1 "intro"',
    'script putSegment "outro" [{"text":"Welcome","variants":[],"gesture":"none"}]',
    'script patchSegment "intro" {"product":null,"after":null}',
    'script deleteSegment "outro"',
    'script addLine "line-2" "intro" "Welcome" "end"',
    'script putLine "hello" "intro" "Welcome"',
    'script patchLine "hello" "intro" {"caption":null,"gesture":"wave"}',
    'script deleteLine "intro" "hello"',
    'script replace 1',
    'script change {"gapMs":300,"fillers":["Hm."]}',
  ]);
});

t.test('answers a forbidden text with 422, the rule and the reason', async (t) => {
  const { api } = await serve(t);
  t.match(await api('PUT', '/api/script/segments/intro/lines/hello', { text: 'my phone' }), {
    status: 422,
    body: {
      error: {
        code: 'E_TEXT_REFUSED',
        details: { hits: [{ rule: '3.2' }], reason: { en: /phone number/, zh: /电话/ } },
      },
    },
  });
});

t.test('refuses bodies and ids that a room file could not hold', async (t) => {
  const { room, api } = await serve(t);
  const lines = '/api/script/segments/intro/lines';
  for (const [method, path, body] of [
    ['POST', lines, {}],
    ['POST', lines, { text: '' }],
    ['PATCH', `${lines}/hello`, { words: 'x' }],
    ['PATCH', `${lines}/hello`, { id: 'other' }],
    ['PUT', `${lines}/not%20an%20id`, { text: 'Hello' }],
    ['PUT', '/api/script', { segments: [] }],
    ['POST', '/api/script/jump', {}],
    ['POST', '/api/script/skip', { now: 'yes' }],
  ] as const) {
    const { status, body: answer } = await api(method, path, body);
    t.equal(status, 400, `${method} ${path}`);
    t.equal(answer.error.code, 'E_BAD_REQUEST');
  }
  t.same(room.calls, []);
});

t.test('moves through the script, holds it and goes on', async (t) => {
  const { room, api } = await serve(t);
  t.equal((await api('POST', '/api/script/jump', { segment: 'intro', line: 'hello', now: true })).status, 200);
  t.equal((await api('POST', '/api/script/jump', { segment: 'nowhere' })).status, 404);
  t.match(await api('POST', '/api/script/skip'), { status: 200, body: { skipped: 's0.0.0' } });
  t.match(await api('POST', '/api/script/pause'), { status: 200, body: { paused: true } });
  t.match(await api('POST', '/api/script/resume', { anything: 1 }), { status: 200, body: { paused: false } });
  t.same(room.calls, [
    'script jump {"segment":"intro","line":"hello","now":true}',
    'script skip {}',
    'script pause',
    'script resume',
  ]);
});

t.test('lists the agenda and drops a line of it', async (t) => {
  const { room, api } = await serve(t);
  t.match(await api('GET', '/api/agenda'), {
    status: 200,
    body: { current: { id: 's0.0.0' }, counters: { added: 2 } },
  });
  t.equal((await api('DELETE', '/api/agenda/say-1')).status, 204);
  t.equal((await api('DELETE', '/api/agenda/none')).status, 404);
  t.equal((await api('POST', '/api/say', { text: 'Now', interrupt: true, role: 'assistant' })).status, 202);
  t.same(room.calls, ['cancel say-1', 'say Now {"interrupt":true,"role":"assistant"}']);
});
