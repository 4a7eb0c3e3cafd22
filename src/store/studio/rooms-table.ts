import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Database, inTransaction } from '../store-schema.js';

export type Wanted = 'off' | 'preview' | 'on-air';

export interface RoomRow {
  readonly id: string;
  readonly organisation: string;
  readonly title: string;
  readonly template: string | null;
  readonly language: string;
  readonly width: number;
  readonly height: number;
  readonly products: number;
  readonly position: number;
  readonly version: number;
  readonly updated_ms: number;
  readonly updated_by: string;
  readonly wanted: Wanted;
  readonly wanted_by: string;
}

/** Who changes something; also kept with what was changed. */
export interface By {
  readonly id: string;
  readonly name: string;
}

export interface VersionRow {
  readonly version: number;
  readonly atMs: number;
  readonly by: By;
  /** Sections that differ from the version before. */
  readonly changed: readonly string[];
  readonly etag: string;
}

/** What a list shows of a room file. */
export type RoomFacts = Pick<RoomRow, 'title' | 'language' | 'width' | 'height' | 'products'>;

/** Versions kept of a room beside the newest. */
const MAX_VERSIONS = 200;

/** Rooms and their versions. */
export class RoomsTable {
  constructor(private readonly db: Database) {}

  list(organisation: string): RoomRow[] {
    return this.db
      .prepare('SELECT * FROM room WHERE organisation = ? ORDER BY position, id')
      .all(organisation) as RoomRow[];
  }

  all(): RoomRow[] {
    return this.db.prepare('SELECT * FROM room ORDER BY position, id').all() as RoomRow[];
  }

  get(id: string): RoomRow | undefined {
    return (this.db.prepare('SELECT * FROM room WHERE id = ?').get(id) as RoomRow | undefined) ?? undefined;
  }

  /** With its first version. */
  add(
    room: Pick<RoomRow, 'id' | 'organisation' | 'template'>,
    facts: RoomFacts,
    file: string,
    etag: string,
    by: By,
  ): void {
    inTransaction(this.db, () => {
      const { n } = this.db
        .prepare('SELECT coalesce(max(position), 0) + 1 AS n FROM room WHERE organisation = ?')
        .get(room.organisation) as { n: number };
      this.db
        .prepare(
          `INSERT INTO room (id, organisation, title, template, language, width, height, products, position, version,
            updated_ms, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '')`,
        )
        .run(
          room.id,
          room.organisation,
          facts.title,
          room.template,
          facts.language,
          facts.width,
          facts.height,
          facts.products,
          n,
        );
      this.putVersion(room.id, facts, file, etag, [], by);
    });
  }

  /** Adds a version and returns its number. */
  addVersion(id: string, facts: RoomFacts, file: string, etag: string, changed: readonly string[], by: By): number {
    return inTransaction(this.db, () => this.putVersion(id, facts, file, etag, changed, by));
  }

  private putVersion(
    id: string,
    facts: RoomFacts,
    file: string,
    etag: string,
    changed: readonly string[],
    by: By,
  ): number {
    const { version } = this.db.prepare('SELECT version FROM room WHERE id = ?').get(id) as { version: number };
    const next = version + 1;
    const nowMs = Date.now();
    this.db
      .prepare(
        'INSERT INTO room_version (room, version, at_ms, by_id, by_name, changed, etag, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, next, nowMs, by.id, by.name, JSON.stringify(changed), etag, deflateRawSync(file));
    this.db
      .prepare(
        `UPDATE room SET version = ?, updated_ms = ?, updated_by = ?, title = ?, language = ?, width = ?, height = ?,
          products = ? WHERE id = ?`,
      )
      .run(next, nowMs, by.name, facts.title, facts.language, facts.width, facts.height, facts.products, id);
    this.db.prepare('DELETE FROM room_version WHERE room = ? AND version <= ?').run(id, next - MAX_VERSIONS);
    return next;
  }

  versions(id: string): VersionRow[] {
    const rows = this.db
      .prepare(
        'SELECT version, at_ms, by_id, by_name, changed, etag FROM room_version WHERE room = ? ORDER BY version DESC',
      )
      .all(id) as { version: number; at_ms: number; by_id: string; by_name: string; changed: string; etag: string }[];
    return rows.map(({ version, at_ms, by_id, by_name, changed, etag }) => ({
      version,
      atMs: at_ms,
      by: { id: by_id, name: by_name },
      changed: JSON.parse(changed) as string[],
      etag,
    }));
  }

  /** The text of the room file at a version; undefined when it is not kept. */
  versionText(id: string, version: number): string | undefined {
    const row = this.db.prepare('SELECT file FROM room_version WHERE room = ? AND version = ?').get(id, version) as
      | { file: Buffer }
      | undefined;
    return row === undefined || row === null ? undefined : inflateRawSync(row.file).toString('utf8');
  }

  want(id: string, wanted: Wanted, by: string): void {
    this.db.prepare('UPDATE room SET wanted = ?, wanted_by = ? WHERE id = ?').run(wanted, by, id);
  }

  move(from: string, to: string): void {
    this.db.prepare('UPDATE room SET organisation = ? WHERE organisation = ?').run(to, from);
    this.db.prepare('UPDATE destination SET organisation = ? WHERE organisation = ?').run(to, from);
  }

  place(id: string, position: number): void {
    this.db.prepare('UPDATE room SET position = ? WHERE id = ?').run(position, id);
  }

  remove(id: string): void {
    this.db.prepare('DELETE FROM room WHERE id = ?').run(id);
  }
}
