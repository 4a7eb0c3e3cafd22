import { request } from 'node:http';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const BUTTONS: readonly (readonly [method: string, path: string, status: number])[] = [
  ['POST', '/api/mute', 200],
  ['POST', '/api/blank', 200],
  ['POST', '/api/dump', 200],
  ['POST', '/api/resume', 200],
  ['DELETE', '/api/layers/star', 204],
];

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => server.close());
  const send = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<number> =>
    new Promise((resolve, reject) => {
      // Node sends a DELETE without a length.
      const length = body === '' ? {} : { 'content-length': String(body.length) };
      const all = { authorization: 'Bearer x', ...length, ...headers };
      const req = request(server.url + path, { method, headers: all }, (res) => {
        res.resume();
        resolve(res.statusCode!);
      });
      req.on('error', reject);
      req.end(body);
    });
  return { room, send };
}

t.test('treats an empty body as no body, whatever its type', async (t) => {
  const { send } = await serve(t);
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'json', '']) {
    for (const [method, path, status] of BUTTONS) {
      const told = `${method} ${path} with "${type}"`;
      t.equal(await send(method, path, { 'content-type': type }), status, told);
      t.equal(await send(method, path, { 'content-type': type, 'content-length': '0' }), status, `${told}, length 0`);
    }
  }
  const pieces = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  for (const [method, path, status] of BUTTONS) t.equal(await send(method, path, pieces), status, `${path}, chunked`);
});

t.test('ignores the body of a command without one, but requires its token', async (t) => {
  const { room, send } = await serve(t);
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'json']) {
    for (const [method, path, status] of BUTTONS) {
      if (path === '/api/resume') continue;
      t.equal(await send(method, path, { 'content-type': type }, '{broken'), status, `${path} with "${type}"`);
      t.equal(await send(method, path, { 'content-type': type, authorization: '' }, '{broken'), 401);
    }
  }
  t.match(room.state, { muted: true, blanked: true });
});

t.test('validates the body of a resume', async (t) => {
  const { room, send } = await serve(t);
  room.mute();
  t.equal(await send('POST', '/api/resume', { 'content-type': 'application/json' }, '{broken'), 400);
  t.equal(await send('POST', '/api/resume', { 'content-type': 'text/csv' }, 'risk'), 400);
  t.ok(room.state.muted);
  t.equal(await send('POST', '/api/say', { 'content-type': 'application/json' }), 400, 'a say without a text');
});

t.test('refuses keys that reach a prototype, except in the objects of a stranger’s page', async (t) => {
  const { room, send } = await serve(t);
  const json = { 'content-type': 'application/json' };
  t.equal(await send('POST', '/api/say', json, '{"text":"x","__proto__":{"a":1}}'), 400);
  const page =
    '{"url":"https://shop.example/p","data":{"detailData":{"__proto__":{"a":1},"constructor":{"prototype":{}}}}}';
  t.equal(await send('POST', '/api/intake', json, page), 200);
  t.match(room.calls, ['intake https://shop.example/p {"save":false}']);
  t.equal(({} as Record<string, unknown>)['a'], undefined);
});
