/**
 * The rooms of the studio: their files and the versions of them.
 *
 * A room is a folder with a room file, the same that `engine start` takes. Every save is a version: who saved it, what
 * changed, and the whole text. A save that began at an older version is merged with what others have saved since, and what
 * cannot be merged is a conflict that changes nothing.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, isEngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { SerialQueue } from '../../core/serial-queue.js';
import type { By, RoomRow, RoomsTable, VersionRow } from '../../store/studio/rooms-table.js';
import { changeRoom, type RoomChange } from './change-room.js';
import { changedSections, mergeRooms, type Conflict } from './merge-rooms.js';
import { refusePlaceholders, refuseRoom } from './refuse-room.js';
import { etagOf, factsOf, readRoom, textOf } from './room-text.js';

export interface RoomFileState {
  readonly version: number;
  readonly etag: string;
  readonly savedAt: string;
  readonly savedBy: By;
  readonly room: Record<string, unknown>;
}

export interface Saved {
  readonly version: number;
  readonly etag: string;
  readonly changed: string[];
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
}

export interface RoomsOptions {
  readonly table: RoomsTable;
  /** Folder of the rooms' folders. */
  readonly folder: string;
  /** Further folders whose files rooms may name. */
  readonly shared: readonly string[];
  readonly onSaved: (row: RoomRow, saved: Saved, by: By) => void;
  readonly onList: (organisation: string) => void;
}

const FILE = 'room.json';
/** Left out of a copy: records and locks of the shows. */
const NOT_COPIED = /[\\/]var([\\/]|$)/;
/** A change on disk that no person of the studio has made. */
const DISK: By = { id: 'disk', name: 'disk' };

export class Rooms {
  private readonly queues = new Map<string, SerialQueue>();

  constructor(private readonly options: RoomsOptions) {}

  list(organisation: string): RoomRow[] {
    return this.options.table.list(organisation);
  }

  all(): RoomRow[] {
    return this.options.table.all();
  }

  row(id: string): RoomRow | undefined {
    return this.options.table.get(id);
  }

  folder(id: string): string {
    return join(this.options.folder, id);
  }

  file(id: string): string {
    return join(this.folder(id), FILE);
  }

  /** A room's folder is filled by `make`, whole or not at all. */
  async create(
    { name, organisation, template, by }: { name: string; organisation: string; template: string | null; by: By },
    make: (folder: string) => Promise<void>,
  ): Promise<RoomRow> {
    await mkdir(this.options.folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const id = this.freeId(name);
    const folder = this.folder(id);
    try {
      await make(folder);
      const document = await this.titled(id, name);
      const text = textOf(document);
      this.check(id, text);
      await replaceFile(this.file(id), text, { mode: 0o600 });
      this.options.table.add({ id, organisation, template }, factsOf(document, name), text, etagOf(text), by);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    this.options.onList(organisation);
    return this.row(id)!;
  }

  /** A copy with its own files; the records of its shows stay where they are. */
  async copy(from: RoomRow, name: string, by: By): Promise<RoomRow> {
    const { organisation, template } = from;
    return this.create({ name, organisation, template, by }, async (folder) => {
      const source = this.folder(from.id);
      await cp(source, folder, {
        recursive: true,
        filter: (path) => !NOT_COPIED.test(path.slice(source.length)),
      });
    });
  }

  async remove(row: RoomRow): Promise<void> {
    // Out of sight at once, whatever the disk takes for it.
    const gone = join(this.options.folder, `.gone-${row.id}-${randomBytes(3).toString('hex')}`);
    if (existsSync(this.folder(row.id))) await rename(this.folder(row.id), gone);
    this.options.table.remove(row.id);
    this.options.onList(row.organisation);
    await rm(gone, { recursive: true, force: true });
  }

  /** Rooms of a studio without accounts become those of its first organisation. */
  move(from: string, to: string): void {
    this.options.table.move(from, to);
  }

  place(row: RoomRow, position: number): void {
    this.options.table.place(row.id, position);
    this.options.onList(row.organisation);
  }

  /** The room file as it is now; a change on disk has become a version. */
  async read(row: RoomRow): Promise<RoomFileState> {
    const { text } = await this.take(row, () => this.current(row));
    const { version, atMs, by, etag } = this.options.table.versions(row.id)[0]!;
    const room = JSON.parse(text) as Record<string, unknown>;
    return { version, etag, savedAt: new Date(atMs).toISOString(), savedBy: by, room };
  }

  versions(row: RoomRow): VersionRow[] {
    return this.options.table.versions(row.id);
  }

  /** Throws E_NOT_FOUND for a version that is not kept. */
  version(row: RoomRow, version: number): { room: Record<string, unknown> } & VersionRow {
    const found = this.versions(row).find((one) => one.version === version);
    const text = this.options.table.versionText(row.id, version);
    if (found === undefined || text === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: `version ${version}`,
        expected: 'one of the last 200 versions of this room',
        found: 'no such version',
      });
    return { ...found, room: JSON.parse(text) as Record<string, unknown> };
  }

  /**
   * Saves a whole document that a person made from the version with this etag.
   *
   * @throws EngineError E_ROOM_CHANGED with both sides in `details`; `force` keeps the person's side instead
   */
  put(row: RoomRow, document: unknown, from: { etag: string; force?: boolean | undefined }, by: By): Promise<Saved> {
    return this.take(row, async () => {
      const base = this.versions(row).find(({ etag }) => etag === from.etag);
      if (base === undefined)
        throw new EngineError('E_ROOM_CHANGED', {
          where: `room ${row.id}`,
          expected: 'If-Match with the etag of a version of this room',
          found: from.etag === '' ? 'none' : 'another',
          todo: 'read the file again',
          details: { version: row.version },
        });
      return this.merge(row, base.version, document, from.force === true, by);
    });
  }

  /** Saves single changes that a person made at a version. */
  change(
    row: RoomRow,
    { base, changes, force }: { base: number; changes: readonly RoomChange[]; force?: boolean | undefined },
    by: By,
  ): Promise<Saved> {
    return this.take(row, () => {
      const mine = changeRoom(this.version(row, base).room, changes);
      return this.merge(row, base, mine, force === true, by);
    });
  }

  /** Saves what `edit` makes of the present document, whoever saved it. */
  edit(row: RoomRow, by: By, edit: (document: Record<string, unknown>) => unknown): Promise<Saved> {
    return this.take(row, async () => {
      const { text } = await this.current(row);
      const document = JSON.parse(text) as Record<string, unknown>;
      return this.write(row, document, (await edit(structuredClone(document))) as Record<string, unknown>, by);
    });
  }

  /** What another program wrote into the file, such as the engine's own save, becomes a version of this person. */
  takeFromDisk(row: RoomRow, by: By): Promise<Saved | undefined> {
    return this.take(row, async () => (await this.current(row, by)).saved);
  }

  restore(row: RoomRow, version: number, by: By): Promise<Saved> {
    const { room } = this.version(row, version);
    return this.edit(row, by, () => room);
  }

  private async merge(row: RoomRow, base: number, mine: unknown, force: boolean, by: By): Promise<Saved> {
    const { text } = await this.current(row);
    const theirs = JSON.parse(text) as Record<string, unknown>;
    const before = this.version(row, base).room;
    const { value, conflicts } = mergeRooms(before, theirs, mine);
    if (conflicts.length > 0 && !force) throw this.conflict(row, conflicts, { before, theirs, mine });
    return this.write(row, theirs, value as Record<string, unknown>, by);
  }

  private conflict(
    row: RoomRow,
    conflicts: readonly Conflict[],
    { before, theirs, mine }: { before: unknown; theirs: unknown; mine: unknown },
  ): EngineError {
    const { version, etag, by, atMs } = this.versions(row)[0]!;
    return new EngineError('E_ROOM_CHANGED', {
      where: conflicts[0]!.path,
      expected: 'a place that nobody else has changed since',
      found: `a change by ${by.name}`,
      todo: 'keep yours with force, keep theirs, or keep both',
      details: {
        version,
        etag,
        savedBy: by,
        savedAt: new Date(atMs).toISOString(),
        conflicts: conflicts.slice(0, 100),
        base: before,
        theirs,
        mine,
      },
    });
  }

  private async write(
    row: RoomRow,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    by: By,
  ): Promise<Saved> {
    const text = textOf(after);
    const changed = changedSections(before, after);
    const newest = this.versions(row)[0]!;
    if (changed.length === 0) return { version: newest.version, etag: newest.etag, changed, before, after };
    this.check(row.id, text);
    await replaceFile(this.file(row.id), text, { mode: 0o600 });
    return this.keep(row, text, before, after, changed, by);
  }

  private keep(
    row: RoomRow,
    text: string,
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    changed: string[],
    by: By,
  ): Saved {
    const etag = etagOf(text);
    const version = this.options.table.addVersion(row.id, factsOf(after, row.id), text, etag, changed, by);
    const saved = { version, etag, changed, before, after };
    this.options.onSaved(this.row(row.id)!, saved, by);
    return saved;
  }

  /** The text on disk; one that differs from the newest version becomes a version first. */
  private async current(row: RoomRow, by: By = DISK): Promise<{ text: string; saved?: Saved }> {
    const newest = this.versions(row)[0]!;
    const known = this.options.table.versionText(row.id, newest.version)!;
    const text = await readFile(this.file(row.id), 'utf8').catch(() => known);
    if (etagOf(text) === newest.etag) return { text };
    try {
      const after = JSON.parse(text) as Record<string, unknown>;
      this.check(row.id, text);
      const before = JSON.parse(known) as Record<string, unknown>;
      return { text, saved: this.keep(row, text, before, after, changedSections(before, after), by) };
    } catch (error) {
      if (!isEngineError(error) && !(error instanceof SyntaxError)) throw error;
      // Half a file, or what no room may be: the newest version counts.
      return { text: known };
    }
  }

  private check(id: string, text: string): void {
    refusePlaceholders(text);
    refuseRoom(readRoom(text, this.file(id), this.folder(id)), this.options.shared);
  }

  /** The title that people read; the name stays the folder's. */
  private async titled(id: string, title: string): Promise<Record<string, unknown>> {
    const document = JSON.parse((await readFile(this.file(id), 'utf8')).replace(/^\uFEFF/, '')) as Record<
      string,
      unknown
    >;
    const { outputs: _outputs, ...rest } = document;
    return { ...rest, name: id, title };
  }

  private freeId(name: string): string {
    const base =
      name
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'room';
    for (;;) {
      const id = `${base}-${randomBytes(3).toString('hex')}`;
      if (this.row(id) === undefined && !existsSync(this.folder(id))) return id;
    }
  }

  private take<T>(row: RoomRow, work: () => Promise<T> | T): Promise<T> {
    const queue = this.queues.get(row.id) ?? new SerialQueue();
    this.queues.set(row.id, queue);
    return queue.take(async () => work());
  }
}
