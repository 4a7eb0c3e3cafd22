import { request } from 'node:http';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { isEngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-token';

async function start(t: Test, port = 0) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port, token, log: silentLog });
  t.teardown(() => server.close());
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ) => {
    const reply = await fetch(server.url + path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    let json: any;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: reply.status, text, json, headers: reply.headers };
  };
  return { room, server, call };
}

t.test('requires the bearer token and asks for it', async (t) => {
  const { call } = await start(t);
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: token }]) {
    const reply = await call('GET', '/api/room', undefined, headers as Record<string, string>);
    t.equal(reply.status, 401);
    t.equal(reply.json.error.code, 'E_UNAUTHORIZED');
    t.notMatch(reply.text, token);
  }
  t.equal((await call('GET', '/api/room')).json.frames.releasedUnjudged, 0);
});

t.test('serves a browser without Chinese fonts slices of one, and no other file', async (t) => {
  const { call } = await start(t);
  const sheet = await call('GET', '/fonts/wght.css', undefined, {});
  t.match(sheet.headers.get('content-type'), 'text/css');
  const slice = /url\((\.\/files\/[^)]+)\)/.exec(sheet.text)![1]!;
  const font = await call('GET', new URL(slice, 'http://x/fonts/wght.css').pathname, undefined, {});
  t.equal(font.status, 200);
  t.ok(font.text.startsWith('wOF2'));
  t.equal(font.headers.get('content-type'), 'font/woff2');
  t.match(slice, /\?v=\d/, 'another version of the font has another address, so a slice may be cached for long');
  t.match(font.headers.get('cache-control'), 'immutable');
  for (const other of ['nothing.woff2', '..%2Fpackage.json', '%2e%2e%2fpackage.json']) {
    t.equal((await call('GET', `/fonts/files/${other}`, undefined, {})).status, 404, other);
  }
});

t.test('serves health, metrics and the page without a token', async (t) => {
  const { call, room } = await start(t);
  t.match((await call('GET', '/healthz', undefined, {})).json, {
    ok: true,
    status: 'ok',
    state: 'on-air',
    frame: 1830,
  });
  const metrics = await call('GET', '/metrics', undefined, {});
  const whole = await call('GET', '/metrics');
  t.match(metrics.text, /showroom_frames_released_unjudged_total 0/);
  t.match(metrics.text, /showroom_frames_in_window 8/);
  t.match(whole.text, /showroom_audio_blocks_muted_by_cause_total\{cause="violation"\} 12/);
  t.match(metrics.text, /showroom_audio_blocks_in_window 8/);
  t.match(metrics.text, /showroom_late_ticks_total\{cause="encode"\} 1/);
  t.match(metrics.text, /showroom_source_step\{source="film",kind="clip",step="slate"\} 1/);
  t.match(metrics.text, /showroom_avatar_speech_lines_total\{result="sent"\} 7/);
  t.match(metrics.text, /showroom_avatar_speech_link\{state="live"\} 1/);
  t.match(metrics.text, /showroom_output_live\{output="taobao",kind="rtmp"\} 1/);
  t.match(whole.text, /showroom_voice_state\{provider="openai",voice="nova",state="resting"\} 1/);
  t.match(whole.text, /showroom_voice_pieces_total\{provider="openai",voice="nova",result="cached"\} 20/);
  t.match(whole.text, /showroom_voice_characters_today\{provider="openai",voice="nova"\} 412/);
  t.notMatch(metrics.text, /nova/, 'what voices cost is for the operator');
  for (const path of ['/', '/desk/report', '/icon.svg']) {
    const page = await call('GET', path, undefined, {});
    t.equal(page.status, 200, path);
    t.match(page.headers.get('content-security-policy'), /script-src 'self'/);
  }
  room.blank();
  t.equal((await call('GET', '/healthz', undefined, {})).json.state, 'blanked');
  t.match(metrics.text, /showroom_ledger_failing 0\n.*showroom_evidence_dropped_total 2\n/s);
  room.state.ledgerFailing = true;
  const failing = await call('GET', '/healthz', undefined, {});
  t.match(
    failing,
    { status: 200, json: { ok: true, status: 'degraded', degraded: ['slate', 'ledger'] } },
    'on air, but degraded',
  );
});

t.test('forbids to keep any answer of the API', async (t) => {
  const { call } = await start(t);
  for (const path of ['/api/room', '/api/events', '/api/takeover', '/api/no-such-address'])
    t.equal((await call('GET', path)).headers.get('cache-control'), 'no-store', path);
});

t.test('answers a say with the verdict', async (t) => {
  const { call, room } = await start(t);
  t.match(await call('POST', '/api/say', { text: 'Hello', next: true }), { status: 202, json: { result: 'queued' } });
  t.match(await call('POST', '/api/say', { text: 'my phone' }), {
    status: 422,
    json: { result: 'refused', reason: { en: 'phone number / outside contact' }, hits: [{ rule: '3.2' }] },
  });
  t.match(await call('POST', '/api/say', { txt: 'Hello' }), {
    status: 400,
    json: { error: { code: 'E_BAD_REQUEST' } },
  });
  t.match(await call('POST', '/api/say', { text: 'x'.repeat(1001) }), { status: 400 });
  t.match(
    await call('POST', '/api/say', '{broken', { authorization: `Bearer ${token}`, 'content-type': 'application/json' }),
    { status: 400 },
  );
  t.equal(room.calls.filter((c) => c.startsWith('say')).length, 2);
});

t.test('answers a refused layer with 422 and the reason', async (t) => {
  const { call, room } = await start(t);
  t.match(await call('PUT', '/api/layers/star', { type: 'sticker', src: 'data:' }), {
    status: 200,
    json: { id: 'star', atFrame: 7 },
  });
  t.match(await call('PUT', '/api/layers/qr', {}), {
    status: 422,
    json: { error: { code: 'E_ASSET_REFUSED', found: 'a QR code' } },
  });
  t.match(await call('GET', '/api/layers'), { status: 200, json: { layers: [{ id: 'star', can: { turn: true } }] } });
  t.match(await call('PATCH', '/api/layers/star?gesture=drag', { x: 4 }), { status: 200, json: { box: { x: 1 } } });
  t.ok(room.calls.includes('patch star {"x":4} {"gesture":"drag"}'));
  t.match(await call('PUT', '/api/layers/order', { ids: ['star', 'who'] }), {
    status: 200,
    json: { canvas: { width: 720 } },
  });
  t.ok(room.calls.includes('order star who'));
  t.match(await call('PUT', '/api/layers/order', {}), { status: 400, json: { error: { where: /order: ids/ } } });
  t.match(await call('POST', '/api/redo'), { status: 200, json: { redone: { what: 'audio' }, redo: [{ id: 2 }] } });
  t.match(await call('PATCH', '/api/replies', { minGapMs: 1 }), { status: 200, json: { minGapMs: 4000 } });
  t.match(await call('GET', '/api/llm'), { status: 200, json: { llm: null, today: { requests: 0 } } });
  t.match(await call('POST', '/api/llm/test'), { status: 200, json: { ok: true } });
  t.equal((await call('DELETE', '/api/layers/star')).status, 204);
});

t.test('applies encoder settings and returns the resulting ones', async (t) => {
  const { call, room } = await start(t);
  t.match(await call('PATCH', '/api/encoder', { videoKbps: 1800 }), {
    status: 200,
    json: { generation: 1, videoKbps: 2500 },
  });
  t.same(room.calls, ['encoder {"videoKbps":1800}']);
  t.equal((await call('PATCH', '/api/encoder', {}, {})).status, 401);
});

t.test('lets the operator mute, blank and resume', async (t) => {
  const { call } = await start(t);
  t.same((await call('POST', '/api/mute')).json, { state: 'on-air', muted: true, blanked: false, slate: [] });
  t.same((await call('POST', '/api/blank')).json, {
    state: 'blanked',
    muted: true,
    blanked: true,
    slate: ['operator'],
  });
  t.same((await call('POST', '/api/resume')).json, { state: 'on-air', muted: false, blanked: false, slate: [] });
  t.equal((await call('GET', '/api/mute')).status, 404);
});

t.test('undoes the named command, and returns the remaining reasons', async (t) => {
  const { call, room } = await start(t);
  room.mute();
  room.blank();
  room.state.holds.push('words');
  t.same((await call('POST', '/api/resume', { mute: true })).json, {
    state: 'blanked',
    muted: false,
    blanked: true,
    slate: ['operator', 'words'],
  });
  t.same((await call('POST', '/api/resume')).json, {
    state: 'blanked',
    muted: false,
    blanked: false,
    slate: ['words'],
  });
  t.match(await call('POST', '/api/resume', { sound: true }), { status: 400, json: { error: { found: /sound/ } } });
  t.match(await call('POST', '/api/resume', { mute: 'yes' }), { status: 400, json: { error: { where: /mute/ } } });
  t.match((await call('GET', '/api/room')).json, { state: 'blanked', slate: ['words'] });
  t.match((await call('GET', '/healthz')).json, {
    ok: true,
    status: 'degraded',
    state: 'blanked',
    slate: ['words'],
    degraded: ['slate'],
  });
  const metrics = (await call('GET', '/metrics')).text;
  t.match(metrics, /showroom_slate\{reason="words"\} 1/);
  t.match(metrics, /showroom_on_air 0/);
});

t.test('hides the reasons for the slate and the risk without the token', async (t) => {
  const { call, room } = await start(t);
  room.state.holds.push('risk');
  const health = await call('GET', '/healthz', undefined, {});
  t.strictSame(Object.keys(health.json), ['ok', 'status', 'state', 'frame', 'lateTicks', 'degraded']);
  t.equal(health.json.state, 'blanked', 'public');
  const open = (await call('GET', '/metrics', undefined, {})).text;
  const whole = (await call('GET', '/metrics')).text;
  for (const name of ['risk_score', 'risk_at_limit', 'slate', 'watch_fault', 'frames_replaced_by_cause_total']) {
    t.notMatch(open, `showroom_${name}`);
    t.match(whole, `showroom_${name}`);
  }
  t.match(open, 'showroom_frames_released_total 1800');
  t.match(whole, 'showroom_risk_score 1.5');
});

t.test('rejects JSON nested thousands of levels deep', async (t) => {
  const { call } = await start(t);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
  const cases: [string, string, string][] = [
    ['POST', '/api/say', `{"text":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`],
    ['POST', '/api/resume', deep],
    ['PUT', '/api/layers/star', `{"type":${deep}}`],
    ['PATCH', '/api/encoder', `{"videoKbps":${'['.repeat(64)}1${']'.repeat(64)}}`],
  ];
  for (const [method, path, body] of cases) {
    t.match(await call(method, path, body, headers), { status: 400, json: { error: { expected: /64 levels/ } } }, path);
  }
  const flat = `{"videoKbps":${'['.repeat(63)}1${']'.repeat(63)}}`;
  t.equal((await call('PATCH', '/api/encoder', flat, headers)).status, 200);
});

t.test('reports the dropped frames of a dump, and requires the token', async (t) => {
  const { call, room } = await start(t);
  t.match(await call('POST', '/api/dump'), { status: 200, json: { fromFrame: 1822, frames: 8, ms: 266 } });
  t.strictSame(room.calls, ['dump']);
});

t.test('answers WHEP with 201 and a location, and only to SDP', async (t) => {
  const { call, room } = await start(t);
  const reply = await call('POST', '/whep', 'v=0\r\n', { 'content-type': 'application/sdp' });
  t.equal(reply.status, 201);
  t.equal(reply.headers.get('location'), '/whep/viewer-1');
  t.equal(reply.headers.get('content-type'), 'application/sdp');
  t.match(await call('POST', '/whep', { a: 1 }, {}), { status: 400, json: { error: { code: 'E_SDP_INVALID' } } });
  t.equal(
    (await call('PATCH', '/whep/viewer-1', 'a=candidate', { 'content-type': 'application/trickle-ice-sdpfrag' }))
      .status,
    204,
  );
  t.equal((await call('DELETE', '/whep/viewer-1', undefined, {})).status, 200);
  t.same(room.calls, ['offer 5', 'candidate viewer-1', 'delete viewer-1']);
});

t.test('says what to do when a part that it loads late has gone with another version', async (t) => {
  const { call, room } = await start(t);
  const dist = pathToFileURL(t.testdir({ dist: { 'other.js': 'export const one = 1;' } }) + '/dist/').href;
  const offer = async (): Promise<number> =>
    (await call('POST', '/whep', 'v=0\r\n', { 'content-type': 'application/sdp' })).status;
  for (const load of [
    () => import(`${dist}gone.js`),
    () => import(`data:text/javascript,import{two}from'${dist}other.js'`),
  ]) {
    room.whepOffer = async () => load() as never;
    t.equal(await offer(), 503);
    t.match(await call('POST', '/whep', 'v=0\r\n', { 'content-type': 'application/sdp' }), {
      json: { error: { code: 'E_REPLACED', todo: /start it again/ } },
    });
  }
  room.whepOffer = async () => {
    throw new SyntaxError('Unexpected token');
  };
  t.equal(await offer(), 500, 'other faults are those of the engine');
});

t.test('rejects a foreign host name on loopback', async (t) => {
  const { server } = await start(t);
  const status = await new Promise((resolve, reject) => {
    const req = request(`${server.url}/healthz`, { headers: { host: 'evil.example' } }, (res) => {
      res.resume();
      resolve(res.statusCode);
    });
    req.on('error', reject);
    req.end();
  });
  t.equal(status, 400);
});

t.test('names a port in use and the remedy', async (t) => {
  const { server } = await start(t);
  const error: unknown = await ControlServer.start({
    room: fakeRoom(),
    host: '127.0.0.1',
    port: server.port,
    token,
    log: silentLog,
  }).catch((e: unknown) => e);
  t.ok(isEngineError(error));
  t.match(error, { code: 'E_PORT_IN_USE', message: /--port/ });
});

t.test('serves playlists to any page, and output changes only with the token', async (t) => {
  const { call } = await start(t);
  const playlist = await call('GET', '/hls/phone/index.m3u8', undefined, {});
  t.equal(playlist.text, '#EXTM3U\n');
  t.match(playlist.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  t.equal(playlist.headers.get('access-control-allow-origin'), '*');
  t.equal(playlist.headers.get('cache-control'), 'no-cache');
  for (const path of ['/hls/phone/9.m4s', '/hls/other/index.m3u8', '/hls/phone/..%2f..%2fetc%2fpasswd']) {
    t.equal((await call('GET', path, undefined, {})).status, 404, path);
  }
  t.equal((await call('GET', '/api/outputs', undefined, {})).status, 401);
  t.match((await call('GET', '/api/outputs?events=7')).json, {
    outputs: [{ id: 'taobao', publishes: 3 }],
    events: [{ seq: 7, output: 'taobao', state: 'live', before: 'connecting' }],
  });
  t.match(
    (await call('GET', '/metrics', undefined, {})).text,
    /showroom_output_state\{output="taobao",kind="rtmp",state="live"\} 1/,
  );
});

t.test('logs the cause of an internal error and keeps it from the answer', async (t) => {
  const room = fakeRoom();
  room.say = () => Promise.reject(new Error('the pen broke'));
  const logged: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void logged.push(fields) };
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log });
  t.teardown(() => server.close());
  const reply = await fetch(`${server.url}/api/say`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"text":"Hello"}',
  });
  t.equal(reply.status, 500);
  t.notMatch(await reply.text(), 'pen');
  t.match(logged, [{ code: 'E_INTERNAL', path: '/api/say', error: /the pen broke\n.*at / }]);
});
