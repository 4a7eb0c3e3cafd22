/**
 * What was found out about pictures and need not be found out again: one file on disk for all rooms of this user.
 *
 * Problem: to scan and read a room's pictures takes ten to twenty seconds of CPU, and a start after a crash, a second
 * `engine check` or another room of the same template has no reason to pay them. Demands: what another detector or
 * reader found, what a file says that was cut, changed or belongs to somebody else, count for nothing; rooms that save
 * at once lose nothing of each other's.
 * Rule: under the SHA-256 of the pixels and their size, in a file named after a digest of the code that looked. The
 * folder and the file have to be this user's own and closed to others' writing: who can write there can change the
 * engine as well, and the gate looks at every frame all the same. To save is to read again, to join and to rename.
 * Numbers: 1,000 pictures a file, those used last; files of four versions; 2 ms to hash a picture of 720p.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../core/files/cache-folder.js';
import type { Log } from '../../core/log.js';
import { isOwn, isOwnFolder } from '../../core/files/own-folder.js';

export const MAX_PICTURES = 1000;
const KEPT_VERSIONS = 4;

export interface PictureMemoryOptions<V> {
  /** What is remembered, as the files' name begins. */
  readonly name: string;
  /** Digest of the code that finds it out. */
  readonly maker: string;
  readonly value: z.ZodType<V>;
  readonly log: Log;
  readonly folder?: string | undefined;
}

/** Of straight RGBA pixels. */
export const pictureKey = ({ rgba, width, height }: { rgba: Uint8Array; width: number; height: number }): string =>
  createHash('sha256').update(`${width}x${height}:`).update(rgba).digest('hex');

export class PictureMemory<V> {
  private readonly folder: string;
  private readonly file: string;
  private readonly schema: z.ZodType<{ maker: string; pictures: [string, V][] }>;
  private known: Map<string, V>;
  private changed = false;

  constructor(private readonly options: PictureMemoryOptions<V>) {
    this.folder = options.folder ?? cacheFolder('pictures');
    this.file = join(this.folder, `${options.name}-${options.maker.slice(0, 16)}.json`);
    const entry = z.tuple([z.string(), options.value]);
    this.schema = z.strictObject({ maker: z.string(), pictures: z.array(entry).max(MAX_PICTURES) });
    this.known = this.read();
  }

  get(key: string): V | undefined {
    const found = this.known.get(key);
    if (found === undefined) return undefined;
    this.known.delete(key);
    this.known.set(key, found); // used last
    return found;
  }

  set(key: string, value: V): void {
    this.known.set(key, value);
    this.changed = true;
    this.trim();
  }

  /** Writes what is new; a full disk or a folder of somebody else costs the next start its speed only. */
  save(): void {
    if (!this.changed) return;
    const beside = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      if (!isOwnFolder(this.folder)) throw new Error('the folder is not this user’s own, or others may write to it');
      this.known = new Map([...this.read(), ...this.known]);
      this.trim();
      const text = JSON.stringify({ maker: this.options.maker, pictures: [...this.known] });
      rmSync(beside, { force: true });
      writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
      renameSync(beside, this.file);
      this.changed = false;
      this.forgetVersions();
    } catch (error) {
      this.options.log.warn({ file: this.file, error: String(error) }, 'what pictures hold is not remembered');
    }
  }

  private read(): Map<string, V> {
    try {
      if (!isOwnFolder(this.folder) || !isOwn(lstatSync(this.file))) return new Map();
      const kept = this.schema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
      return new Map(kept.maker === this.options.maker ? kept.pictures : []);
    } catch {
      return new Map(); // none, or none that can be trusted: everything is looked at
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
