import t from 'tap';
import { PASSWORD, startStudio } from './studio-rig.js';

t.test('the set-up link works once and makes the first owner', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  t.match((await rig.owner.get('/api/me')).body, { user: { email: 'ona@example.com' }, role: 'owner' });
  t.equal(rig.server.setupLink(), undefined, 'no second link');
  t.match((await rig.anybody().get('/api/studio')).body, { needsSetup: false, noAuth: false });
  const again = await rig.anybody().post('/api/setup', {
    code: 'x'.repeat(32),
    name: 'Eve',
    email: 'eve@example.com',
    password: PASSWORD,
    organisation: 'Eve',
  });
  t.match(again, { status: 404, body: { error: { code: 'E_NOT_FOUND' } } });
});

t.test('nobody signs up, and only listed routes of the account library are served', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  for (const path of [
    'sign-up/email',
    'organization/create',
    'api-key/create',
    'delete-user',
    'two-factor/../sign-up/email',
  ]) {
    const { status } = await rig
      .anybody()
      .post(`/api/auth/${path}`, { name: 'Eve', email: 'eve@example.com', password: PASSWORD });
    t.equal(status, 404, path);
  }
});

t.test('an invitation is for its address and role, and is spent', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const sent = await rig.owner.post('/api/people/invitations', { email: 'Budi@example.com', role: 'operator' });
  t.match(sent, { status: 201, body: { mailed: false } });
  const code = String(sent.body.link).split('#')[1]!;
  const budi = rig.anybody();
  t.match((await budi.get(`/api/invitations/${code}`)).body, {
    email: 'budi@example.com',
    role: 'operator',
    organisation: 'Shop',
    known: false,
  });
  t.equal((await budi.post(`/api/invitations/${code}`, { name: 'Budi', password: 'short' })).status, 400);
  t.equal((await budi.post(`/api/invitations/${code}`, { name: 'Budi', password: PASSWORD })).status, 200);
  t.match((await budi.get('/api/me')).body, {
    user: { name: 'Budi' },
    role: 'operator',
    rights: ['viewer', 'moderator', 'operator'],
  });
  t.equal((await rig.anybody().post(`/api/invitations/${code}`, { name: 'Eve', password: PASSWORD })).status, 404);
  const { people } = (await rig.owner.get('/api/people')).body;
  t.match(people, [
    { email: 'ona@example.com', role: 'owner' },
    { email: 'budi@example.com', role: 'operator' },
  ]);
  t.match((await rig.owner.get('/api/audit')).body.entries, [
    { action: 'people.join' },
    { action: 'people.invite', what: 'Budi@example.com', after: { role: 'operator' } },
  ]);
});

t.test('the last owner stays, and a person who is removed is out at once', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const editor = await rig.invite('editor');
  const { people } = (await rig.owner.get('/api/people')).body;
  t.match(await rig.owner.call('PATCH', `/api/people/${people[0].userId}`, { role: 'viewer' }), {
    status: 409,
    body: { error: { code: 'E_IN_USE' } },
  });
  t.equal((await rig.owner.call('DELETE', `/api/people/${people[0].userId}`)).status, 409);
  t.equal((await editor.get('/api/rooms')).status, 200);
  t.equal((await rig.owner.call('DELETE', `/api/people/${people[1].userId}`)).status, 204);
  t.equal((await editor.get('/api/rooms')).status, 401);
});

t.test('a session that existed before sign-in is not taken over', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const planted = 'showroom.session_token=planted-by-a-stranger';
  const victim = rig.anybody();
  victim.cookie = planted;
  const reply = await victim.post('/api/auth/sign-in/email', { email: 'ona@example.com', password: PASSWORD });
  t.equal(reply.status, 200);
  t.not(victim.cookie, planted, 'a new session');
  t.match(reply.headers.getSetCookie().join('\n'), /HttpOnly/i);
  t.match(reply.headers.getSetCookie().join('\n'), /SameSite=Lax/i);
  t.equal(reply.body.token, undefined, 'no script reads the session');
  const thief = rig.anybody();
  thief.cookie = planted;
  t.equal((await thief.get('/api/rooms')).status, 401);
  const before = victim.cookie;
  t.equal((await victim.post('/api/auth/sign-out')).status, 200);
  const later = rig.anybody();
  later.cookie = before;
  t.equal((await later.get('/api/rooms')).status, 401, 'a session that was ended stays ended');
});

t.test('wrong passwords are limited for an account and an address, and the right one waits too', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const guess = (password: string) =>
    rig.anybody().post('/api/auth/sign-in/email', { email: 'ona@example.com', password });
  const seen: number[] = [];
  for (let i = 0; i < 8; i += 1) seen.push((await guess(`wrong-${i}-password`)).status);
  t.same(seen, [401, 401, 401, 401, 401, 401, 429, 429]);
  const right = await guess(PASSWORD);
  t.equal(right.status, 429, 'a guess that is right is refused as well');
  t.ok(Number(right.headers.get('retry-after')) > 0);
  t.equal((await rig.owner.get('/api/rooms')).status, 200, 'a session goes on');
});

t.test('a reset link sets a password once and ends every session', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const editor = await rig.invite('editor');
  const { people } = (await rig.owner.get('/api/people')).body;
  const sent = await rig.owner.post(`/api/people/${people[1].userId}/reset`);
  t.equal(sent.status, 201);
  const code = String(sent.body.link).split('#')[1]!;
  t.equal((await rig.anybody().post('/api/reset', { code, password: 'another-long-password' })).status, 204);
  t.equal((await editor.get('/api/rooms')).status, 401);
  t.equal((await rig.anybody().post('/api/reset', { code, password: 'a-third-long-password' })).status, 404);
  const back = rig.anybody();
  t.equal(
    (await back.post('/api/auth/sign-in/email', { email: people[1].email, password: 'another-long-password' })).status,
    200,
  );
  t.equal((await back.get('/api/rooms')).status, 200);
  const known = await rig.anybody().post('/api/reset/request', { email: 'ona@example.com' });
  const unknown = await rig.anybody().post('/api/reset/request', { email: 'nobody@example.com' });
  t.same([known.status, known.body], [unknown.status, unknown.body], 'an answer names no account');
});

t.test('a second factor is asked for once it is confirmed', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const made = await rig.owner.post('/api/auth/two-factor/enable', { password: PASSWORD });
  t.equal(made.status, 200);
  t.match(made.body.totpURI, /^otpauth:\/\/totp\/Showroom/);
  const { createOTP } = await import('@better-auth/utils/otp');
  const secret = new URL(made.body.totpURI).searchParams.get('secret')!;
  const { base32 } = await import('@better-auth/utils/base32');
  const otp = createOTP(new TextDecoder().decode(base32.decode(secret)));
  t.equal((await rig.owner.post('/api/auth/two-factor/verify-totp', { code: await otp.totp() })).status, 200);
  const later = rig.anybody();
  const signIn = await later.post('/api/auth/sign-in/email', { email: 'ona@example.com', password: PASSWORD });
  t.match(signIn.body, { twoFactorRedirect: true });
  t.equal((await later.get('/api/rooms')).status, 401, 'a password alone is not enough');
});

t.test('an API key has its role, never more than its maker, and ends with it', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const made = await rig.owner.post('/api/keys', { name: 'robot', role: 'moderator' });
  t.equal(made.status, 201);
  const robot = rig.anybody();
  const header = { authorization: `Bearer ${made.body.key}` };
  t.match((await robot.get('/api/me', header)).body, { user: { name: 'robot' }, role: 'moderator' });
  t.equal((await robot.post('/api/keys', { name: 'more', role: 'owner' }, header)).status, 403);
  const { keys } = (await rig.owner.get('/api/keys')).body;
  t.match(keys, [{ name: 'robot', role: 'moderator' }]);
  t.notMatch(JSON.stringify(keys), made.body.key.slice(10));
  t.equal((await rig.owner.call('DELETE', `/api/keys/${keys[0].id}`)).status, 204);
  t.equal((await robot.get('/api/rooms', header)).status, 401);
});

t.test('without accounts everybody on the machine is the owner, and only there', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  t.match((await rig.anybody().get('/api/me')).body, { role: 'owner', organisation: 'local' });
  await t.rejects(startStudio({ noAuth: true, host: '0.0.0.0' }), { code: 'E_BAD_REQUEST', message: /loopback/ });
});
