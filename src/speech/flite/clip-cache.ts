/**
 * Caches spoken lines on disk, so a looping script is synthesised once.
 *
 * Problem: a recorded voice takes 25 ms of CPU per second of speech and 100 MB while its process lives; a show repeats
 * its lines every few minutes.
 * Demands: the same samples as without the cache; a damaged file, or another user's, is ignored; the disk does not fill
 * up.
 * Rule: a file named by the SHA-256 of the job holds `SRCLIP01`, length of the head (uint32 LE), SHA-256 of the rest,
 * the head as JSON, and the samples. Written beside and renamed.
 * Numbers: 32 kB a second of speech; at most 64 MB, least recently used removed first, checked every 32 files.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { FliteDone, FliteJob } from './flite-messages.js';

const MAGIC = Buffer.from('SRCLIP01');
const PREFIX_BYTES = MAGIC.length + 4 + 32;
const MAX_CLIP_BYTES = 8 << 20;
const MAX_CACHE_BYTES = 64 << 20;
const WRITES_BETWEEN_SWEEPS = 32;
const SUFFIX = '.clip';

export class ClipCache {
  private writes = 0;

  /** @param version of the voices: another version speaks other samples. */
  constructor(
    private readonly dir: string,
    private readonly version: string,
  ) {}

  async read(job: FliteJob): Promise<FliteDone | undefined> {
    const path = this.fileOf(job);
    const file = await open(path, 'r').catch(() => undefined); // missing or unreadable: spoken again
    if (file === undefined) return undefined;
    try {
      const { size, uid } = await file.stat();
      if (size < PREFIX_BYTES || size > MAX_CLIP_BYTES || uid !== process.getuid?.()) return undefined;
      const whole = await file.readFile();
      const body = whole.subarray(PREFIX_BYTES);
      if (
        !whole.subarray(0, MAGIC.length).equals(MAGIC) ||
        !sha256(body).equals(whole.subarray(MAGIC.length + 4, PREFIX_BYTES))
      )
        return undefined;
      const headBytes = whole.readUInt32LE(MAGIC.length);
      const head = JSON.parse(body.subarray(0, headBytes).toString('utf8')) as Omit<FliteDone, 'pcm'>;
      await utimes(path, new Date(), new Date()); // marks it as recently used
      return { ...head, pcm: new Int16Array(new Uint8Array(body.subarray(headBytes)).buffer) };
    } catch {
      return undefined;
    } finally {
      await file.close();
    }
  }

  /** A full disk only makes the next round slower. */
  async write(job: FliteJob, { pcm, ...rest }: FliteDone): Promise<void> {
    const head = Buffer.from(JSON.stringify(rest));
    const body = Buffer.concat([head, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
    const prefix = Buffer.alloc(PREFIX_BYTES);
    MAGIC.copy(prefix);
    prefix.writeUInt32LE(head.length, MAGIC.length);
    sha256(body).copy(prefix, MAGIC.length + 4);
    const path = this.fileOf(job);
    const beside = `${path}.${process.pid}.${(this.writes += 1)}.tmp`;
    try {
      await mkdir(this.dir, { recursive: true, mode: 0o700 });
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writev([prefix, body]);
      } finally {
        await file.close();
      }
      await rename(beside, path);
      if (this.writes % WRITES_BETWEEN_SWEEPS === 1) await this.sweep();
    } catch {
      await rm(beside, { force: true }).catch(() => undefined); // an unwritable cache only costs time
    }
  }

  private fileOf(job: FliteJob): string {
    const key = sha256(
      Buffer.from(JSON.stringify([this.version, job.voice, job.stretch, job.f0Shift, job.text, job.spaced])),
    );
    return join(this.dir, `${key.toString('hex').slice(0, 40)}${SUFFIX}`);
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
      if (kept > MAX_CACHE_BYTES) await rm(path, { force: true });
    }
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
