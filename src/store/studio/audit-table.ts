import type { Database } from '../store-schema.js';
import type { By } from './rooms-table.js';

export interface AuditEntry {
  readonly organisation: string;
  readonly room: string | null;
  readonly by: By;
  /** A word such as `room.save`. */
  readonly action: string;
  /** What was changed, such as `layers` or an e-mail address; never a secret. */
  readonly what: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditRow extends AuditEntry {
  readonly id: number;
  readonly atMs: number;
}

const MAX_CHARACTERS = 4000;
const KEPT_MS = 400 * 86_400_000;

/** Who changed what, and when. Lines are added and grow old; none is changed. */
export class AuditTable {
  constructor(private readonly db: Database) {}

  add({ organisation, room, by, action, what, before, after }: AuditEntry): void {
    this.db
      .prepare(
        `INSERT INTO audit (at_ms, organisation, room, user_id, user_name, action, what, before, after)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(Date.now(), organisation, room, by.id, by.name, action, what.slice(0, 200), short(before), short(after));
  }

  /** Newest first. */
  list(organisation: string, { room, limit, before }: { room?: string; limit: number; before?: number }): AuditRow[] {
    const rows = this.db
      .prepare(
        `SELECT * FROM audit WHERE organisation = ? AND (? IS NULL OR room = ?) AND id < ? ORDER BY id DESC LIMIT ?`,
      )
      .all(organisation, room ?? null, room ?? null, before ?? Number.MAX_SAFE_INTEGER, limit) as {
      id: number;
      at_ms: number;
      organisation: string;
      room: string | null;
      user_id: string;
      user_name: string;
      action: string;
      what: string;
      before: string | null;
      after: string | null;
    }[];
    return rows.map((row) => ({
      id: row.id,
      atMs: row.at_ms,
      organisation: row.organisation,
      room: row.room,
      by: { id: row.user_id, name: row.user_name },
      action: row.action,
      what: row.what,
      before: parsed(row.before),
      after: parsed(row.after),
    }));
  }

  /** Removes lines that are more than a year old. */
  prune(): void {
    this.db.prepare('DELETE FROM audit WHERE at_ms < ?').run(Date.now() - KEPT_MS);
  }
}

function short(value: unknown): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= MAX_CHARACTERS ? text : JSON.stringify(`${text.slice(0, MAX_CHARACTERS)}…`);
}

const parsed = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));
