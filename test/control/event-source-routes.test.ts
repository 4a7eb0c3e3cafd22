import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import type { RoomHandle } from '../../src/config/api/room-handle.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test, more: Partial<RoomHandle> = {}) {
  const room = fakeRoom();
  const server = await ControlServer.start({
    room: { ...room, ...more },
    host: '127.0.0.1',
    port: 0,
    token,
    log: silentLog,
  });
  t.teardown(() => server.close());
  const ask = async (path: string, body?: unknown) => {
    const reply = await fetch(`${server.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        origin: 'chrome-extension://abcdefghijklmnop',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, any> };
  };
  return { room, server, ask };
}

t.test('lists the sources of events', async (t) => {
  const { ask } = await serve(t);
  t.same(await ask('/api/events/sources'), {
    status: 200,
    body: { sources: [{ id: 'shop', kind: 'oba', state: 'live', lastError: '', events: 3 }] },
  });
});

t.test('takes comments of a page, and an empty batch as a sign of life', async (t) => {
  const { room, ask } = await serve(t);
  const events = [{ id: 'a1', user: 'Anna', text: 'how much?' }];
  t.same((await ask('/api/events/page', { site: 'live.alibaba.com', events })).body, {
    taken: 1,
    repeated: 0,
    dropped: 0,
  });
  t.equal((await ask('/api/events/page', { site: '127.0.0.1:8123', events: [] })).status, 200);
  t.same(room.calls, ['page live.alibaba.com how much?', 'page 127.0.0.1:8123 ']);
});

t.test('refuses batches of another shape, too many comments and foreign sites’ names', async (t) => {
  const { room, ask } = await serve(t);
  const one = { id: 'a', user: '', text: 'x' };
  for (const body of [
    {},
    { site: 'https://x.example', events: [] },
    { site: 'x.example', events: [{ ...one, text: '' }] },
    { site: 'x.example', events: [{ ...one, more: 1 }] },
    { site: 'x.example', events: Array.from({ length: 101 }, () => one) },
  ]) {
    const { status, body: answer } = await ask('/api/events/page', body);
    t.equal(status, 400);
    t.match(answer, { error: { code: 'E_BAD_REQUEST' } });
  }
  t.same(room.calls, []);
});

t.test('answers a captured page with its product, and saves it on request', async (t) => {
  const { room, ask } = await serve(t);
  const page = { url: 'https://www.alibaba.com/product-detail/x_1.html', data: { detailData: { a: 1 } } };
  t.same(await ask('/api/intake', page), {
    status: 200,
    body: { product: { id: 'cup', title: 'Cup' }, warnings: [], origins: [], added: false },
  });
  await ask('/api/intake', { ...page, html: '<html>', save: true });
  t.same(room.calls, [`intake ${page.url} {"save":false}`, `intake ${page.url} {"save":true}`]);
});

t.test('adds the product to the show on request', async (t) => {
  const { room, ask } = await serve(t);
  const page = { url: 'https://x.example/p', html: '<html></html>', add: true };
  t.match(await ask('/api/intake', page), { status: 200, body: { added: true } });
  t.same(room.calls, [`intake ${page.url} {"save":true}`, 'put product cup {"id":"cup","title":"Cup"}']);
});

t.test('refuses pages above 4 MB, other addresses, and passes the page’s fault on', async (t) => {
  const { ask } = await serve(t, {
    intake: {
      take: async () => {
        throw new EngineError('E_LISTING_PAGE', { where: 'page', expected: 'a product page', found: 'a login page' });
      },
    },
  });
  t.equal((await ask('/api/intake', { url: 'https://x.example', html: 'x'.repeat(4_300_000) })).status, 413);
  t.equal((await ask('/api/intake', { url: 'file:///etc/passwd' })).status, 400);
  t.match(await ask('/api/intake', { url: 'https://x.example', html: '<html>' }), {
    status: 422,
    body: { error: { code: 'E_LISTING_PAGE', found: 'a login page' } },
  });
});
