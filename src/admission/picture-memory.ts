/**
 * Results of earlier scans and readings of pictures: one file on disk for all rooms of this user.
 *
 * Problem: scanning and reading a room's pictures takes ten to twenty seconds of CPU, wasted after a crash, on a
 * second `engine check` or in another room of the same template. Results of another detector or reader, and files that
 * are truncated, modified or owned by somebody else, must not count. Rooms that save at once must not lose each
 * other's results.
 * Rule: results are keyed by the SHA-256 of pixels and size, in a file named after a digest of the detecting code.
 * Results for the package's own pictures come with it (`templates/admitted.json`): a test compares their detectors.
 * Folder and file must belong to this user and be writable by nobody else; a writer there could change the engine as
 * well, and the gate still scans every frame. Saving reads the file again, merges and renames.
 * Numbers: 1,000 pictures a file, least recently used removed first; files of four versions; 2 ms to hash a 720p
 * picture.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RoomConfig } from '../config/room-config.js';
import type { Layer } from '../config/sections/layer.js';
import { type Length, resolveLength } from '../config/sections/length.js';
import { cacheFolder, isOwn, isOwnFolder } from '../core/files/own-folder.js';
import type { Log } from '../core/log.js';

/** More threads would slow the encoder down. */
const MAX = 4;
/** A moving layer larger than this share of the frame keeps one thread busy. */
const LARGE_SHARE = 0.25;

/**
 * Threads that scan a room's frames for codes: the room file's number; otherwise one, growing up to the number of
 * cores while the scan is behind. A room with large moving layers starts with two, since unjudged frames are replaced
 * until the second one is up.
 */
export function scanThreads(
  room: Pick<RoomConfig, 'compliance' | 'layers' | 'video'>,
  cores = availableParallelism(),
): { threads: number; leastThreads: number; mostThreads: number } {
  const { scanThreads: set } = room.compliance;
  if (set !== undefined) return { threads: set, leastThreads: set, mostThreads: set };
  const mostThreads = Math.max(1, Math.min(MAX, cores));
  const moves = room.layers.some((layer) => isLargeAndMoves(layer, room.video));
  return { threads: moves ? Math.min(2, mostThreads) : 1, leastThreads: 1, mostThreads };
}

function isLargeAndMoves(layer: Layer, { width, height }: RoomConfig['video']): boolean {
  const moves = layer.type === 'media' || layer.motion?.keyframes.some((k) => k.dx !== undefined || k.dy !== undefined);
  if (!moves) return false;
  const along = (length: Length | undefined, axis: number): number =>
    length === undefined ? axis : Math.min(axis, resolveLength(length, axis, Math.min(width, height)));
  return along(layer.width, width) * along(layer.height, height) > LARGE_SHARE * width * height;
}

/** Whether this room refuses retail barcodes. */
export const refusesRetail = ({ compliance }: Pick<RoomConfig, 'compliance'>): boolean =>
  compliance.retailBarcodes === 'refuse';

export const MAX_PICTURES = 1000;
const KEPT_VERSIONS = 4;

interface PictureMemoryOptions<V> {
  /** The kind of memory; the start of the file's name. */
  readonly name: string;
  /** Digest of the code that produced the results. */
  readonly maker: string;
  readonly value: z.ZodType<V>;
  readonly log: Log;
  readonly folder?: string | undefined;
  /** Results that came with the package; not saved. */
  readonly shipped?: readonly (readonly [string, V])[] | undefined;
}

/** Key of straight RGBA pixels. */
export const pictureKey = ({ rgba, width, height }: { rgba: Uint8Array; width: number; height: number }): string =>
  createHash('sha256').update(`${width}x${height}:`).update(rgba).digest('hex');

export class PictureMemory<V> {
  private readonly folder: string;
  private readonly file: string;
  private readonly schema: z.ZodType<{ maker: string; pictures: [string, V][] }>;
  private known: Map<string, V>;
  private readonly shipped: ReadonlyMap<string, V>;
  private changed = false;

  constructor(private readonly options: PictureMemoryOptions<V>) {
    this.folder = options.folder ?? cacheFolder('pictures');
    this.file = join(this.folder, `${options.name}-${options.maker.slice(0, 16)}.json`);
    const entry = z.tuple([z.string(), options.value]);
    this.schema = z.strictObject({ maker: z.string(), pictures: z.array(entry).max(MAX_PICTURES) });
    this.known = this.read();
    this.shipped = new Map(options.shipped);
  }

  get(key: string): V | undefined {
    const found = this.known.get(key);
    if (found === undefined) return this.shipped.get(key);
    this.known.delete(key);
    this.known.set(key, found); // most recently used
    return found;
  }

  set(key: string, value: V): void {
    this.known.set(key, value);
    this.changed = true;
    this.trim();
  }

  /** Saves new results. A full disk or a folder of another user only slows the next start down. */
  save(): void {
    if (!this.changed) return;
    const beside = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      if (!isOwnFolder(this.folder))
        throw new Error('the folder does not belong to this user, or others may write to it');
      this.known = new Map([...this.read(), ...this.known]);
      this.trim();
      const text = JSON.stringify({ maker: this.options.maker, pictures: [...this.known] });
      rmSync(beside, { force: true });
      writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
      renameSync(beside, this.file);
      this.changed = false;
      this.forgetVersions();
    } catch (error) {
      this.options.log.warn(
        { file: this.file, error: String(error) },
        'results of picture scans are not saved: the next start scans again',
      );
    }
  }

  private read(): Map<string, V> {
    try {
      if (!isOwnFolder(this.folder) || !isOwn(lstatSync(this.file))) return new Map();
      const kept = this.schema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
      return new Map(kept.maker === this.options.maker ? kept.pictures : []);
    } catch {
      return new Map(); // missing or not trusted: everything is scanned again
    }
  }

  private trim(): void {
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_PICTURES) break;
      this.known.delete(oldest);
    }
  }

  private forgetVersions(): void {
    const files = readdirSync(this.folder)
      .filter((name) => name.startsWith(`${this.options.name}-`) && name.endsWith('.json'))
      .map((name) => ({ path: join(this.folder, name), usedMs: statSync(join(this.folder, name)).mtimeMs }))
      .sort((a, b) => b.usedMs - a.usedMs);
    for (const { path } of files.slice(KEPT_VERSIONS)) rmSync(path, { force: true });
  }
}
