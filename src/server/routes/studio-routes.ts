import { z } from 'zod';
import type { StudioApp } from '../app.js';
import { headersOf, LOCAL_ORGANISATION } from '../guard.js';
import { rightsOf } from '../roles.js';
import { role } from '../schemas.js';
import type { Studio } from '../studio.js';
import { EngineError } from '../../core/errors.js';
import { sendAuth } from '../accounts/send-auth.js';
import { languageTable } from '../../config/languages/language-table.js';

const organisation = z.object({ id: z.string(), name: z.string(), slug: z.string(), role });
const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), twoFactorEnabled: z.boolean() }).nullable(),
  organisations: z.array(organisation),
  organisation: z.string().nullable(),
  role: role.nullable(),
  rights: z.array(role),
});

/** Routes of better-auth that a page uses; the others do what our own routes do with rights and an audit. */
const AUTH_PATHS: ReadonlySet<string> = new Set([
  'POST sign-in/email',
  'POST sign-out',
  'GET get-session',
  'POST change-password',
  'GET list-sessions',
  'POST revoke-session',
  'POST revoke-other-sessions',
  'POST two-factor/enable',
  'POST two-factor/disable',
  'POST two-factor/verify-totp',
  'POST two-factor/verify-backup-code',
  'POST two-factor/generate-backup-codes',
]);

/** What a page needs first, sign-in, and one's own account. */
export function studioRoutes(app: StudioApp, studio: Studio): void {
  const { accounts } = studio;
  app.get(
    '/healthz',
    { config: { right: 'public' }, schema: { response: { 200: z.object({ ok: z.boolean() }) } } },
    () => ({
      ok: true,
    }),
  );
  app.get(
    '/api/studio',
    {
      config: { right: 'public' },
      schema: {
        summary: 'What a page needs before anybody has signed in',
        response: {
          200: z.object({
            version: z.string(),
            needsSetup: z.boolean(),
            noAuth: z.boolean(),
            smtp: z.boolean(),
            demo: z.string().nullable(),
            languages: z.array(z.object({ tag: z.string(), english: z.string(), native: z.string() })),
          }),
        },
      },
    },
    () => ({
      version: studio.version,
      needsSetup: !studio.noAuth && !accounts.isSetUp,
      noAuth: studio.noAuth,
      smtp: studio.mailer.isSet,
      demo: studio.demo,
      languages: languageTable().languages.map(({ tag, english, native }) => ({ tag, english, native })),
    }),
  );
  app.get(
    '/api/me',
    { config: { right: 'public' }, schema: { summary: 'Who is signed in', response: { 200: me } } },
    ({ person }) => ({
      user:
        person === null
          ? null
          : { id: person.id, name: person.name, email: person.email, twoFactorEnabled: person.twoFactorEnabled },
      organisations:
        person === null
          ? []
          : studio.noAuth
            ? [{ id: LOCAL_ORGANISATION, name: 'Local', slug: 'local', role: 'owner' as const }]
            : accounts.organisationsOf(person.id),
      organisation: person?.organisation ?? null,
      role: person?.role ?? null,
      rights: rightsOf(person?.role ?? null),
    }),
  );
  app.post(
    '/api/me/organisation',
    {
      config: { right: 'user' },
      schema: {
        summary: 'Switches the organisation',
        body: z.strictObject({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { person, body } = request;
      const isOwn = accounts.organisationsOf(person!.id).some(({ id }) => id === body.id);
      if (!isOwn || person!.session === undefined)
        throw new EngineError('E_NOT_FOUND', { where: 'organisation', found: 'none of yours' });
      accounts.switchTo(person!.session, body.id);
      return reply.code(204).send(null);
    },
  );
  app.patch(
    '/api/me',
    {
      config: { right: 'user' },
      schema: { body: z.strictObject({ name: z.string().trim().min(1).max(80) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      accounts.rename(request.person!.id, request.body.name);
      return reply.code(204).send(null);
    },
  );
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    config: { right: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = (request.params as { '*': string })['*'];
      if (studio.noAuth || !AUTH_PATHS.has(`${request.method} ${path}`))
        throw new EngineError('E_NOT_FOUND', {
          where: `${request.method} /api/auth/${path.slice(0, 60)}`,
          found: 'no such address',
        });
      const email = (request.body as { email?: unknown } | null)?.email;
      const account = typeof email === 'string' ? email : path;
      const isGuess = /^(sign-in|two-factor\/verify|change-password)/.test(path);
      if (isGuess) studio.attempts.require(account, request.ip);
      const answer = await accounts.handle(request.method, request.url, {
        headers: headersOf(request),
        body: request.body,
        address: request.ip,
      });
      if (isGuess && !answer.ok && answer.status !== 429) studio.attempts.failed(account, request.ip);
      if (path === 'sign-out' && request.person !== null) studio.live.signedOut(request.person.id);
      return sendAuth(request, reply, answer);
    },
  });
}
