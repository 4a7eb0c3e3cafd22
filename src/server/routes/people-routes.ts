import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { MAX_PASSWORD, MIN_PASSWORD } from '../accounts/accounts.js';
import { sendAuth } from '../accounts/send-auth.js';
import type { StudioApp } from '../app.js';
import { audit } from '../audit.js';
import { LOCAL_ORGANISATION, member } from '../guard.js';
import type { Role } from '../roles.js';
import { role } from '../schemas.js';
import type { Studio } from '../studio.js';
import { linkTo, rememberOrigin } from '../accounts/links.js';

const DAY_MS = 86_400_000;
const ROLE_ZH: Readonly<Record<Role, string>> = {
  viewer: '观看者',
  moderator: '场控',
  operator: '运营',
  editor: '编辑',
  owner: '所有者',
};
const INVITATION_MS = 7 * DAY_MS;
const RESET_MS = 3_600_000;

const code = z.string().min(10).max(100);
const email = z.email().max(200);
const name = z.string().trim().min(1).max(80);
const password = z.string().min(MIN_PASSWORD).max(MAX_PASSWORD);
const person = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  twoFactor: z.boolean(),
  lastSeenAt: z.string().nullable(),
});
const sentLink = z.object({ link: z.string(), mailed: z.boolean(), expiresAt: z.string() });

interface Invitation {
  readonly email: string;
  readonly role: Role;
  readonly inviter: string;
}

interface Reset {
  readonly userId: string;
  /** The account library's own token, which this link spends. */
  readonly token: string;
}

/** Set-up, invitations, people, resets and API keys. */
export function peopleRoutes(app: StudioApp, studio: Studio): void {
  const { accounts, links, attempts } = studio;

  app.get(
    '/api/setup/:code',
    {
      config: { right: 'public' },
      schema: { params: z.object({ code }), response: { 200: z.object({ ok: z.boolean(), expiresAt: z.string() }) } },
    },
    (request) => {
      attempts.require('setup', request.ip);
      const found = links.find('setup', request.params.code);
      if (found === undefined || accounts.isSetUp) throw spent(request.ip, 'setup');
      return { ok: true, expiresAt: new Date(found.expiresMs).toISOString() };
    },
  );
  app.post(
    '/api/setup',
    {
      config: { right: 'public' },
      schema: {
        summary: 'Makes the first owner, once',
        body: z.strictObject({ code, name, email, password, organisation: z.string().trim().min(1).max(80) }),
        response: { 201: z.unknown() },
      },
    },
    async (request, reply) => {
      const { body } = request;
      attempts.require('setup', request.ip);
      const found = links.find('setup', body.code);
      if (found === undefined || accounts.isSetUp || !links.spend(found.id)) throw spent(request.ip, 'setup');
      const organisation = accounts.createOrganisation(body.organisation);
      const userId = await accounts.createUser(body.name, body.email, body.password);
      accounts.join(organisation, userId, 'owner');
      links.removeKind('setup');
      studio.rooms.move(LOCAL_ORGANISATION, organisation);
      rememberOrigin(studio, request);
      studio.audits.add({
        organisation,
        room: null,
        by: { id: userId, name: body.name },
        action: 'studio.set-up',
        what: body.organisation,
      });
      return sendAuth(request, reply, await accounts.signIn(body.email, body.password, request.ip), 201);
    },
  );

  app.get(
    '/api/people',
    {
      config: { right: 'viewer' },
      schema: {
        response: {
          200: z.object({
            people: z.array(person),
            invitations: z.array(z.object({ id: z.string(), email: z.string(), role, expiresAt: z.string() })),
          }),
        },
      },
    },
    (request) => {
      const { organisation } = member(request);
      return {
        people: accounts.people(organisation),
        invitations: links.list<Invitation>('invitation', organisation).map(({ id, payload, expiresMs }) => ({
          id,
          email: payload.email,
          role: payload.role,
          expiresAt: new Date(expiresMs).toISOString(),
        })),
      };
    },
  );
  app.post(
    '/api/people/invitations',
    {
      config: { right: 'owner' },
      schema: {
        summary: 'Invites a person; the link is shown once',
        body: z.strictObject({ email, role }),
        response: { 201: sentLink },
      },
    },
    async (request, reply) => {
      const { organisation, name: inviter } = member(request);
      const { body } = request;
      const known = accounts.userId(body.email);
      if (known !== undefined && accounts.roleOf(known, organisation) !== null)
        throw new EngineError('E_IN_USE', {
          where: 'email',
          expected: 'somebody who is not here yet',
          found: body.email,
          todo: 'change the role of that person instead',
        });
      const payload: Invitation = { email: body.email.toLowerCase(), role: body.role, inviter };
      const made = links.add('invitation', organisation, payload, INVITATION_MS);
      rememberOrigin(studio, request);
      const link = linkTo(studio, 'invite', made.code);
      const mailed = await studio.mailer.trySend({
        to: body.email,
        subject: `${inviter} invites you to Showroom · ${inviter} 邀请您加入 Showroom`,
        text: `${inviter} invites you to “${accounts.organisationName(organisation)}” as ${body.role}.\n${link}\nThe link works once, for seven days.\n\n${inviter} 邀请您以“${ROLE_ZH[body.role]}”身份加入“${accounts.organisationName(organisation)}”。链接七天内有效，仅可使用一次。`,
      });
      audit(studio, request, { action: 'people.invite', what: body.email, after: { role: body.role } });
      return reply.code(201).send({ link, mailed, expiresAt: new Date(made.expiresMs).toISOString() });
    },
  );
  app.delete(
    '/api/people/invitations/:invitation',
    {
      config: { right: 'owner' },
      schema: { params: z.object({ invitation: z.string().max(100) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const found = links.byHash<Invitation>('invitation', request.params.invitation);
      if (found === undefined || found.organisation !== member(request).organisation)
        throw new EngineError('E_NOT_FOUND', { where: 'invitation', found: 'no such invitation' });
      links.spend(found.id);
      audit(studio, request, { action: 'people.uninvite', what: found.payload.email });
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/invitations/:code',
    {
      config: { right: 'public' },
      schema: {
        params: z.object({ code }),
        response: {
          200: z.object({
            email: z.string(),
            role,
            organisation: z.string(),
            inviter: z.string(),
            expiresAt: z.string(),
            known: z.boolean().describe('The address has an account: its own password joins'),
          }),
        },
      },
    },
    (request) => {
      attempts.require('invitation', request.ip);
      const found = links.find<Invitation>('invitation', request.params.code);
      if (found === undefined) throw spent(request.ip, 'invitation');
      const { payload, organisation, expiresMs } = found;
      return {
        ...payload,
        organisation: accounts.organisationName(organisation),
        expiresAt: new Date(expiresMs).toISOString(),
        known: accounts.knows(payload.email),
      };
    },
  );
  app.post(
    '/api/invitations/:code',
    {
      config: { right: 'public' },
      schema: {
        summary: 'Accepts an invitation and signs in',
        params: z.object({ code }),
        body: z.strictObject({ name: name.optional(), password: z.string().min(1).max(MAX_PASSWORD) }),
        response: { 200: z.unknown() },
      },
    },
    async (request, reply) => {
      const { body } = request;
      attempts.require('invitation', request.ip);
      const found = links.find<Invitation>('invitation', request.params.code);
      if (found === undefined) throw spent(request.ip, 'invitation');
      const { email: address, role: given } = found.payload;
      const isKnown = accounts.knows(address);
      if (!isKnown) {
        const read = password.safeParse(body.password);
        if (!read.success)
          throw new EngineError('E_BAD_REQUEST', {
            where: 'password',
            expected: `${MIN_PASSWORD} to ${MAX_PASSWORD} characters`,
            found: `${body.password.length}`,
          });
        if (!links.spend(found.id)) throw spent(request.ip, 'invitation');
        await accounts.createUser(body.name ?? address.split('@')[0]!, address, body.password);
      }
      const answer = await accounts.signIn(address, body.password, request.ip);
      if (!answer.ok) attempts.failed(address, request.ip);
      else {
        if (isKnown && !links.spend(found.id)) throw spent(request.ip, 'invitation');
        const userId = accounts.userId(address)!;
        accounts.join(found.organisation, userId, given);
        studio.audits.add({
          organisation: found.organisation,
          room: null,
          by: { id: userId, name: body.name ?? address },
          action: 'people.join',
          what: address,
          after: { role: given },
        });
      }
      return sendAuth(request, reply, answer);
    },
  );
  app.patch(
    '/api/people/:userId',
    {
      config: { right: 'owner' },
      schema: {
        params: z.object({ userId: z.string().max(100) }),
        body: z.strictObject({ role }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const { userId } = request.params;
      const before = accounts.setRole(organisation, userId, request.body.role);
      studio.live.signedOut(userId, organisation);
      audit(studio, request, {
        action: 'people.role',
        what: accounts.email(userId) ?? userId,
        before: { role: before },
        after: { role: request.body.role },
      });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/people/:userId',
    {
      config: { right: 'owner' },
      schema: { params: z.object({ userId: z.string().max(100) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const { userId } = request.params;
      const address = accounts.email(userId) ?? userId;
      const before = accounts.leave(organisation, userId);
      studio.live.signedOut(userId, organisation);
      studio.push.forget(userId, organisation);
      audit(studio, request, { action: 'people.remove', what: address, before: { role: before } });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/people/:userId/reset',
    {
      config: { right: 'owner' },
      schema: {
        summary: 'A link that sets a new password once',
        params: z.object({ userId: z.string().max(100) }),
        response: { 201: sentLink },
      },
    },
    async (request, reply) => {
      const { organisation } = member(request);
      const { userId } = request.params;
      if (accounts.roleOf(userId, organisation) === null)
        throw new EngineError('E_NOT_FOUND', { where: 'people', found: 'nobody with this id' });
      // The link opens the whole account, so it must not lead into what another organisation owns.
      if (accounts.organisationsOf(userId).some(({ id }) => id !== organisation))
        throw new EngineError('E_FORBIDDEN', {
          where: 'people',
          expected: 'somebody of this organisation alone',
          found: 'a person who is in another organisation as well',
          todo: 'let them ask for a link on the sign-in page',
        });
      rememberOrigin(studio, request);
      const address = accounts.email(userId)!;
      const sent = await sendReset(address, userId, organisation);
      audit(studio, request, { action: 'people.reset', what: address });
      return reply.code(201).send(sent);
    },
  );
  app.post(
    '/api/reset/request',
    {
      config: { right: 'public' },
      schema: {
        summary: 'Mails a reset link where SMTP is set; the answer is the same for unknown addresses',
        body: z.strictObject({ email }),
        response: { 202: z.object({ mailed: z.boolean().describe('Whether this studio sends mail at all') }) },
      },
    },
    async (request, reply) => {
      attempts.require('reset', request.ip);
      attempts.failed('reset', request.ip);
      const userId = accounts.userId(request.body.email);
      const organisation = userId === undefined ? undefined : accounts.organisationsOf(userId)[0]?.id;
      // In the background: the time it takes tells nothing.
      if (userId !== undefined && organisation !== undefined && studio.mailer.isSet)
        void sendReset(request.body.email, userId, organisation).catch((error: unknown) =>
          studio.log.warn({ error: String(error) }, 'a reset link could not be made'),
        );
      return reply.code(202).send({ mailed: studio.mailer.isSet });
    },
  );
  app.post(
    '/api/reset',
    {
      config: { right: 'public' },
      schema: { body: z.strictObject({ code, password }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      attempts.require('reset link', request.ip);
      const found = links.find<Reset>('reset', request.body.code);
      if (found === undefined || !links.spend(found.id)) throw spent(request.ip, 'reset link');
      await accounts.reset(found.payload.token, request.body.password);
      studio.live.signedOut(found.payload.userId);
      return reply.code(204).send(null);
    },
  );

  const apiKey = z.object({
    id: z.string(),
    name: z.string(),
    start: z.string(),
    role,
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    lastUsedAt: z.string().nullable(),
  });
  app.get(
    '/api/keys',
    { config: { right: 'owner' }, schema: { response: { 200: z.object({ keys: z.array(apiKey) }) } } },
    (request) => ({ keys: accounts.keys(member(request).organisation) }),
  );
  app.post(
    '/api/keys',
    {
      config: { right: 'owner' },
      schema: {
        summary: 'Makes an API key, shown once',
        body: z.strictObject({
          name: z.string().trim().min(1).max(32),
          role,
          expiresInDays: z.int().min(1).max(365).optional(),
        }),
        response: { 201: z.object({ id: z.string(), key: z.string() }) },
      },
    },
    async (request, reply) => {
      const { organisation, id: userId } = member(request);
      const { body } = request;
      if (accounts.roleOf(userId, organisation) === null)
        throw new EngineError('E_FORBIDDEN', {
          where: 'POST /api/keys',
          expected: 'a person who is signed in',
          found: 'another API key, or no account',
        });
      const made = await accounts.createKey({
        name: body.name,
        userId,
        organisation,
        role: body.role,
        days: body.expiresInDays,
      });
      audit(studio, request, { action: 'key.add', what: body.name, after: { role: body.role } });
      return reply.code(201).send(made);
    },
  );
  app.delete(
    '/api/keys/:key',
    {
      config: { right: 'owner' },
      schema: { params: z.object({ key: z.string().max(100) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      if (!accounts.removeKey(member(request).organisation, request.params.key))
        throw new EngineError('E_NOT_FOUND', { where: 'API key', found: 'no such key' });
      audit(studio, request, { action: 'key.remove', what: request.params.key });
      return reply.code(204).send(null);
    },
  );

  async function sendReset(
    address: string,
    userId: string,
    organisation: string,
  ): Promise<{ link: string; mailed: boolean; expiresAt: string }> {
    const token = await accounts.resetToken(address);
    if (token === undefined) throw new EngineError('E_NOT_FOUND', { where: 'people', found: 'no account' });
    const payload: Reset = { userId, token };
    const made = links.add('reset', organisation, payload, RESET_MS);
    const link = linkTo(studio, 'reset', made.code);
    const mailed = await studio.mailer.trySend({
      to: address,
      subject: 'Set a new password · 重置密码 · Showroom',
      text: `Set a new password:\n${link}\nThe link works once, for an hour. If you did not ask for it, do nothing.\n\n重置密码链接一小时内有效，仅可使用一次。如非本人操作请忽略。`,
    });
    return { link, mailed, expiresAt: new Date(made.expiresMs).toISOString() };
  }

  /** Counted, so that links cannot be guessed. */
  function spent(address: string, what: string): EngineError {
    attempts.failed(what, address);
    return new EngineError('E_NOT_FOUND', {
      where: `the ${what}`,
      expected: 'a link that is new',
      found: 'one that is used or too old',
      todo: 'ask for another',
    });
  }
}
