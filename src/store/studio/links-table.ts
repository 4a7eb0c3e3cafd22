import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../store-schema.js';

/** Named settings of the whole studio, as JSON. */
export class SettingsTable {
  constructor(private readonly db: Database) {}

  get<T>(name: string): T | undefined {
    const row = this.db.prepare('SELECT value FROM setting WHERE name = ?').get(name) as { value: string } | undefined;
    return row === undefined || row === null ? undefined : (JSON.parse(row.value) as T);
  }

  put(name: string, value: unknown): void {
    this.db
      .prepare('INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(name, JSON.stringify(value));
  }

  remove(name: string): void {
    this.db.prepare('DELETE FROM setting WHERE name = ?').run(name);
  }
}

type LinkKind = 'setup' | 'invitation' | 'reset';

interface LinkRow<Payload> {
  readonly id: string;
  readonly organisation: string;
  readonly payload: Payload;
  readonly expiresMs: number;
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url');

/** One-time links. Only the hash of a code is kept: a copy of the database opens no account. */
export class LinksTable {
  constructor(private readonly db: Database) {}

  /** Returns the code, which is known to nobody afterwards. */
  add(kind: LinkKind, organisation: string, payload: unknown, lifeMs: number): { code: string; expiresMs: number } {
    const code = randomBytes(24).toString('base64url');
    const expiresMs = Date.now() + lifeMs;
    this.db.prepare('DELETE FROM link WHERE expires_ms < ?').run(Date.now());
    this.db
      .prepare('INSERT INTO link (hash, kind, organisation, payload, expires_ms) VALUES (?, ?, ?, ?, ?)')
      .run(hashOf(code), kind, organisation, JSON.stringify(payload), expiresMs);
    return { code, expiresMs };
  }

  find<Payload>(kind: LinkKind, code: string): LinkRow<Payload> | undefined {
    return this.byHash(kind, hashOf(code));
  }

  /** The hash serves as the link's id in lists. */
  byHash<Payload>(kind: LinkKind, hash: string): LinkRow<Payload> | undefined {
    return this.rows<Payload>('hash = ? AND kind = ?', hash, kind)[0];
  }

  list<Payload>(kind: LinkKind, organisation: string): LinkRow<Payload>[] {
    return this.rows('organisation = ? AND kind = ?', organisation, kind);
  }

  /** True for the first caller only. */
  spend(id: string): boolean {
    return this.db.prepare('DELETE FROM link WHERE hash = ?').run(id).changes === 1;
  }

  removeKind(kind: LinkKind): void {
    this.db.prepare('DELETE FROM link WHERE kind = ?').run(kind);
  }

  private rows<Payload>(where: string, ...values: string[]): LinkRow<Payload>[] {
    const rows = this.db
      .prepare(`SELECT * FROM link WHERE ${where} AND expires_ms >= ? ORDER BY expires_ms`)
      .all(...values, Date.now()) as { hash: string; organisation: string; payload: string; expires_ms: number }[];
    return rows.map(({ hash, organisation, payload, expires_ms }) => ({
      id: hash,
      organisation,
      payload: JSON.parse(payload) as Payload,
      expiresMs: expires_ms,
    }));
  }
}
