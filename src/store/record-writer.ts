import { createHash } from 'node:crypto';
import type { Database, Statement } from './database.js';
import type { EventSeen, SessionEnd, SessionStart, StoreRecord } from './store-records.js';
import type { NameOf } from './user-names.js';

/** Counted by minute instead of stored one by one: there may be thousands in a minute. */
const COUNTED: ReadonlySet<string> = new Set(['enter', 'follow', 'like', 'cart']);
const MINUTE_MS = 60_000;
const MAX_TEXT = 2000;

const INSERTS = {
  session: 'INSERT INTO session (id, room, version, started_ms, seen_ms) VALUES (?, ?, ?, ?, ?)',
  seen: 'UPDATE session SET seen_ms = max(seen_ms, ?), frames = ?, replaced = ?, muted = ?, late = ? WHERE id = ?',
  ended: 'UPDATE session SET seen_ms = max(seen_ms, ?), ended_ms = ?, ended = ? WHERE id = ?',
  leave: 'UPDATE product SET until_ms = max(at_ms, ?) WHERE session = ? AND until_ms IS NULL',
  product: 'INSERT INTO product (session, at_ms, product, title) VALUES (?, ?, ?, ?)',
  wording: 'INSERT OR IGNORE INTO wording (hash, text) VALUES (?, ?)',
  line: `INSERT INTO line (session, at_ms, until_ms, line, wording, kind, role, language, product, position, variant)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  'taken-back': 'DELETE FROM line WHERE session = ? AND line = ?',
  cut: 'UPDATE line SET until_ms = max(at_ms, min(until_ms, ?)) WHERE session = ? AND line = ?',
  event: `INSERT OR IGNORE INTO event (session, at_ms, platform, event, kind, user, text, amount, intent, product, outcome)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  result: `UPDATE event SET outcome = ?, path = coalesce(?, path), intent = coalesce(?, intent),
    product = coalesce(?, product), reply_ms = coalesce(?, reply_ms), reason = ?,
    text = CASE WHEN ? = 'hostile' THEN NULL ELSE text END WHERE platform = ? AND event = ?`,
  audience: `INSERT INTO audience (minute_ms, platform, kind, amount) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`,
  violation: 'INSERT INTO violation (session, at_ms, rule, surface, action) VALUES (?, ?, ?, ?, ?)',
  output: 'INSERT INTO output (session, at_ms, output, kind, target, state, error) VALUES (?, ?, ?, ?, ?, ?, ?)',
  period: 'INSERT INTO period (session, at_ms, until_ms, kind, cause) VALUES (?, ?, ?, ?, ?)',
  viewers: 'INSERT INTO viewers (session, at_ms, output, viewers) VALUES (?, ?, ?, ?)',
} as const;
type Name = keyof typeof INSERTS;

const wordingHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Writes records through prepared statements; the caller opens the transaction. */
export class RecordWriter {
  private readonly statements: Record<Name, Statement>;
  private session: number | undefined;

  constructor(
    db: Database,
    private readonly nameOf: NameOf,
  ) {
    this.statements = Object.fromEntries(
      Object.entries(INSERTS).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<Name, Statement>;
  }

  begin(id: number, { room, version, atMs }: SessionStart): void {
    this.session = id;
    this.run('session', id, room, version, ms(atMs), ms(atMs));
  }

  /** Goes on with a session that the file knows already. */
  resume(id: number): void {
    this.session = id;
  }

  end(atMs: number, how: SessionEnd): void {
    this.run('leave', ms(atMs), this.session);
    this.run('ended', ms(atMs), ms(atMs), how, this.session);
  }

  write(record: StoreRecord): void {
    const { session } = this;
    switch (record.table) {
      case 'product':
        this.run('leave', ms(record.atMs), session);
        this.run('product', session, ms(record.atMs), record.product, record.title);
        return;
      case 'line': {
        const { atMs, untilMs, line, kind, role, language, product = null, position = null, variant = null } = record;
        const text = record.text.slice(0, MAX_TEXT);
        const hash = wordingHash(text);
        this.run('wording', hash, text);
        this.run('line', session, ms(atMs), ms(untilMs), line, hash, kind, role, language, product, position, variant);
        return;
      }
      case 'taken-back':
        this.run('taken-back', session, record.line);
        return;
      case 'cut':
        this.run('cut', ms(record.untilMs), session, record.line);
        return;
      case 'event':
        this.event(record);
        return;
      case 'result': {
        const { outcome, path = null, intent = null, product = null, reason = null, replyMs, platform, id } = record;
        this.run(
          'result',
          outcome,
          path,
          intent,
          product,
          replyMs === undefined ? null : ms(replyMs),
          reason,
          outcome,
          platform,
          id,
        );
        return;
      }
      case 'violation':
        this.run('violation', session, ms(record.atMs), record.rule, record.surface, record.action);
        return;
      case 'output': {
        const { atMs, output, kind, target, state, error } = record;
        this.run('output', session, ms(atMs), output, kind, target, state, error.slice(0, 200));
        return;
      }
      case 'period':
        this.run('period', session, ms(record.atMs), ms(record.untilMs), record.kind, record.cause);
        return;
      case 'viewers':
        this.run('viewers', session, ms(record.atMs), record.output, record.viewers);
        return;
      case 'figures': {
        const { atMs, frames, replaced, muted, late } = record;
        this.run('seen', ms(atMs), frames, replaced, muted, late, session);
      }
    }
  }

  private event(event: EventSeen): void {
    const { id, platform, kind, user, count = 1, atMs, intent = null, product = null, outcome = 'open' } = event;
    if (COUNTED.has(kind)) {
      this.run('audience', Math.floor(atMs / MINUTE_MS) * MINUTE_MS, platform, kind, count);
      return;
    }
    const text = outcome === 'hostile' || event.text === undefined ? null : event.text.slice(0, MAX_TEXT);
    const name = this.nameOf(platform, user);
    this.run('event', this.session, ms(atMs), platform, id, kind, name, text, count, intent, product, outcome);
  }

  private run(name: Name, ...values: unknown[]): void {
    this.statements[name].run(...values);
  }
}

const ms = (value: number): number => Math.round(value);
