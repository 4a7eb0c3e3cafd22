import t from 'tap';
import { createApp } from '../../src/server/app.js';
import { guardRoutes } from '../../src/server/guard.js';
import { hasRight, ROLES, type Role } from '../../src/server/roles.js';
import { startStudio, type Client } from './studio-rig.js';

/** Addresses of routes with parameters; a thing that does not exist answers after the right was checked. */
const filled = (url: string, room: string): string =>
  url
    .replace('/api/rooms/:id', `/api/rooms/${room}`)
    .replace('/engine/*', '/engine/api/room')
    .replace('/files/*', '/files/none.png')
    .replace('/api/auth/*', '/api/auth/get-session')
    .replace('/api/templates/:name/:file', '/api/templates/none/none')
    .replace(':version', '99')
    .replace(/:\w+/g, 'none-of-them-123')
    .replace('/*', '/none.txt');

t.test('every route asks for its right, for every role', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const people = new Map<Role | 'nobody', Client>([['nobody', rig.anybody()]]);
  for (const role of ROLES) people.set(role, await rig.invite(role));
  const { routes } = rig.server;
  t.ok(routes.length > 60, 'the routes are listed');
  for (const { method, url, right } of routes) {
    // A HEAD route comes with each GET.
    if (method === 'HEAD' || method === 'OPTIONS' || url === '/*') continue;
    for (const [role, person] of people) {
      // An empty body is refused after the right was checked, so that nothing changes.
      const { status, body } = await person.call(method, filled(url, room.id), method === 'GET' ? undefined : '[]');
      const mayPass = right === 'public' || (role !== 'nobody' && (right === 'user' || hasRight(role, right)));
      const refused = status === 401 || (status === 403 && body?.error?.code === 'E_FORBIDDEN');
      if (mayPass) t.notOk(refused && url !== '/api/auth/*', `${role} passes ${method} ${url} (${status})`);
      else t.equal(status, role === 'nobody' ? 401 : 403, `${role} is refused at ${method} ${url}`);
    }
  }
});

t.test('a route without a right keeps the server from starting', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const app = createApp({ trustedProxies: [] });
  t.teardown(() => app.close());
  guardRoutes(app, rig.server.studio, { loopback: true });
  t.throws(() => app.get('/api/open', () => 'everybody'), { message: /without a right/ });
});

t.test('rooms of another organisation do not exist', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = await rig.room();
  const { accounts } = rig.server.studio;
  const other = accounts.createOrganisation('Rival');
  const userId = await accounts.createUser('Riva', 'riva@example.com', 'a-password-of-some-length');
  accounts.join(other, userId, 'owner');
  const rival = rig.anybody();
  await rival.post('/api/auth/sign-in/email', { email: 'riva@example.com', password: 'a-password-of-some-length' });
  t.match((await rival.get('/api/me')).body, { role: 'owner', organisation: other });
  t.same((await rival.get('/api/rooms')).body.rooms, []);
  for (const { method, url } of rig.server.routes) {
    if (!url.startsWith('/api/rooms/:id') || method === 'HEAD') continue;
    const { status } = await rival.call(method, filled(url, room.id), method === 'GET' ? undefined : '{}');
    t.equal(status, 404, `${method} ${url}`);
  }
  const made = (
    await rig.owner.post('/api/destinations', { preset: 'rtmp', server: 'rtmp://live.example/app', key: 'abcd' })
  ).body;
  t.equal((await rival.call('PATCH', `/api/destinations/${made.id}`, { name: 'mine' })).status, 404);
  t.equal((await rival.post(`/api/destinations/${made.id}/test`)).status, 404);
  t.equal((await rival.call('DELETE', `/api/destinations/${made.id}`)).status, 404);
  const own = (await rival.post('/api/rooms', { name: 'Copy', from: room.id })).status;
  t.equal(own, 404, 'a stranger’s room cannot be copied');
  const owner = accounts.people(accounts.firstOrganisation()!)[0]!;
  t.equal((await rival.call('PATCH', `/api/people/${owner.userId}`, { role: 'viewer' })).status, 404);
  t.equal((await rival.call('DELETE', `/api/people/${owner.userId}`)).status, 404);
  t.equal((await rival.post(`/api/people/${owner.userId}/reset`)).status, 404);
  t.equal((await rival.post('/api/me/organisation', { id: accounts.firstOrganisation() })).status, 404);
  t.same((await rival.get('/api/audit')).body.entries, [], 'an audit of its own');
});
