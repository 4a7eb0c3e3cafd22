import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';

/**
 * A file that grows by whole pieces: when one cannot be written in full, what was written of it is cut off again, so
 * that the file ends with a whole fragment.
 */
export class RecordingFile {
  private end = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Throws where a file of this name exists. */
  static async create(path: string): Promise<RecordingFile> {
    return new RecordingFile(path, await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644));
  }

  get bytes(): number {
    return this.end;
  }

  async append(piece: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < piece.length;) {
        // A disk that is nearly full takes a part, and refuses the rest.
        const { bytesWritten } = await this.handle.write(piece, done, piece.length - done, this.end + done);
        done += bytesWritten;
      }
    } catch (e) {
      await this.handle.truncate(this.end);
      throw e;
    }
    this.end += piece.length;
  }

  /** Makes sure that the disk has it; a file that nothing could be written to is removed. */
  async close(): Promise<void> {
    try {
      if (this.end > 0) await this.handle.datasync();
    } finally {
      await this.handle.close();
      if (this.end === 0) await rm(this.path, { force: true });
    }
  }
}
