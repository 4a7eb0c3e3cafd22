import { createHash } from 'node:crypto';
import { copyFile, link, lstat, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import type { RoomFiles } from '../records.js';
import { assetKey } from './room-package.js';
import type { ObjectStore } from '../store/object-store.js';

/** At once, from the store. */
const PARALLEL = 4;

/**
 * Files of rooms by the hash of their content. Rooms get hard links, so that a file in use stays when the cache forgets
 * it; the least recently used go first. What arrives with another content is refused.
 */
export class AssetCache {
  constructor(
    private readonly folder: string,
    private readonly store: ObjectStore,
    private readonly maxBytes: number,
  ) {}

  /** Puts a room's files below a folder. Throws E_ASSET_MISSING, E_ASSET_INVALID. */
  async lay(files: RoomFiles['files'], into: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const todo = Object.entries(files);
    const one = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const [path, { sha256 }] = next;
        await this.place(sha256, join(into, ...safeParts(path)));
      }
    };
    // All have ended before a fault is thrown: whoever removes the folder meets no late writing.
    const done = await Promise.allSettled(
      Array.from({ length: PARALLEL }, () =>
        one().catch((error: unknown) => {
          todo.length = 0;
          throw error;
        }),
      ),
    );
    const fault = done.find((each) => each.status === 'rejected');
    if (fault !== undefined) throw fault.reason;
    await this.trim();
  }

  private async place(sha256: string, to: string): Promise<void> {
    const own = join(this.folder, sha256);
    if ((await lstat(own).catch(() => undefined)) === undefined) {
      const bytes = await this.store.get(assetKey(sha256));
      if (bytes === undefined)
        throw new EngineError('E_ASSET_MISSING', {
          where: `${this.store.name}: ${assetKey(sha256)}`,
          expected: 'a file of the room',
          found: 'none',
          todo: 'submit the room again',
        });
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new EngineError('E_ASSET_INVALID', {
          where: `${this.store.name}: ${assetKey(sha256)}`,
          expected: 'the content that the room was submitted with',
          found: 'another content',
          todo: 'submit the room again',
        });
      await replaceFile(own, bytes, { draft: `${own}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp` });
    }
    await utimes(own, new Date(), new Date());
    await mkdir(dirname(to), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await rm(to, { force: true });
    // Another disk cannot be linked to.
    await link(own, to).catch(() => copyFile(own, to));
  }

  private async trim(): Promise<void> {
    const found = await Promise.all(
      (await readdir(this.folder)).map(async (name) => ({ name, stat: await lstat(join(this.folder, name)) })),
    );
    let bytes = found.reduce((sum, { stat }) => sum + stat.size, 0);
    for (const { name, stat } of found.sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)) {
      if (bytes <= this.maxBytes) return;
      await rm(join(this.folder, name), { force: true });
      bytes -= stat.size;
    }
  }
}

/** A list of files comes from the store: it must not lead out of the room's folder. */
function safeParts(path: string): string[] {
  const parts = path.split('/');
  if (path !== '' && parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0')))
    return parts;
  throw new EngineError('E_ASSET_INVALID', { where: path, expected: 'a path within the room', found: 'another one' });
}
