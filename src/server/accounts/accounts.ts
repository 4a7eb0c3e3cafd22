/**
 * Accounts by better-auth on the studio's database: passwords, sessions, second factors, organisations and API keys.
 * Nobody signs up: the first owner comes by the set-up link, everybody else by an invitation.
 */
import { randomUUID } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { organization, twoFactor } from 'better-auth/plugins';
import { SqliteDialect } from 'kysely';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Database } from '../../store/store-schema.js';
import { isRole, lowerRole, type Role } from '../roles.js';

/** Whoever sends a request. */
export interface Person {
  /** `key:ID` for a program with an API key. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly twoFactorEnabled: boolean;
  readonly organisation: string | null;
  readonly role: Role | null;
  /** Undefined for an API key, and without accounts. */
  readonly session?: string;
}

export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly twoFactor: boolean;
  readonly lastSeenAt: string | null;
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 128;
const RESET_S = 3600;
const SESSION_S = 7 * 86_400;
/** Set by the server on the requests that it hands on; a client's own is replaced. */
const ADDRESS_HEADER = 'x-studio-address';
const KEY_PREFIX = 'showroom_';
const KEY_CALLS_A_MINUTE = 1200;

function createAuth(db: Database, secret: string, onReset: (email: string, token: string) => void) {
  return betterAuth({
    appName: 'Showroom',
    // Only paths count: the guard of the server has checked where a request comes from.
    baseURL: 'http://studio.invalid',
    basePath: '/api/auth',
    secret,
    database: { dialect: new SqliteDialect({ database: db as never }), type: 'sqlite', transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
      resetPasswordTokenExpiresIn: RESET_S,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => onReset(user.email, token),
    },
    session: { expiresIn: SESSION_S, updateAge: 86_400 },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 10,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 30 }, '/two-factor/*': { window: 60, max: 20 } },
    },
    advanced: {
      cookiePrefix: 'showroom',
      disableCSRFCheck: true,
      disableOriginCheck: true,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
    },
    plugins: [
      organization({ allowUserToCreateOrganization: false }),
      twoFactor({ issuer: 'Showroom' }),
      apiKey({
        defaultPrefix: KEY_PREFIX,
        enableMetadata: true,
        rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: KEY_CALLS_A_MINUTE },
      }),
    ],
  });
}

type Auth = ReturnType<typeof createAuth>;

export class Accounts {
  /** Tokens of resets by e-mail, from the library's callback to its caller. */
  private readonly resets = new Map<string, string>();
  private readonly auth: Auth;

  private constructor(
    private readonly db: Database,
    secret: string,
    private readonly log: Log,
  ) {
    this.auth = createAuth(db, secret, (email, token) => void this.resets.set(email, token));
  }

  static async open({ db, secret, log }: { db: Database; secret: string; log: Log }): Promise<Accounts> {
    const accounts = new Accounts(db, secret, log);
    const { runMigrations } = await getMigrations(accounts.auth.options);
    await runMigrations();
    return accounts;
  }

  /** False until the first owner has been made. */
  get isSetUp(): boolean {
    return this.db.prepare('SELECT 1 AS n FROM member LIMIT 1').get() !== undefined;
  }

  /** Hands a request to the library's own routes. */
  handle(method: string, path: string, { headers, body, address }: HandedOn): Promise<Response> {
    const sent = new Headers(headers);
    sent.set(ADDRESS_HEADER, address);
    sent.delete('content-length');
    const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
    if (hasBody) sent.set('content-type', 'application/json');
    return this.auth.handler(
      new Request(`http://studio.invalid${path}`, {
        method,
        headers: sent,
        ...(hasBody ? { body: JSON.stringify(body) } : {}),
      }),
    );
  }

  /** Signs in with a password; the answer's cookies are the session. */
  signIn(email: string, password: string, address: string, headers: Headers = new Headers()): Promise<Response> {
    return this.handle('POST', '/api/auth/sign-in/email', { headers, body: { email, password }, address });
  }

  /** Who holds this session or API key; undefined for nobody. */
  async identify(headers: Headers): Promise<Person | undefined> {
    const key = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (key !== undefined) return this.byKey(key);
    if (!headers.has('cookie')) return undefined;
    const found = await this.auth.api.getSession({ headers, query: { disableRefresh: true } });
    if (found === null) return undefined;
    const { user, session } = found;
    const all = this.organisationsOf(user.id);
    const { activeOrganizationId } = session as { activeOrganizationId?: string | null };
    const active = all.find(({ id }) => id === activeOrganizationId) ?? all[0];
    return {
      id: user.id,
      name: user.name,
      email: user.email,
      twoFactorEnabled: (user as { twoFactorEnabled?: boolean | null }).twoFactorEnabled === true,
      organisation: active?.id ?? null,
      role: active?.role ?? null,
      session: session.token,
    };
  }

  firstOrganisation(): string | undefined {
    const row = this.db.prepare('SELECT id FROM organization ORDER BY createdAt LIMIT 1').get() as
      | { id: string }
      | undefined;
    return row?.id;
  }

  organisationsOf(userId: string): Organisation[] {
    const rows = this.db
      .prepare(
        `SELECT o.id, o.name, o.slug, m.role FROM member m JOIN organization o ON o.id = m.organizationId
          WHERE m.userId = ? ORDER BY m.createdAt`,
      )
      .all(userId) as { id: string; name: string; slug: string; role: string }[];
    return rows.flatMap(({ role, ...rest }) => (isRole(role) ? [{ ...rest, role }] : []));
  }

  switchTo(session: string, organisation: string): void {
    this.db.prepare('UPDATE session SET activeOrganizationId = ? WHERE token = ?').run(organisation, session);
  }

  people(organisation: string): Member[] {
    const rows = this.db
      .prepare(
        `SELECT u.id, u.name, u.email, u.twoFactorEnabled AS two, m.role,
          (SELECT max(s.updatedAt) FROM session s WHERE s.userId = u.id) AS seen
          FROM member m JOIN "user" u ON u.id = m.userId WHERE m.organizationId = ? ORDER BY m.createdAt`,
      )
      .all(organisation) as {
      id: string;
      name: string;
      email: string;
      two: number | null;
      role: string;
      seen: string | number | null;
    }[];
    return rows.map(({ id, name, email, two, role, seen }) => ({
      userId: id,
      name,
      email,
      role: isRole(role) ? role : 'viewer',
      twoFactor: two === 1,
      lastSeenAt: seen === null ? null : new Date(seen).toISOString(),
    }));
  }

  roleOf(userId: string, organisation: string): Role | null {
    const row = this.db
      .prepare('SELECT role FROM member WHERE userId = ? AND organizationId = ?')
      .get(userId, organisation) as { role: string } | undefined;
    return isRole(row?.role) ? row.role : null;
  }

  knows(email: string): boolean {
    return this.db.prepare('SELECT 1 AS n FROM "user" WHERE email = ?').get(email.toLowerCase()) !== undefined;
  }

  organisationName(id: string): string {
    const row = this.db.prepare('SELECT name FROM organization WHERE id = ?').get(id) as { name: string } | undefined;
    return row?.name ?? id;
  }

  async createUser(name: string, email: string, password: string): Promise<string> {
    const context = await this.auth.$context;
    const hash = await context.password.hash(password);
    const user = await context.internalAdapter.createUser(
      { name, email: email.toLowerCase(), emailVerified: true },
      { method: 'email-password' },
    );
    await context.internalAdapter.linkAccount({
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password: hash,
    });
    return user.id;
  }

  createOrganisation(name: string): string {
    const id = randomUUID();
    const base = slugOf(name);
    const isTaken = this.db.prepare('SELECT 1 AS n FROM organization WHERE slug = ?').get(base) !== undefined;
    const slug = isTaken ? `${base}-${id.slice(0, 6)}` : base;
    this.db
      .prepare('INSERT INTO organization (id, name, slug, createdAt) VALUES (?, ?, ?, ?)')
      .run(id, name, slug, new Date().toISOString());
    return id;
  }

  userId(email: string): string | undefined {
    const row = this.db.prepare('SELECT id FROM "user" WHERE email = ?').get(email.toLowerCase()) as
      | { id: string }
      | undefined;
    return row?.id;
  }

  join(organisation: string, userId: string, role: Role): void {
    if (this.roleOf(userId, organisation) !== null) return;
    this.db
      .prepare('INSERT INTO member (id, organizationId, userId, role, createdAt) VALUES (?, ?, ?, ?, ?)')
      .run(randomUUID(), organisation, userId, role, new Date().toISOString());
  }

  /** Throws E_NOT_FOUND for a stranger, E_IN_USE when no owner would be left. */
  setRole(organisation: string, userId: string, role: Role): Role {
    const before = this.requireMember(organisation, userId);
    if (before === 'owner' && role !== 'owner') this.requireOtherOwner(organisation, userId);
    this.db
      .prepare('UPDATE member SET role = ? WHERE organizationId = ? AND userId = ?')
      .run(role, organisation, userId);
    return before;
  }

  /** As `setRole`; whoever is in no organisation any more loses the account's sessions. */
  leave(organisation: string, userId: string): Role {
    const before = this.requireMember(organisation, userId);
    if (before === 'owner') this.requireOtherOwner(organisation, userId);
    this.db.prepare('DELETE FROM member WHERE organizationId = ? AND userId = ?').run(organisation, userId);
    if (this.organisationsOf(userId).length === 0) {
      this.db.prepare('DELETE FROM session WHERE userId = ?').run(userId);
      this.db.prepare('DELETE FROM apikey WHERE referenceId = ?').run(userId);
    }
    return before;
  }

  rename(userId: string, name: string): void {
    this.db.prepare('UPDATE "user" SET name = ? WHERE id = ?').run(name, userId);
  }

  email(userId: string): string | undefined {
    const row = this.db.prepare('SELECT email FROM "user" WHERE id = ?').get(userId) as { email: string } | undefined;
    return row?.email;
  }

  /** A token that sets a new password once; undefined for an unknown e-mail. */
  async resetToken(email: string): Promise<string | undefined> {
    const known = email.toLowerCase();
    await this.auth.api.requestPasswordReset({ body: { email: known } });
    // The library hands the token on in the background.
    for (let i = 0; i < 20 && !this.resets.has(known); i += 1) await new Promise((done) => setTimeout(done, 5));
    const token = this.resets.get(known);
    this.resets.delete(known);
    return token;
  }

  /** Sets a password by a token; every session of the account ends. Throws E_NOT_FOUND for a spent token. */
  async reset(token: string, password: string): Promise<void> {
    try {
      await this.auth.api.resetPassword({ body: { token, newPassword: password } });
    } catch (cause) {
      throw new EngineError('E_NOT_FOUND', {
        where: 'the reset link',
        expected: 'a link that is not used and less than an hour old',
        found: 'a link that opens nothing',
        todo: 'ask for a new one',
        cause,
      });
    }
  }

  async createKey({ name, userId, organisation, role, days }: NewKey): Promise<{ id: string; key: string }> {
    const { id, key } = await this.auth.api.createApiKey({
      body: {
        name,
        userId,
        metadata: { organisation, role },
        ...(days === undefined ? {} : { expiresIn: days * 86_400 }),
      },
    });
    return { id, key };
  }

  keys(organisation: string): ApiKey[] {
    const rows = this.db.prepare('SELECT * FROM apikey ORDER BY createdAt').all() as {
      id: string;
      name: string | null;
      start: string | null;
      metadata: string | null;
      createdAt: string | number;
      expiresAt: string | number | null;
      lastRequest: string | number | null;
    }[];
    const time = (at: string | number | null): string | null => (at === null ? null : new Date(at).toISOString());
    return rows.flatMap((row) => {
      const about = keyFacts(row.metadata);
      if (about?.organisation !== organisation) return [];
      return [
        {
          id: row.id,
          name: row.name ?? '',
          start: row.start ?? '',
          role: about.role,
          createdAt: time(row.createdAt)!,
          expiresAt: time(row.expiresAt),
          lastUsedAt: time(row.lastRequest),
        },
      ];
    });
  }

  removeKey(organisation: string, id: string): boolean {
    if (!this.keys(organisation).some((key) => key.id === id)) return false;
    this.db.prepare('DELETE FROM apikey WHERE id = ?').run(id);
    return true;
  }

  private async byKey(key: string): Promise<Person | undefined> {
    if (!key.startsWith(KEY_PREFIX)) return undefined;
    const { valid, key: found } = await this.auth.api.verifyApiKey({ body: { key } });
    if (!valid || found === null) return undefined;
    const about = keyFacts(found.metadata);
    if (about === undefined) return undefined;
    // A key never outlives or outranks the person who made it.
    const maker = this.roleOf(found.referenceId, about.organisation);
    if (maker === null) return undefined;
    return {
      id: `key:${found.id}`,
      name: found.name ?? 'API key',
      email: '',
      twoFactorEnabled: false,
      organisation: about.organisation,
      role: lowerRole(maker, about.role),
    };
  }

  private requireMember(organisation: string, userId: string): Role {
    const role = this.roleOf(userId, organisation);
    if (role !== null) return role;
    throw new EngineError('E_NOT_FOUND', {
      where: 'people',
      expected: 'a person of this organisation',
      found: 'nobody with this id',
    });
  }

  private requireOtherOwner(organisation: string, userId: string): void {
    const { n } = this.db
      .prepare("SELECT count(*) AS n FROM member WHERE organizationId = ? AND role = 'owner' AND userId <> ?")
      .get(organisation, userId) as { n: number };
    if (n > 0) return;
    throw new EngineError('E_IN_USE', {
      where: 'people',
      expected: 'an organisation with an owner',
      found: 'the last owner',
      todo: 'make another person an owner first',
    });
  }

  /** Ends the sessions that have expired. */
  prune(): void {
    try {
      this.db.prepare('DELETE FROM session WHERE expiresAt < ?').run(new Date().toISOString());
    } catch (error) {
      this.log.warn({ error: String(error) }, 'old sessions could not be removed');
    }
  }
}

interface HandedOn {
  readonly headers: Headers;
  readonly body?: unknown;
  readonly address: string;
}

interface NewKey {
  readonly name: string;
  readonly userId: string;
  readonly organisation: string;
  readonly role: Role;
  readonly days?: number | undefined;
}

function keyFacts(metadata: unknown): { organisation: string; role: Role } | undefined {
  let value: unknown = metadata;
  // The library writes JSON, in some versions twice.
  for (let i = 0; i < 2 && typeof value === 'string'; i += 1) value = JSON.parse(value) as unknown;
  const { organisation, role } = (value ?? {}) as { organisation?: unknown; role?: unknown };
  return typeof organisation === 'string' && isRole(role) ? { organisation, role } : undefined;
}

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || 'studio';
