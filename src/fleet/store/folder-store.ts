import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import type { ObjectStore } from './object-store.js';

/** A folder that all machines mount, such as NFS (`noac` or `actimeo=0`, so that a claim is seen at once). */
export class FolderStore implements ObjectStore {
  readonly name: string;
  private next = 0;

  constructor(private readonly folder: string) {
    this.name = folder;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const file = this.path(key);
    await this.tried(key, async () => {
      await mkdir(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
      // Several writes of one process, and processes of several machines with the same number.
      this.next += 1;
      const draft = join(dirname(file), `.${process.pid}-${Math.random().toString(36).slice(2, 10)}-${this.next}.tmp`);
      await replaceFile(file, bytes, { draft });
    });
  }

  get(key: string): Promise<Buffer | undefined> {
    return this.tried(key, () => readFile(this.path(key)));
  }

  async has(key: string): Promise<boolean> {
    return (await this.tried(key, () => access(this.path(key)).then(() => true))) === true;
  }

  async list(prefix: string): Promise<string[]> {
    // Only whole folders are asked for.
    const folder = this.path(prefix);
    const found = await this.tried(prefix, () => readdir(folder, { recursive: true, withFileTypes: true }));
    return (found ?? [])
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .map((path) => path.split(sep).join('/'))
      .sort();
  }

  async remove(key: string): Promise<void> {
    await this.tried(key, () => rm(this.path(key), { force: true }));
  }

  private readonly path = (key: string): string => join(this.folder, ...key.split('/').filter(Boolean));

  private async tried<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new EngineError('E_FLEET_STORE', {
        where: `${this.folder}: ${key}`,
        expected: 'a folder that this user may write',
        found: code ?? String(cause),
        todo: 'mount it, or make room on its disk',
        cause,
      });
    }
  }
}
