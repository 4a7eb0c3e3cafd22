import { request } from 'node:http';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { WebSocket } from 'ws';
import { startStudio } from './studio-rig.js';

/** Spellings of this machine, its network and its cloud's metadata. */
const INSIDE = [
  ...['127.0.0.1', '127.1', '0x7f.0.0.1', '2130706433', 'localhost', 'localhost.', 'a.localhost', '0.0.0.0', '[::1]'],
  ...['[::ffff:127.0.0.1]', '10.0.0.1', '192.168.1.1', '172.16.0.1', '169.254.169.254', '[fe80::1]', '[fd00:ec2::254]'],
  ...['metadata.google.internal'],
];

t.test('pages of other sites change nothing, whatever cookie they send', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const others: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of others) {
    for (const [method, path, body] of [
      ['POST', `/api/rooms/${room.id}/stop`, {}],
      ['POST', '/api/people/invitations', { email: 'eve@example.com', role: 'owner' }],
      ['DELETE', `/api/rooms/${room.id}`, undefined],
      ['POST', '/api/auth/sign-out', {}],
    ] as const) {
      const { status, body: answer } = await rig.owner.call(method, path, body, headers);
      t.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      t.equal(answer.error.code, 'E_FOREIGN_ORIGIN');
    }
  }
  t.equal((await rig.owner.get('/api/rooms', { origin: rig.server.url })).status, 200);
});

t.test('a name that is rebound to this machine is refused', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${rig.server.url}/api/rooms`, { headers: { host: 'evil.example' } }, (reply) => resolve(reply.statusCode))
      .on('error', reject)
      .end();
  });
  t.equal(status, 400);
});

t.test('a WebSocket needs a session and the studio’s own origin', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const open = (headers: Record<string, string>): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${rig.server.url.replace('http', 'ws')}/api/live`, { headers });
      socket.on('open', () => {
        socket.close();
        resolve('open');
      });
      socket.on('error', (error) => resolve(/\d{3}/.exec(error.message)?.[0] ?? error.message));
    });
  t.equal(await open({}), '401');
  t.equal(await open({ cookie: rig.owner.cookie, origin: 'https://evil.example' }), '403');
  t.equal(await open({ cookie: rig.owner.cookie, origin: rig.server.url }), 'open');
});

t.test('files outside a room’s folder are not served, nor its records', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const folder = rig.server.studio.rooms.folder(room.id);
  writeFileSync(join(rig.data, 'secret.png'), 'secret');
  symlinkSync(join(rig.data, 'secret.png'), join(folder, 'link.png'));
  mkdirSync(join(folder, 'var', 'x'), { recursive: true });
  writeFileSync(join(folder, 'var', 'x', 'evidence.jpg'), 'evidence');
  writeFileSync(join(folder, 'own.png'), 'own');
  const at = (path: string) => rig.owner.get(`/api/rooms/${room.id}/files/${path}`);
  t.equal((await at('own.png')).status, 200);
  for (const path of [
    'link.png',
    'var/x/evidence.jpg',
    'room.json',
    '..%2f..%2fsecret.png',
    '..%2f..%2fstudio.key',
    '%2e%2e/%2e%2e/secret.png',
    'own.png%00.png',
  ])
    t.equal((await at(path)).status, 404, path);
  for (const path of ['/..%2f..%2fpackage.json', '/assets/..%2f..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json'])
    t.notMatch((await rig.anybody().get(path)).body, /"showroom"/, path);
});

t.test('a room may not name files, ports, keys or receivers of the machine', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const { version } = (await rig.owner.get(`/api/rooms/${room.id}/file`)).body;
  const save = (path: string, value: unknown) =>
    rig.owner.call('PATCH', `/api/rooms/${room.id}/file`, { base: version, changes: [{ path, value }] });
  const product = { id: 'p', title: 'Lamp', image: '/etc/passwd', price: { amount: 1, currency: 'USD' } };
  for (const [what, path, value] of [
    ['a file elsewhere', '/products', [product]],
    ['dots', '/products', [{ ...product, image: '../../studio.key' }]],
    ['music', '/audio', { music: { src: '/etc/hosts', instrumental: true } }],
    ['a ledger elsewhere', '/compliance/ledger', '/tmp/elsewhere.jsonl'],
    ['an output', '/outputs', [{ id: 'a', kind: 'recording', dir: '/etc' }]],
    ['a port', '/control/liveTalking', { port: 8010 }],
    ['asset folders', '/control/assetFolders', ['/etc']],
    ['a key of the environment', '/control/webhooks', [{ url: 'https://evil.example/${ENGINE_TOKEN}' }]],
    ['a private receiver', '/control/webhooks', [{ url: 'http://10.0.0.1/x', allowPrivate: true }]],
    ['a program', '/alerts', { exec: ['/bin/sh', '-c', 'id'] }],
    ['a name inside', '/alerts', { webhooks: [{ url: 'https://hooks.example/x', allowPrivate: true }] }],
    ['credentials of the machine', '/llm', { baseUrl: 'http://169.254.169.254/v1', model: 'm' }],
    ['the same, wrapped', '/llm', { baseUrl: 'http://[::ffff:169.254.169.254]/v1', model: 'm' }],
  ] as const)
    t.match(await save(path, value), { status: 422, body: { error: { code: 'E_ROOM_REFUSED' } } }, what);
  for (const host of INSIDE) {
    const url = `http://${host}/x`;
    t.equal((await save('/control/webhooks', [{ url }])).status, 422, `control ${host}`);
    t.equal((await save('/alerts', { webhooks: [{ url }] })).status, 422, `alerts ${host}`);
    const rule = { id: 'r', match: 'price', webhook: url };
    t.equal((await save('/replies', { rules: [rule] })).status, 422, `replies ${host}`);
  }
  t.equal((await save('/alerts', { webhooks: [{ url: 'https://hooks.example/x' }] })).status, 200);
  t.equal((await save('/__proto__/polluted', true)).status, 400);
  t.equal(({} as { polluted?: unknown }).polluted, undefined);
});

t.test('a link leads to public addresses only', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  for (const url of [
    `${rig.server.url}/api/studio`,
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]:9/',
    'http://10.0.0.1/',
  ]) {
    const started = await rig.owner.post(`/api/rooms/${room.id}/products/link`, { url });
    t.equal(started.status, 202);
    let job = started.body;
    for (let i = 0; i < 300 && job.state === 'running'; i += 1) {
      await new Promise((done) => setTimeout(done, 100));
      job = (await rig.owner.get(`/api/jobs/${job.id}`)).body;
    }
    t.match(job, { state: 'failed', error: { code: 'E_LISTING_FETCH' } }, url);
  }
  t.equal((await rig.owner.post(`/api/rooms/${room.id}/products/link`, { url: 'file:///etc/passwd' })).status, 400);
  const push = { subscription: { endpoint: 'https://10.0.0.1/push', keys: { p256dh: 'x', auth: 'y' } } };
  t.equal((await rig.owner.post('/api/push', push)).status, 400, 'a push endpoint is a browser’s');
});

t.test('keys are in no answer, no audit and no database in the clear', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const key = 'live_123456_SECRETSECRET_x9Kf';
  const made = await rig.owner.post('/api/destinations', { preset: 'twitch', key });
  t.match(made, { status: 201, body: { hasKey: true, keyEnd: 'x9Kf', server: 'rtmp://live.twitch.tv/app' } });
  await rig.owner.call('PATCH', `/api/destinations/${made.body.id}`, { name: 'Main' });
  await rig.owner.call('PUT', '/api/settings/smtp', {
    host: 'smtp.example',
    port: 587,
    secure: false,
    user: 'u',
    from: 'a@example.com',
    password: 'SECRETSECRET-smtp',
  });
  const all = [
    (await rig.owner.get('/api/destinations')).body,
    (await rig.owner.get('/api/audit')).body,
    (await rig.owner.get('/api/settings/smtp')).body,
  ];
  t.notMatch(JSON.stringify(all), /SECRETSECRET/);
  const { destinations, rooms } = rig.server.studio;
  const organisation = rig.server.studio.accounts.firstOrganisation()!;
  t.match(destinations.output(organisation, made.body.id, rooms.folder('x')), {
    url: `rtmp://live.twitch.tv/app/${key}`,
  });
  rig.server.studio.settings.put('flush', 1);
  const { readFileSync } = await import('node:fs');
  for (const file of ['studio.db', 'studio.db-wal'])
    t.notOk(readFileSync(join(rig.data, file)).includes('SECRETSECRET'), file);
});

t.test('the engine’s own routes are handed on by a table, with their rights', async (t) => {
  const { createServer } = await import('node:http');
  const seen: string[] = [];
  const engine = createServer((incoming, outgoing) => {
    seen.push(
      `${incoming.method} ${incoming.url} ${incoming.headers.authorization} cookie:${incoming.headers.cookie ?? 'none'} prefer:${incoming.headers['prefer'] ?? 'none'}`,
    );
    incoming.resume();
    incoming.on('end', () =>
      outgoing.writeHead(201, { location: '/whep/abc', 'content-type': 'application/sdp' }).end('answer'),
    );
  });
  await new Promise<void>((done) => engine.listen(0, '127.0.0.1', done));
  t.teardown(() => engine.close());
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  rig.host.engine = { url: `http://127.0.0.1:${(engine.address() as { port: number }).port}`, token: 'room-token' };
  const at = `/api/rooms/${room.id}/engine`;
  t.match(await rig.owner.get(`${at}/api/room`), { status: 409, body: { error: { code: 'E_ROOM_OFF' } } });
  rig.host.running.set(room.id, rig.host.engine);
  const viewer = await rig.invite('viewer');
  const operator = await rig.invite('operator');
  const offer = await viewer.call('POST', `${at}/whep`, 'v=0', { 'content-type': 'application/sdp' });
  t.equal(offer.status, 201);
  t.equal(offer.headers.get('location'), `${at}/whep/abc`);
  t.equal(offer.body, 'answer');
  t.equal(seen.at(-1), 'POST /whep Bearer room-token cookie:none prefer:none');
  await rig.owner.call('PUT', `${at}/api/presenter`, { pack: 'leo' }, { prefer: 'wait=180' });
  t.match(seen.at(-1), /^PUT \/api\/presenter .* prefer:wait=180$/, 'how long the page waits');
  t.equal((await viewer.post(`${at}/api/mute`)).status, 403);
  t.equal((await operator.post(`${at}/api/mute`)).status, 201);
  t.equal((await operator.call('PUT', `${at}/api/script`, { segments: [] })).status, 403);
  t.equal((await rig.owner.call('PUT', `${at}/api/script`, { segments: [] })).status, 201);
  for (const path of ['metrics', 'api/../metrics', 'api%2f..%2fmetrics', 'api//room', 'whip/avatar', 'api/intake'])
    t.equal((await rig.owner.post(`${at}/${path}`)).status, 404, path);
  t.match((await rig.owner.get('/api/audit')).body.entries[0], {
    action: 'on-air PUT',
    what: '/api/script',
    after: { segments: [] },
  });
  const before = seen.length;
  for (const [path, body] of [
    ['outputs/a', { kind: 'recording', dir: '/etc' }],
    ['outputs/a', { kind: 'v4l2', device: '/dev/video0' }],
    ['llm', { baseUrl: 'http://169.254.169.254/v1', model: 'm' }],
    ...INSIDE.map((host) => ['replies', { rules: [{ id: 'r', match: 'a', webhook: `http://${host}/` }] }] as const),
    ['replies', { rules: [{ id: 'r', match: 'a', webhook: 'https://hooks.example/', allowPrivate: true }] }],
  ] as const)
    t.match(
      await rig.owner.call('PUT', `${at}/api/${path}`, body),
      { status: 422, body: { error: { code: 'E_ROOM_REFUSED' } } },
      JSON.stringify(body),
    );
  t.equal(seen.length, before, 'the engine hears of none of them');
  t.equal(
    (await operator.call('PUT', `${at}/api/outputs/a`, { kind: 'rtmp', url: 'rtmp://a.example/b/c' })).status,
    201,
  );
  t.equal((await rig.owner.call('PUT', `${at}/api/replies`, { rules: [] })).status, 201);
  t.equal(seen.length, before + 2);
});
