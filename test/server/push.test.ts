import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { newRoom } from '../../src/templates/new-room.js';
import { PASSWORD, startStudio } from './studio-rig.js';

// The other side of Web Push, as browsers have it.
const ece = createRequire(createRequire(import.meta.url).resolve('web-push'))('http_ece') as {
  decrypt(body: Buffer, keys: object): Buffer;
};

interface Taken {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function startService(t: Test): Promise<{ origin: string; taken: Taken[]; answer: { status: number } }> {
  const taken: Taken[] = [];
  const answer = { status: 201 };
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => void chunks.push(chunk))
      .on('end', () => {
        taken.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks) });
        reply.writeHead(answer.status).end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`, taken, answer };
}

t.test('pushes a critical alarm, sealed for the browser and signed, and forgets a browser that is gone', async (t) => {
  const service = await startService(t);
  const rig = await startStudio({ pushServices: [service.origin] });
  t.teardown(() => rig.close());
  const browser = createECDH('prime256v1');
  const p256dh = browser.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  const { key } = (await rig.owner.get('/api/push/key')).body;
  t.equal((await rig.owner.get('/api/push/key')).body.key, key, 'one key for good');
  const subscription = { endpoint: `${service.origin}/browser-1`, keys: { p256dh, auth } };
  t.equal((await rig.owner.post('/api/push', { subscription })).status, 204);

  const row = await rig.room('Lamp shop');
  const { push } = rig.server.studio;
  const alarm = {
    ...{ kind: 'output-down', severity: 'critical', subject: 'YouTube', since: new Date().toISOString(), count: 1 },
    text: { en: 'YouTube has no connection.', zh: 'YouTube 已断开。' },
  } as never;
  await push.alarm(row, alarm);
  const [first] = service.taken;
  t.equal(first?.path, '/browser-1');
  t.match(first?.headers, { 'content-encoding': 'aes128gcm', urgency: 'high', authorization: /^vapid t=/i });
  const [, token, signer] = /t=([^,]+), ?k=(.+)$/.exec(first!.headers.authorization!)!;
  t.equal(signer, key, 'signed with the key that the browser knows');
  const claims = JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString());
  t.match(claims, { aud: service.origin, sub: 'mailto:ona@example.com' });
  const opened = ece.decrypt(first!.body, { version: 'aes128gcm', privateKey: browser, authSecret: auth });
  t.same(JSON.parse(opened.toString()), {
    room: row.id,
    title: row.title,
    kind: 'output-down',
    text: { en: 'YouTube has no connection.', zh: 'YouTube 已断开。' },
  });

  await push.alarm(row, { ...(alarm as object), severity: 'warning' } as never);
  t.equal(service.taken.length, 1, 'a warning waits for the page');
  service.answer.status = 410;
  await push.alarm(row, alarm);
  t.equal(service.taken.length, 2);
  await push.alarm(row, alarm);
  t.equal(service.taken.length, 2, 'a browser that is gone is forgotten');
});

t.test('who leaves one organisation keeps the pushes and the open pages of another', async (t) => {
  const service = await startService(t);
  const rig = await startStudio({ pushServices: [service.origin] });
  t.teardown(() => rig.close());
  const { accounts, push, rooms } = rig.server.studio;
  const shop = accounts.firstOrganisation()!;
  const rival = accounts.createOrganisation('Rival');
  const email = 'both@example.com';
  const userId = await accounts.createUser('Bo', email, PASSWORD);
  accounts.join(shop, userId, 'operator');
  accounts.join(rival, userId, 'operator');
  const inRival = rig.anybody();
  await inRival.post('/api/auth/sign-in/email', { email, password: PASSWORD });
  t.equal((await inRival.post('/api/me/organisation', { id: rival })).status, 204);
  const live = new WebSocket(`${rig.server.url.replace('http', 'ws')}/api/live`, {
    headers: { cookie: inRival.cookie, origin: rig.server.url },
  });
  t.teardown(() => live.terminate());
  let closed = 0;
  live.on('close', (code) => (closed = code));
  await once(live, 'open');
  live.send(JSON.stringify({ type: 'watch', rooms: '*', detail: [] }));
  await once(live, 'message');

  await push.publicKey();
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  for (const [organisation, name] of [
    [shop, 'shop'],
    [rival, 'rival'],
  ] as const)
    push.subscribe(userId, organisation, { endpoint: `${service.origin}/${name}`, keys });

  t.equal((await rig.owner.call('DELETE', `/api/people/${userId}`)).status, 204);
  const alarm = {
    ...{ kind: 'output-down', severity: 'critical', subject: 'YouTube', since: new Date().toISOString(), count: 1 },
    text: { en: 'YouTube has no connection.', zh: 'YouTube 已断开。' },
  } as never;
  await push.alarm(await rig.room(), alarm);
  t.same(service.taken, [], 'nothing of the organisation that was left');
  const row = await rooms.create(
    { name: 'Rugs', organisation: rival, template: null, by: { id: 'test', name: 'Test' } },
    async (folder) => void newRoom(folder, 'minimal'),
  );
  await push.alarm(row, alarm);
  t.same(
    service.taken.map(({ path }) => path),
    ['/rival'],
  );
  live.ping();
  await once(live, 'pong');
  t.equal(closed, 0, 'the page in the other organisation stays');
});
