import { once } from 'node:events';
import t, { type Test } from 'tap';
import WebSocket from 'ws';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test) {
  const room = fakeRoom();
  const server = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { room, server, post, address: `${server.url.replace('http', 'ws')}/api/live` };
}

interface Heard {
  readonly seq: number;
  readonly type: string;
  readonly data: any;
  readonly epoch?: string;
  readonly resumed?: boolean;
}

async function watch(t: Test, address: string, resume?: { epoch: string; seq: number }) {
  const socket = new WebSocket(address, ['showroom', `showroom.token.${token}`]);
  t.teardown(() => socket.terminate());
  const heard: Heard[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'watch', ...(resume === undefined ? {} : { resume }) }));
  await until('the hello', () => heard.length > 0);
  const of = (type: string): Heard[] => heard.filter((one) => one.type === type);
  return { socket, heard, of };
}

const comment = (id: number): object => ({
  id: `c${id}`,
  platform: 'taobao',
  kind: 'comment',
  user: 'Anna',
  text: `${id}?`,
});

t.test('sends the whole state, then only what changes, in rising numbers', async (t) => {
  const { room, post, address } = await serve(t);
  const page = await watch(t, address);
  await until('the lists', () => page.of('output-events').length > 0);
  t.match(page.heard[0], { type: 'hello', resumed: false });
  t.match(page.of('snapshot')[0]?.data, { name: 'fake', muted: false, outputs: [{ id: 'taobao' }] });
  for (const type of ['agenda', 'script', 'products', 'layers', 'rules', 'questions', 'hidden', 'machine', 'edits'])
    t.equal(page.of(type).length, 1, type);
  t.same(
    room.calls.filter((one) => one.startsWith('clips')),
    ['clips true'],
    'clips are kept while a page watches',
  );

  const before = performance.now();
  await post('/api/mute', undefined, { 'x-showroom-actor': encodeURIComponent('Budi 布迪') });
  await until('the change', () => page.of('status').some(({ data }) => data.muted === true));
  t.ok(performance.now() - before < 1000);
  const change = page.of('status').find(({ data }) => data.muted === true)!;
  t.same(
    Object.keys(change.data).toSorted(),
    ['audio', 'muted', 'mutedBy', 'orders'].filter((key) => key in change.data),
  );
  t.notOk('outputs' in change.data, 'nothing that is as it was');
  t.match(change.data.orders, { mute: { by: 'Budi 布迪' }, blank: null });
  await post('/api/events', comment(1));
  await until('the comment', () => page.of('viewer').length === 1);
  const numbers = page.heard.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq);
  t.same(
    numbers,
    numbers.toSorted((a, b) => a - b),
  );
});

t.test('resumes after a cut without a gap, and without what the page has', async (t) => {
  const { post, address } = await serve(t);
  const first = await watch(t, address);
  const { epoch } = first.heard[0]!;
  await post('/api/events', comment(1));
  await until('the first comment', () => first.of('viewer').length === 1);
  const { seq } = first.heard.at(-1)!;
  first.socket.terminate();
  for (let id = 2; id <= 40; id += 1) await post('/api/events', comment(id));
  await post('/api/blank');
  const again = await watch(t, address, { epoch: epoch!, seq });
  await until('all comments', () => again.of('viewer').length === 39);
  t.match(again.heard[0], { type: 'hello', epoch, resumed: true });
  t.same(again.of('snapshot'), []);
  t.same(again.of('products'), [], 'products have not changed');
  t.same(
    again.of('viewer').map(({ data }) => data.id),
    Array.from({ length: 39 }, (_, i) => `c${i + 2}`),
  );
  t.ok(again.of('status').some(({ data }) => data.blanked === true));

  await t.test('starts anew for another epoch or a number that nobody gave', async (t) => {
    for (const resume of [
      { epoch: 'another', seq: 3 },
      { epoch: epoch!, seq: 1e9 },
    ]) {
      const other = await watch(t, address, resume);
      t.match(other.heard[0], { resumed: false });
      await until('the whole state', () => other.of('viewers').length > 0);
      t.equal(other.of('viewers')[0]!.data.length, 40);
    }
  });
});

t.test('starts anew once too many events were missed', async (t) => {
  const { post, address } = await serve(t);
  const first = await watch(t, address);
  const { epoch } = first.heard[0]!;
  const { seq } = first.heard.at(-1)!;
  for (let block = 0; block < 5; block += 1) {
    await post(
      '/api/events',
      Array.from({ length: 450 }, (_, i) => comment(block * 450 + i)),
    );
    await until('the block', () => first.of('viewer').length >= (block + 1) * 450);
  }
  const again = await watch(t, address, { epoch: epoch!, seq });
  t.match(again.heard[0], { resumed: false });
  first.socket.terminate();
});

t.test('needs the token, and a WebSocket', async (t) => {
  const { server, address } = await serve(t);
  const socket = new WebSocket(address, ['showroom']);
  socket.on('error', () => undefined);
  t.teardown(() => socket.terminate());
  const [, reply] = await once(socket, 'unexpected-response');
  t.equal(reply.statusCode, 401);
  const plain = await fetch(`${server.url}/api/live`, { headers: { authorization: `Bearer ${token}` } });
  t.equal(plain.status, 400);
});

t.test('serves rules, comments, outputs and clips to the desk', async (t) => {
  const { room, server, post } = await serve(t);
  const call = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, type: reply.headers.get('content-type'), text };
  };
  t.match((await call('PUT', '/api/rules/price', { on: false })).text, /"on":false/);
  t.equal((await call('PUT', '/api/rules/none', { on: false })).status, 404);
  t.equal((await call('PUT', '/api/rules/price', { on: 'no' })).status, 400);
  t.equal((await call('POST', '/api/comments/3/answer', { text: 'Yes, it is.' })).status, 202);
  t.equal((await call('POST', '/api/comments/3/answer', { text: 'My phone is' })).status, 422);
  t.equal((await call('POST', '/api/comments/x/answer', { text: 'Yes' })).status, 400);
  t.equal((await call('POST', '/api/comments/3/show')).status, 202);
  t.match((await call('POST', '/api/viewers/hidden', { platform: 'taobao', user: 'Spam' })).text, /Spam/);
  t.match((await call('DELETE', '/api/viewers/hidden', { platform: 'taobao', user: 'Spam' })).text, /\[\]/);
  t.equal((await call('PUT', '/api/outputs/extra', { kind: 'rtmp', url: 'rtmp://a/b/c' })).status, 200);
  t.equal((await call('POST', '/api/outputs/extra/reconnect')).status, 200);
  t.equal((await call('DELETE', '/api/outputs/none')).status, 404);
  t.equal((await call('POST', '/api/recording')).status, 200);
  t.same(await call('GET', '/api/clip?seconds=10'), { status: 200, type: 'video/mp4', text: 'clip of 10 s' });
  t.equal((await call('GET', '/api/clip?seconds=900')).status, 400);
  t.equal((await call('GET', '/api/evidence/seen.webp')).type, 'image/webp');
  t.equal((await call('GET', '/api/evidence/..%2Froom.json')).status, 404);
  room.state.alarms = [
    { kind: 'slate', subject: '', severity: 'critical', since: '', text: { en: 'Slate', zh: '占位' } },
  ];
  await post('/api/alarms/acknowledge', { kind: 'slate' }, { 'x-showroom-actor': 'Budi' });
  t.match(room.state.alarms, [{ acknowledgedBy: 'Budi' }]);
});
