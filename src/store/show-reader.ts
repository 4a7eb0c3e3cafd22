import { statSync } from 'node:fs';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Database } from './store-schema.js';
import { inWords, NewerStore, openForReading, versionOf } from './open-database.js';

/** Rows of a store as reports read them. */
export interface SessionRow {
  readonly id: number;
  readonly room: string;
  readonly version: string;
  readonly startedMs: number;
  readonly seenMs: number;
  readonly endedMs: number | null;
  readonly ended: string | null;
  readonly frames: number;
  readonly replaced: number;
  readonly muted: number;
  readonly late: number;
}

export interface ProductRow {
  readonly session: number;
  readonly atMs: number;
  readonly untilMs: number | null;
  readonly product: string | null;
  readonly title: string;
}

export interface LineRow {
  readonly atMs: number;
  readonly untilMs: number;
  readonly text: string;
  readonly kind: string;
  readonly language: string;
  readonly product: string | null;
}

export interface EventRow {
  readonly atMs: number;
  readonly platform: string;
  readonly kind: string;
  readonly user: string | null;
  readonly text: string | null;
  readonly amount: number;
  readonly intent: string | null;
  readonly product: string | null;
  readonly outcome: string;
  readonly path: string | null;
  readonly replyMs: number | null;
  /** Why nobody answered. */
  readonly reason: string | null;
}

interface CountRow {
  readonly kind: string;
  readonly amount: number;
}

export interface ViolationRow {
  readonly atMs: number;
  readonly rule: string;
  readonly action: string;
}

export interface OutputRow {
  readonly session: number;
  readonly atMs: number;
  readonly output: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly error: string;
}

export interface PeriodRow {
  readonly atMs: number;
  readonly untilMs: number;
  readonly kind: string;
  readonly cause: string;
}

export interface ViewersRow {
  readonly atMs: number;
  readonly output: string;
  readonly viewers: number;
}

/** The version whose events say why they were not answered. */
const REASON_SINCE = 3;

/** Texts are cut to this: a page holds hundreds of them, and another program may have written the file. */
const MAX_TEXT = 2000;
const MAX_NAME = 200;

const cut = (column: string, as = column, max = MAX_NAME): string =>
  `substr(CAST(${column} AS TEXT), 1, ${max}) AS ${as}`;

/** Reads a store, also while an engine writes it. All queries of one reader see the same moment. */
export class ShowReader implements Closeable {
  private constructor(
    private readonly db: Database,
    private readonly file: string,
  ) {}

  /** @throws EngineError E_STORE when there is no store, or it cannot be read */
  static async open(file: string): Promise<ShowReader> {
    requireFile(file);
    try {
      const db = await openForReading(file);
      if (versionOf(db) === 0) {
        db.close();
        throw noStore(file, 'a file without records of a show');
      }
      const reader = new ShowReader(db, file);
      reader.tried(() => db.exec('BEGIN'));
      return reader;
    } catch (cause) {
      if (cause instanceof EngineError) throw cause;
      throw unreadable(file, cause);
    }
  }

  sessions(sinceMs: number): SessionRow[] {
    return this.all(
      `SELECT id, ${cut('room')}, ${cut('version')}, started_ms AS startedMs, seen_ms AS seenMs, ended_ms AS endedMs, ended, frames,
        replaced, muted, late FROM session WHERE seen_ms >= ? ORDER BY started_ms`,
      sinceMs,
    );
  }

  /** With those that were already on screen. */
  products(sinceMs: number): ProductRow[] {
    return this.all(
      `SELECT session, at_ms AS atMs, until_ms AS untilMs, ${cut('product')}, ${cut('title')} FROM product
        WHERE until_ms IS NULL OR until_ms >= ? ORDER BY at_ms`,
      sinceMs,
    );
  }

  lines(sinceMs: number): LineRow[] {
    return this.all(
      `SELECT at_ms AS atMs, until_ms AS untilMs, ${cut('text', 'text', MAX_TEXT)}, ${cut('kind')},
        ${cut('language')}, ${cut('product')} FROM line
        JOIN wording ON wording.hash = line.wording WHERE until_ms >= ? ORDER BY at_ms`,
      sinceMs,
    );
  }

  events(sinceMs: number): EventRow[] {
    const reason = versionOf(this.db) < REASON_SINCE ? 'NULL AS reason' : cut('reason');
    return this.all(
      `SELECT at_ms AS atMs, ${cut('platform')}, ${cut('kind')}, ${cut('user')}, ${cut('text', 'text', MAX_TEXT)},
        amount, ${cut('intent')}, ${cut('product')}, ${cut('outcome')}, ${cut('path')}, reply_ms AS replyMs,
        ${reason} FROM event WHERE at_ms >= ? ORDER BY at_ms`,
      sinceMs,
    );
  }

  audience(sinceMs: number, untilMs: number): CountRow[] {
    return this.all(
      `SELECT ${cut('kind')}, sum(amount) AS amount FROM audience WHERE minute_ms >= ? AND minute_ms < ?
        GROUP BY audience.kind`,
      sinceMs,
      untilMs,
    );
  }

  violations(sinceMs: number): ViolationRow[] {
    return this.all(
      `SELECT at_ms AS atMs, ${cut('rule')}, ${cut('action')} FROM violation WHERE at_ms >= ? ORDER BY at_ms`,
      sinceMs,
    );
  }

  /** With all changes of sessions that reach into the time. */
  outputs(sinceMs: number): OutputRow[] {
    return this.all(
      `SELECT session, at_ms AS atMs, ${cut('output')}, ${cut('kind')}, ${cut('target')}, ${cut('state')}, ${cut('error')}
        FROM output
        WHERE session IN (SELECT id FROM session WHERE seen_ms >= ?) ORDER BY at_ms, id`,
      sinceMs,
    );
  }

  periods(sinceMs: number): PeriodRow[] {
    return this.all(
      `SELECT at_ms AS atMs, until_ms AS untilMs, ${cut('kind')}, ${cut('cause')} FROM period WHERE until_ms >= ?
        ORDER BY at_ms`,
      sinceMs,
    );
  }

  viewers(sinceMs: number): ViewersRow[] {
    return this.all(
      `SELECT at_ms AS atMs, ${cut('output')}, viewers FROM viewers WHERE at_ms >= ? ORDER BY at_ms`,
      sinceMs,
    );
  }

  async close(): Promise<void> {
    if (this.db.open) this.db.close();
  }

  private all<Row>(sql: string, ...timesMs: number[]): Row[] {
    return this.tried(() => this.db.prepare(sql).all(...timesMs.map(Math.round)) as Row[]);
  }

  private tried<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw unreadable(this.file, cause);
    }
  }
}

/** SQLite would create a missing file. */
function requireFile(file: string): void {
  try {
    const stat = statSync(file);
    if (stat.isFile() && stat.size > 0) return;
    throw noStore(file, stat.isFile() ? 'an empty file' : 'something that is not a file');
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw noStore(file, code === 'ENOENT' ? 'no such file' : message);
  }
}

const noStore = (where: string, found: string): EngineError =>
  new EngineError('E_STORE', {
    where,
    expected: 'the store of a room',
    found,
    todo: 'put the room on air with `store.enabled`; it writes its store beside its ledger',
  });

const unreadable = (where: string, cause: unknown): EngineError =>
  new EngineError('E_STORE', {
    where,
    expected: 'a readable store of a room',
    found: inWords(cause),
    todo:
      cause instanceof NewerStore
        ? 'use the engine that made it, or a newer one'
        : 'if it is damaged, the room renames it at its next start',
    cause,
  });
