/** Ids of another organisation, or of another room, open nothing. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { loadRoom } from '../../src/config/load-room.js';
import { storeFile } from '../../src/store/open-database.js';
import { twoDayStore } from '../kit/two-day-store.js';
import { until } from '../kit/until.js';
import { PASSWORD, startStudio, type Client, type Rig } from './studio-rig.js';

const TUS = { 'tus-resumable': '1.0.0' };

/** Somebody of another organisation on the same studio. */
async function stranger(rig: Rig, role: 'owner' | 'editor'): Promise<Client> {
  const { accounts } = rig.server.studio;
  const email = `${role}@rival.example`;
  accounts.join(accounts.createOrganisation('Rival'), await accounts.createUser('Riva', email, PASSWORD), role);
  const client = rig.anybody();
  await client.post('/api/auth/sign-in/email', { email, password: PASSWORD });
  return client;
}

/** A fake engine of each room, which keeps what it was asked and with which token. */
async function startEngine(t: Test): Promise<{ url: string; asked: string[]; watched: () => number }> {
  const asked: string[] = [];
  let watched = 0;
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization}`);
    incoming.resume().on('end', () => outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  server.on('upgrade', (_request, socket) => {
    watched += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, watched: () => watched };
}

async function startUpload(client: Client, room: string): Promise<string> {
  const made = await client.call('POST', `/api/rooms/${room}/uploads`, undefined, { ...TUS, 'upload-length': '5' });
  return made.headers.get('location')!.split('/').pop()!;
}

/** A path as it is, which `fetch` would tidy. */
const raw = (client: Client, method: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(client.url);
    request({ hostname, port, method, path, headers: { ...TUS, cookie: client.cookie } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode!);
    })
      .on('error', reject)
      .end();
  });

/** A room with one of everything that has an id. */
async function fullRoom(rig: Rig) {
  const { owner } = rig;
  const { id: room } = await rig.room();
  const folder = rig.server.studio.rooms.folder(room);
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#2f6b4f' } })
    .png()
    .toBuffer();
  const sent = await fetch(`${owner.url}/api/media/pictures`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', cookie: owner.cookie },
    body: new Uint8Array(png),
  });
  const { path } = (await sent.json()) as { path: string };
  const form = { title: 'Kettle', price: { amount: 9.5, currency: 'USD' }, images: [path] };
  const { product } = (await owner.post(`/api/rooms/${room}/products/form`, form)).body;
  mkdirSync(join(folder, 'media'), { recursive: true });
  writeFileSync(join(folder, 'media', 'own.png'), png);
  const schedule = await owner.post(`/api/rooms/${room}/schedules`, {
    start: '2036-12-02T20:00',
    timeZone: 'Asia/Shanghai',
  });
  const destination = await owner.post('/api/destinations', {
    preset: 'rtmp',
    server: 'rtmp://live.example/app',
    key: 'abcd',
  });
  await owner.call('PUT', `/api/rooms/${room}/secrets/ROOM_LLM_KEY`, { value: 'a-key' });
  const key = await owner.post('/api/keys', { name: 'key', role: 'viewer' });
  await owner.post('/api/people/invitations', { email: 'late@example.com', role: 'viewer' });
  const { invitations, people } = (await owner.get('/api/people')).body;
  const job = await owner.post(`/api/rooms/${room}/products/link`, { url: 'http://10.0.0.1/' });
  const { ledgerFile } = loadRoom(rig.server.studio.rooms.file(room), { withoutKeys: true, cwd: folder });
  await twoDayStore(storeFile(ledgerFile), Date.now());
  const { sessions } = (await owner.get(`/api/rooms/${room}/report/sessions`)).body;
  return {
    id: room,
    product: product.id as string,
    file: 'own.png',
    upload: await startUpload(owner, room),
    version: '1',
    schedule: schedule.body.id as string,
    destination: destination.body.id as string,
    name: 'ROOM_LLM_KEY',
    key: key.body.id as string,
    invitation: invitations[0].id as string,
    userId: people[0].id as string,
    job: job.body.id as string,
    session: sessions[0].id as string,
    alarm: 'output:youtube',
  };
}

t.test('ids of another organisation open nothing, on any route', { timeout: 120_000 }, async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const ids = await fullRoom(rig);
  const { organisation } = (await rig.owner.get('/api/me')).body;
  const filled = (url: string): string =>
    url
      .replace('/engine/*', '/engine/api/room')
      .replace('/files/*', '/files/media/own.png')
      .replace(/:(\w+)/g, (_, name: string) => ids[name as keyof typeof ids] ?? `no-${name}`);
  const mine = rig.server.routes.filter(
    ({ url, method }) =>
      /:(?!code|file)/.test(url) && !/^\/api\/(templates|models|gallery)\//.test(url) && method !== 'OPTIONS',
  );
  t.ok(mine.length > 45, `${mine.length} routes name something by its id`);
  for (const { url } of mine)
    for (const [, name] of url.matchAll(/:(\w+)/g)) t.ok(name! in ids, `there is a ${name} to ask for`);
  const read = [
    ...mine
      .filter(({ method, url }) => method === 'GET' && !/still|engine|voice-sample/.test(url))
      .map((one) => one.url),
    `/api/rooms/:id/report?session=${ids.session}`,
  ];
  const before = new Map<string, unknown>();
  for (const url of read) {
    const { status, body } = await rig.owner.get(filled(url));
    t.equal(status, 200, `its own owner reads ${url}`);
    before.set(url, body);
  }
  const folder = rig.server.studio.rooms.folder(ids.id);
  const files = (): string[] => readdirSync(folder, { recursive: true }).map(String).sort();
  const had = files();
  for (const role of ['editor', 'owner'] as const) {
    const rival = await stranger(rig, role);
    for (const { method, url } of mine) {
      const body =
        method === 'GET' || method === 'HEAD' ? undefined : url === '/api/people/:userId' ? { role: 'viewer' } : {};
      const { status } = await rival.call(method, filled(url), body, TUS);
      t.ok(status === 404 || (role === 'editor' && status === 403), `${role} ${method} ${url}: ${status}`);
    }
    for (const url of read) t.equal((await rival.get(filled(url))).status, 404, `${role} GET ${url}`);
    t.same((await rival.get(`/api/audit?room=${ids.id}`)).body.entries, []);
    t.equal((await rival.get(`/api/jobs?room=${ids.id}`)).status, 404);

    const own = (await rival.post('/api/rooms', { name: 'Own', template: 'minimal' })).body;
    const at = `/api/rooms/${own.id}`;
    for (const [method, path, body] of [
      ['PUT', `${at}/destinations`, { ids: [ids.destination] }],
      ['POST', `${at}/destinations/${ids.destination}/on`, {}],
      ['PATCH', `${at}/schedules/${ids.schedule}`, { enabled: false }],
      ['DELETE', `${at}/schedules/${ids.schedule}`, undefined],
      ['DELETE', `${at}/products/${ids.product}`, undefined],
      ['DELETE', `${at}/media/${ids.file}`, undefined],
      ['HEAD', `${at}/uploads/${ids.upload}`, undefined],
      ['DELETE', `${at}/uploads/${ids.upload}`, undefined],
      ['POST', '/api/rooms', { name: 'Copy', from: ids.id }],
    ] as const)
      t.equal((await rival.call(method, path, body, TUS)).status, 404, `${role} ${method} ${path}`);
    t.ok((await rival.post(`${at}/start`, { destinations: [ids.destination] })).status >= 400, 'nor starts there');
    await rival.call('PUT', '/api/wall/order', { ids: [own.id, ids.id] });
    t.equal((await rival.get(`${at}/report?session=${ids.session}`)).status, 404, 'a show is looked for in its room');
    await rival.call('DELETE', at);
  }
  for (const [url, body] of before)
    if (!/^\/api\/jobs|\/report(\?|$)/.test(url))
      t.same((await rig.owner.get(filled(url))).body, body, `${url} is as it was`);
  t.same(files(), had, 'and so are its files');
  t.equal((await rig.owner.get('/api/me')).body.organisation, organisation);
});

t.test('an upload goes on in its own room alone, however its address is spelled', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const [first, second] = [await rig.room(), await rig.room()];
  const upload = await startUpload(rig.owner, first.id);
  t.equal(await raw(rig.owner, 'HEAD', `/api/rooms/${first.id}/uploads/${upload}`), 200);
  for (const spelled of [
    upload,
    `${second.id}.x\\..\\${upload}`,
    `${second.id}.x%5c..%5c${upload}`,
    `${second.id}.x%2f..%2f${upload}`,
    `${second.id}.${upload}`,
    `${second.id}.`,
  ])
    for (const method of ['HEAD', 'DELETE'])
      t.equal(await raw(rig.owner, method, `/api/rooms/${second.id}/uploads/${spelled}`), 404, `${method} ${spelled}`);
  t.equal(await raw(rig.owner, 'HEAD', `/api/rooms/${first.id}/uploads/${upload}`), 200, 'it is still there');
});

t.test('the token of one room opens no other room, and not the studio', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const rooms = [await rig.room('One'), await rig.room('Two')];
  const engines = [await startEngine(t), await startEngine(t)];
  for (const [i, { id }] of rooms.entries())
    rig.host.running.set(id, { url: engines[i]!.url, token: `token-of-room-${i}-which-is-long` });
  const { token } = (await rig.owner.post(`/api/rooms/${rooms[0]!.id}/camera`)).body;
  t.equal(token, 'token-of-room-0-which-is-long');
  const person = rig.anybody();
  const held = { authorization: `Bearer ${token}` };
  for (const { id } of rooms)
    for (const path of [
      '',
      '/engine/api/room',
      '/engine/api/evidence/1.jpg',
      '/files/room.json',
      '/media',
      '/report',
      '/file',
      '/versions',
    ])
      t.equal((await person.get(`/api/rooms/${id}${path}`, held)).status, 401, path);
  const socket = new WebSocket(`${rig.server.url.replace('http', 'ws')}/api/live`, { headers: held });
  t.match(
    await new Promise((done) => socket.on('error', (error) => done(error.message)).on('open', () => done('open'))),
    /401/,
  );
  t.same(
    engines.map(({ asked }) => asked.filter((one) => !one.startsWith('GET /api/room '))),
    [[], []],
    'no engine hears of it',
  );

  for (const [i, { id }] of rooms.entries()) {
    await rig.owner.post(`/api/rooms/${id}/engine/api/mute`);
    t.equal(
      engines[i]!.asked.at(-1),
      `POST /api/mute Bearer token-of-room-${i}-which-is-long`,
      'each by its own token',
    );
  }
  const two = rooms[1]!.id;
  for (const path of [
    `..%2f..%2f${two}%2fengine/api/mute`,
    `%2e%2e/%2e%2e/${two}/engine/api/mute`,
    `..\\..\\${two}\\engine\\api\\mute`,
  ])
    t.ok((await raw(rig.owner, 'POST', `/api/rooms/${rooms[0]!.id}/engine/${path}`)) >= 400, path);
  t.equal(engines[1]!.asked.filter((one) => one.startsWith('POST')).length, 1, 'a path leads to no other room');
});

t.test('a WebSocket tells of rooms of its organisation alone', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room('Secret lamps');
  const engine = await startEngine(t);
  rig.host.engine = { url: engine.url, token: 'token' };
  await rig.owner.post(`/api/rooms/${room.id}/preview`);
  const rival = await stranger(rig, 'owner');
  const watch = async (client: Client): Promise<{ texts: string[]; socket: WebSocket }> => {
    const texts: string[] = [];
    const socket = new WebSocket(`${rig.server.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: client.cookie, origin: rig.server.url },
    });
    t.teardown(() => socket.terminate());
    socket.on('message', (data) => texts.push(String(data)));
    await new Promise((done) => socket.once('open', done));
    const { epoch } = rig.server.studio.journal;
    socket.send(JSON.stringify({ type: 'at', room: room.id, page: 'desk' }));
    socket.send(JSON.stringify({ type: 'watch', rooms: [room.id], detail: [room.id], resume: { epoch, seq: 0 } }));
    await until('an answer', () => texts.some((one) => one.includes('"hello"')));
    return { texts, socket };
  };
  const theirs = await watch(rival);
  await new Promise((done) => setTimeout(done, 300));
  t.equal(engine.watched(), 0, 'nor brings an engine of others near');
  const ours = await watch(rig.owner);
  await rig.owner.call('PATCH', `/api/rooms/${room.id}`, { title: 'Secret kettles' });
  rig.server.studio.live.send(room.organisation, { type: 'alarm', room: room.id, data: { kind: 'output' } });
  await until('the member hears of it', () => ours.texts.some((one) => one.includes('"alarm"')));
  await until('and its engine is near', () => engine.watched() > 0);
  t.same(
    theirs.texts.filter((one) => one.includes(room.id) && !one.includes('"people"')),
    [],
    'the stranger does not',
  );
  t.notMatch(theirs.texts.join('\n'), /Ona|ona@|Secret/, 'nor of its people');
});

t.test('owners of another organisation change neither the machine nor accounts of others', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const rival = await stranger(rig, 'owner');
  const smtp = { host: 'mail.rival.example', port: 587, secure: false, user: 'u', from: 'a@rival.example' };
  for (const [method, path, body] of [
    ['GET', '/api/settings/smtp', undefined],
    ['PUT', '/api/settings/smtp', smtp],
    ['DELETE', '/api/settings/smtp', undefined],
    ['POST', '/api/settings/smtp/test', {}],
    ['DELETE', '/api/models/kokoro', undefined],
  ] as const)
    t.equal((await rival.call(method, path, body)).status, 403, `${method} ${path}`);
  t.equal((await rig.owner.get('/api/settings/smtp')).body.smtp, null);
  t.equal((await rig.owner.call('PUT', '/api/settings/smtp', smtp)).status, 204, 'whoever runs the studio may');

  const { accounts } = rig.server.studio;
  const ona = accounts.userId('ona@example.com')!;
  accounts.join((await rival.get('/api/me')).body.organisation, ona, 'viewer');
  t.match(
    await rival.post(`/api/people/${ona}/reset`),
    { status: 403, body: { error: { code: 'E_FORBIDDEN' } } },
    'a link into another organisation',
  );
  const { organisation } = (await rival.get('/api/me')).body;
  accounts.join(organisation, await accounts.createUser('Own', 'own@rival.example', PASSWORD), 'viewer');
  t.equal((await rival.post(`/api/people/${accounts.userId('own@rival.example')!}/reset`)).status, 201);
});

t.test('files of a room are those of its own folder', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const [one, two] = [await rig.room('One'), await rig.room('Two')];
  writeFileSync(join(rig.server.studio.rooms.folder(two.id), 'own.png'), 'own');
  t.equal((await rig.owner.get(`/api/rooms/${two.id}/files/own.png`)).status, 200);
  for (const path of [
    `..%2f${two.id}%2fown.png`,
    `%2e%2e/${two.id}/own.png`,
    `..\\${two.id}\\own.png`,
    `..%5c${two.id}%5cown.png`,
  ])
    t.equal(await raw(rig.owner, 'GET', `/api/rooms/${one.id}/files/${path}`), 404, path);
  t.equal(readFileSync(join(rig.server.studio.rooms.folder(two.id), 'own.png'), 'utf8'), 'own');
});
