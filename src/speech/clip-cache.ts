/**
 * Caches spoken pieces on disk, so a looping script is synthesised once.
 *
 * Problem: a recorded voice takes 25 ms of CPU per second of speech and 100 MB while its process lives, a service takes
 * money; a show repeats its lines every few minutes.
 * Demands: the same samples as without the cache; a damaged file, or another user's, is ignored; the disk does not fill
 * up.
 * Rule: a file named by the SHA-256 of everything that decides about the sound holds `SRCLIP01`, length of the head
 * (uint32 LE), SHA-256 of the rest, the head as JSON, and the samples. Written beside and renamed, in a folder and a
 * file that belong to this user.
 * Numbers: 32 kB a second of speech; least recently used removed first beyond `maxBytes`, checked every 32 files.
 */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openOwnFile, writeOwnFile } from '../core/files/own-folder.js';

const MAGIC = Buffer.from('SRCLIP01');
const PREFIX_BYTES = MAGIC.length + 4 + 32;
const MAX_CLIP_BYTES = 24 << 20;
const WRITES_BETWEEN_SWEEPS = 32;
const SUFFIX = '.clip';

export interface CachedClip {
  readonly pcm: Int16Array;
}

export class ClipCache<Clip extends CachedClip> {
  private writes = 0;

  constructor(
    private readonly dir: string,
    private readonly maxBytes: number,
  ) {}

  /** @param key everything that decides about the sound, as JSON */
  async read(key: unknown): Promise<Clip | undefined> {
    const file = await openOwnFile(this.fileOf(key)); // missing or unreadable: spoken again
    if (file === undefined) return undefined;
    try {
      const { size } = await file.stat();
      if (size < PREFIX_BYTES || size > MAX_CLIP_BYTES) return undefined;
      const whole = await file.readFile();
      const body = whole.subarray(PREFIX_BYTES);
      if (
        !whole.subarray(0, MAGIC.length).equals(MAGIC) ||
        !sha256(body).equals(whole.subarray(MAGIC.length + 4, PREFIX_BYTES))
      )
        return undefined;
      const headBytes = whole.readUInt32LE(MAGIC.length);
      const head = JSON.parse(body.subarray(0, headBytes).toString('utf8')) as Omit<Clip, 'pcm'>;
      await file.utimes(new Date(), new Date()).catch(() => undefined); // marks it as recently used
      return { ...head, pcm: new Int16Array(new Uint8Array(body.subarray(headBytes)).buffer) } as unknown as Clip;
    } catch {
      return undefined;
    } finally {
      await file.close();
    }
  }

  /** A full disk only makes the next round slower. */
  async write(key: unknown, { pcm, ...rest }: Clip): Promise<void> {
    const head = Buffer.from(JSON.stringify(rest));
    const body = Buffer.concat([head, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
    if (body.length + PREFIX_BYTES > MAX_CLIP_BYTES) return;
    const prefix = Buffer.alloc(PREFIX_BYTES);
    MAGIC.copy(prefix);
    prefix.writeUInt32LE(head.length, MAGIC.length);
    sha256(body).copy(prefix, MAGIC.length + 4);
    this.writes += 1;
    try {
      await writeOwnFile(this.fileOf(key), [prefix, body]);
      if (this.writes % WRITES_BETWEEN_SWEEPS === 1) await this.sweep();
    } catch {
      // An unwritable cache only costs time.
    }
  }

  private fileOf(key: unknown): string {
    const name = sha256(Buffer.from(JSON.stringify(key))).toString('hex');
    return join(this.dir, `${name.slice(0, 40)}${SUFFIX}`);
  }

  private async sweep(): Promise<void> {
    const names = (await readdir(this.dir)).filter((name) => name.endsWith(SUFFIX));
    const files = await Promise.all(
      names.map(async (name) => {
        const { mtimeMs, size } = await stat(join(this.dir, name));
        return { path: join(this.dir, name), usedMs: mtimeMs, size };
      }),
    );
    let kept = 0;
    for (const { path, size } of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
      kept += size;
      if (kept > this.maxBytes) await rm(path, { force: true });
    }
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
