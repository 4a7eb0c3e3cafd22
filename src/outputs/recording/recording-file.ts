import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';

/**
 * A file that grows by whole pieces: a partial write is truncated again, so the file always ends with a whole fragment.
 */
export class RecordingFile {
  private end = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Throws when a file of this name exists. */
  static async create(path: string): Promise<RecordingFile> {
    return new RecordingFile(path, await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644));
  }

  get bytes(): number {
    return this.end;
  }

  async append(piece: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < piece.length;) {
        // A nearly full disk writes a part and refuses the rest.
        const { bytesWritten } = await this.handle.write(piece, done, piece.length - done, this.end + done);
        done += bytesWritten;
      }
    } catch (e) {
      await this.handle.truncate(this.end);
      throw e;
    }
    this.end += piece.length;
  }

  /** Syncs the file to disk and closes it; an empty file is removed. */
  async close(): Promise<void> {
    try {
      if (this.end > 0) await this.handle.datasync();
    } finally {
      await this.handle.close();
      if (this.end === 0) await rm(this.path, { force: true });
    }
  }
}
