import t from 'tap';
import { startSmtp } from '../kit/smtp-server.js';
import { PASSWORD, startStudio } from './studio-rig.js';

const linkIn = (text: string, page: string): string => new RegExp(`https?://\\S+/${page}#([\\w-]+)`).exec(text)![1]!;

t.test('mails invitations and resets, and says what a server refuses', async (t) => {
  const smtp = await startSmtp('studio', 'right');
  t.teardown(() => smtp.close());
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const settings = { host: '127.0.0.1', port: smtp.port, secure: false, user: 'studio', from: 'studio@shop.example' };
  await rig.owner.call('PUT', '/api/settings/smtp', { ...settings, password: 'wrong' });
  const refused = await rig.owner.post('/api/settings/smtp/test');
  t.equal(refused.status, 400);
  t.match(refused.body.error, { code: 'E_BAD_REQUEST', found: /535/, todo: /user and password/ });
  t.equal(
    (await rig.owner.post('/api/people/invitations', { email: 'no@example.com', role: 'viewer' })).body.mailed,
    false,
    'a link is shown in place of the mail',
  );

  await rig.owner.call('PUT', '/api/settings/smtp', { ...settings, password: 'right' });
  t.same((await rig.owner.post('/api/settings/smtp/test')).body, { to: 'ona@example.com' });
  t.match(smtp.mails.at(-1), { from: 'studio@shop.example', to: ['ona@example.com'], text: /Mail works/ });

  const sent = await rig.owner.post('/api/people/invitations', { email: 'budi@example.com', role: 'operator' });
  t.equal(sent.body.mailed, true);
  const invitation = smtp.mails.at(-1)!;
  t.match(invitation, { to: ['budi@example.com'], text: /以“运营”身份/ });
  const budi = rig.anybody();
  const code = linkIn(invitation.text, 'invite');
  t.equal((await budi.post(`/api/invitations/${code}`, { name: 'Budi', password: PASSWORD })).status, 200);
  t.match((await budi.get('/api/me')).body, { role: 'operator' });

  const before = smtp.mails.length;
  t.equal((await rig.anybody().post('/api/reset/request', { email: 'nobody@example.com' })).status, 202);
  t.equal((await rig.anybody().post('/api/reset/request', { email: 'budi@example.com' })).status, 202);
  for (let i = 0; i < 100 && smtp.mails.length === before; i += 1) await new Promise((r) => setTimeout(r, 20));
  t.equal(smtp.mails.length, before + 1, 'a stranger gets no mail');
  const reset = linkIn(smtp.mails.at(-1)!.text, 'reset');
  t.equal((await rig.anybody().post('/api/reset', { code: reset, password: 'another-password-1' })).status, 204);
  t.equal((await budi.get('/api/rooms')).status, 401, 'older sessions have ended');
  const again = rig.anybody();
  await again.post('/api/auth/sign-in/email', { email: 'budi@example.com', password: 'another-password-1' });
  t.equal((await again.get('/api/rooms')).status, 200);
});
