import t from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-token-of-this-very-room';

t.test('edits of products, sound, presenter and the room file reach the room', async (t) => {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const reply = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  t.match(await send('GET', '/api/products'), { status: 200, body: { products: [{ id: 'bottle' }] } });
  t.equal((await send('GET', '/api/products/mug')).status, 404);
  t.equal((await send('POST', '/api/products', { id: 'mug' })).status, 201);
  t.equal((await send('PUT', '/api/products/mug', { title: 'Mug' })).status, 200);
  t.equal((await send('PATCH', '/api/products/bottle', { price: { amount: 4 } })).status, 200);
  t.equal((await send('PATCH', '/api/products/mug', {})).status, 404);
  t.match(await send('POST', '/api/products/bottle/pin', {}, 'text/plain'), {
    status: 200,
    body: { pinned: 'bottle' },
  });
  t.match(await send('POST', '/api/products/bottle/unpin'), { status: 200, body: { pinned: null } });
  t.equal((await send('POST', '/api/products/mug/unpin')).status, 404);
  t.equal((await send('POST', '/api/products/bottle/sold-out')).status, 200);
  t.equal((await send('POST', '/api/products/bottle/on-sale')).status, 200);
  t.equal((await send('DELETE', '/api/products/bottle')).status, 204);
  t.match(await send('PATCH', '/api/audio', { music: { on: false } }), { status: 200, body: { music: null } });
  t.match(await send('PUT', '/api/presenter', { pack: 'leo' }), { status: 200, body: { pack: 'leo' } });
  t.match(await send('GET', '/api/edits'), { body: { edits: [{ what: 'layer "star"' }] } });
  t.match(await send('POST', '/api/undo'), { status: 200, body: { undone: { what: 'layer "star"' } } });
  t.match(await send('POST', '/api/room/save', { force: true }), { body: { backup: 'room.json.bak' } });
  t.equal((await send('POST', '/api/room/save', { force: 'yes' })).status, 400);
  t.same(room.calls, [
    'add product mug {"id":"mug"}',
    'put product mug {"title":"Mug"}',
    'patch product bottle {"price":{"amount":4}}',
    'pin bottle',
    'pin null',
    'patch product bottle {"stock":"sold-out"}',
    'patch product bottle {"stock":"on-sale"}',
    'remove product bottle',
    'audio {"music":{"on":false}}',
    'presenter {"pack":"leo"}',
    'undo',
    'save {"force":true}',
  ]);
});
