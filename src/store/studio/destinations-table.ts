import type { Database } from '../store-schema.js';

export interface DestinationRow {
  readonly id: string;
  readonly organisation: string;
  readonly name: string;
  readonly preset: string;
  readonly kind: string;
  /** Address without its key. */
  readonly server: string;
  readonly backup_server: string | null;
  /** Key, user and passphrase as sealed JSON. */
  readonly sealed: Buffer | null;
  /** Last characters of the key, for people. */
  readonly key_end: string | null;
  readonly latency_ms: number | null;
  readonly required: number;
  readonly last_test: string | null;
  readonly created_ms: number;
}

/** Destinations of an organisation, and which rooms use them. */
export class DestinationsTable {
  constructor(private readonly db: Database) {}

  list(organisation: string): DestinationRow[] {
    return this.db
      .prepare('SELECT * FROM destination WHERE organisation = ? ORDER BY created_ms, id')
      .all(organisation) as DestinationRow[];
  }

  get(organisation: string, id: string): DestinationRow | undefined {
    return (this.db.prepare('SELECT * FROM destination WHERE organisation = ? AND id = ?').get(organisation, id) ??
      undefined) as DestinationRow | undefined;
  }

  /** Of any organisation: ids are unique. */
  has(id: string): boolean {
    return (this.db.prepare('SELECT 1 AS n FROM destination WHERE id = ?').get(id) ?? undefined) !== undefined;
  }

  put(row: DestinationRow): void {
    this.db
      .prepare(
        `INSERT INTO destination (id, organisation, name, preset, kind, server, backup_server, sealed, key_end,
          latency_ms, required, last_test, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name, preset = excluded.preset, kind = excluded.kind,
            server = excluded.server, backup_server = excluded.backup_server, sealed = excluded.sealed,
            key_end = excluded.key_end, latency_ms = excluded.latency_ms, required = excluded.required,
            last_test = excluded.last_test`,
      )
      .run(
        row.id,
        row.organisation,
        row.name,
        row.preset,
        row.kind,
        row.server,
        row.backup_server,
        row.sealed,
        row.key_end,
        row.latency_ms,
        row.required,
        row.last_test,
        row.created_ms,
      );
  }

  noteTest(id: string, result: unknown): void {
    this.db.prepare('UPDATE destination SET last_test = ? WHERE id = ?').run(JSON.stringify(result), id);
  }

  remove(id: string): void {
    this.db.prepare('DELETE FROM destination WHERE id = ?').run(id);
  }

  roomsOf(id: string): string[] {
    const rows = this.db.prepare('SELECT room FROM room_destination WHERE destination = ?').all(id) as {
      room: string;
    }[];
    return rows.map(({ room }) => room);
  }

  /** Destinations of a room, with whether they are to be on air with it. */
  ofRoom(room: string): { id: string; live: boolean }[] {
    const rows = this.db
      .prepare('SELECT destination, live FROM room_destination WHERE room = ? ORDER BY rowid')
      .all(room) as { destination: string; live: number }[];
    return rows.map(({ destination, live }) => ({ id: destination, live: live === 1 }));
  }

  setRoom(room: string, ids: readonly string[]): void {
    const present = this.ofRoom(room).map(({ id }) => id);
    for (const id of present.filter((one) => !ids.includes(one)))
      this.db.prepare('DELETE FROM room_destination WHERE room = ? AND destination = ?').run(room, id);
    for (const id of ids.filter((one) => !present.includes(one)))
      this.db.prepare('INSERT INTO room_destination (room, destination) VALUES (?, ?)').run(room, id);
  }

  setLive(room: string, id: string, isLive: boolean): void {
    this.db
      .prepare(
        `INSERT INTO room_destination (room, destination, live) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET live = excluded.live`,
      )
      .run(room, id, isLive ? 1 : 0);
  }

  nothingLive(room: string): void {
    this.db.prepare('UPDATE room_destination SET live = 0 WHERE room = ?').run(room);
  }
}
