/**
 * Records the room to local files.
 *
 * Problem: a killed process or a full disk leaves files that nobody can open.
 * Demands: everything written before stays playable; a full disk is reported in plain words and retried; nothing is
 * deleted unless the operator allowed it.
 * Rule: one MP4 fragment per GOP, written at once, whole or not at all. A new file begins after a time, and when the
 * picture's parameters change. The oldest files of this output are removed only where a budget is set.
 * Numbers: a kill loses the unfinished GOP (2 s by default); 12 s of ring bridge a slow disk.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_CLIP_SECONDS } from '../../config/api/desk-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { PacketCursor, PacketSource } from '../../core/media/packets.js';
import { TICKS_PER_SECOND } from '../../core/time.js';
import { type Gop, GopCollector, Mp4Writer } from '../mp4/mp4-writer.js';
import type { Output, OutputProgress } from '../output.js';
import type { FlvBodies } from '../rtmp/flv-muxer.js';

/**
 * The last seconds of a room as a file, for clips.
 *
 * Problem: a clip of what just happened must be there when somebody asks for it, and a room that nobody watches must not
 * hold half a minute of pictures in memory for nothing.
 * Rule: while clips are wanted, whole GOPs are kept in memory, and the oldest are dropped beyond MAX_CLIP_SECONDS or MAX_BYTES.
 */

const MAX_BYTES = 48 << 20;

interface LastSecondsOptions {
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly width: number;
  readonly height: number;
}

interface Kept {
  readonly gop: Gop;
  readonly bytes: number;
}

export class LastSeconds implements Closeable {
  private kept: Kept[] = [];
  private bytes = 0;
  private stop: AbortController | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly options: LastSecondsOptions) {}

  /** Begins or ends to keep packets; what was kept is dropped at the end. */
  keep(on: boolean): void {
    if (on === (this.stop !== undefined)) return;
    if (!on) {
      this.stop?.abort();
      this.stop = undefined;
      this.drop(0);
      return;
    }
    const stop = new AbortController();
    this.stop = stop;
    this.reading = this.reading.then(() => this.read(stop.signal));
  }

  /** MP4 that plays everywhere: whole GOPs, at least the seconds asked for where there are as many. */
  clip(seconds: number): Buffer {
    const last = this.kept.at(-1)?.gop;
    if (last === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: 'clip',
        expected: 'some seconds of the show in memory',
        found: 'none yet',
        todo: 'keep the desk open for some seconds, and ask again',
      });
    const writer = new Mp4Writer(this.options);
    const init = writer.init(last);
    const from = last.endPts - seconds * TICKS_PER_SECOND;
    const gops: Gop[] = [];
    for (const { gop } of this.kept.toReversed()) {
      // Another encoder generation may have another size.
      if (gop.endPts <= from || !writer.init(gop).equals(init)) break;
      gops.unshift(gop);
    }
    return Buffer.concat([init, ...gops.map((gop) => writer.fragment(gop))]);
  }

  async close(): Promise<void> {
    this.keep(false);
    await this.reading;
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { source } = this.options;
    const cursor = source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: 10_000,
      maxLagBytes: 24 << 20,
    });
    const gops = new GopCollector();
    try {
      for (let packet = await cursor.next(signal); packet !== undefined; packet = await cursor.next(signal)) {
        const gop = gops.push(packet);
        if (gop !== undefined && !signal.aborted) this.add(gop);
      }
    } finally {
      await cursor.close();
    }
  }

  private add(gop: Gop): void {
    const bytes = [...gop.video, ...gop.audio].reduce((sum, { data }) => sum + data.length, 0);
    this.kept.push({ gop, bytes });
    this.bytes += bytes;
    const from = gop.endPts - MAX_CLIP_SECONDS * TICKS_PER_SECOND;
    while (this.kept.length > 1 && (this.bytes > MAX_BYTES || this.kept[0]!.gop.endPts <= from))
      this.drop(this.kept.length - 1);
  }

  private drop(left: number): void {
    while (this.kept.length > left) this.bytes -= this.kept.shift()!.bytes;
  }
}

/**
 * A file that grows by whole pieces: a partial write is truncated again, so the file always ends with a whole fragment.
 */
class RecordingFile {
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

/** `main-20261124-190205.mp4`, or `main-20261124-190205-2.mp4`; sorted by name they are sorted by time. */
const recordingName = (id: string, at: Date, n: number): string =>
  `${id}-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}${n > 1 ? `-${n}` : ''}.mp4`;

/**
 * Removes the oldest recordings of an output until the rest take at most `maxBytes`; the one being written stays. Other
 * files in the folder are not touched.
 *
 * @returns the names of the removed files
 */
async function keepWithinBudget(dir: string, id: string, maxBytes: number, current: string): Promise<string[]> {
  const own = new RegExp(`^${id}-\\d{8}-\\d{6}(-\\d+)?\\.mp4$`);
  const names = (await readdir(dir)).filter((name) => own.test(name)).sort();
  // A file removed since takes no space.
  const sizeOf = (name: string): Promise<number> =>
    stat(join(dir, name)).then(
      ({ size }) => size,
      () => 0,
    );
  const sizes = await Promise.all(names.map(sizeOf));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const removed: string[] = [];
  for (const [i, name] of names.entries()) {
    if (total <= maxBytes) break;
    if (join(dir, name) === current) continue;
    await rm(join(dir, name), { force: true });
    total -= sizes[i]!;
    removed.push(name);
  }
  return removed;
}

export interface RecordingOutputOptions {
  readonly id: string;
  /** Absolute. */
  readonly dir: string;
  readonly segmentMinutes: number;
  /** Total size of this output's files; unlimited by default. */
  readonly maxBytes?: number;
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly width: number;
  readonly height: number;
  readonly log: Log;
}

const MAX_LAG_MS = 10_000;
const REPORT_MS = 500;

export class RecordingOutput implements Output {
  readonly kind = 'recording';
  readonly id: string;
  readonly target: string;

  constructor(private readonly options: RecordingOutputOptions) {
    this.id = options.id;
    this.target = options.dir;
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const { source, dir, log } = this.options;
    const run = new Run(this.options);
    const cursor = source.open({
      codecs: ['h264', 'aac'],
      from: 'latest-key',
      maxLagMs: MAX_LAG_MS,
      maxLagBytes: 24 << 20,
    });
    const update = (): void => run.report(cursor, report);
    const timer = setInterval(update, REPORT_MS);
    const gops = new GopCollector();
    try {
      await mkdir(dir, { recursive: true });
      for (let packet = await cursor.next(signal); packet !== undefined; packet = await cursor.next(signal)) {
        const gop = gops.push(packet);
        if (gop === undefined) continue;
        await run.write(gop);
        update();
      }
      const last = gops.flush();
      if (last !== undefined) await run.write(last);
      await run.close();
    } catch (e) {
      await run.close().catch((again: unknown) => log.debug({ output: this.id, reason: String(again) }, 'file end'));
      throw explain(e, this.id, dir);
    } finally {
      clearInterval(timer);
      await cursor.close();
    }
  }
}

/** The files of one run. */
class Run {
  private readonly writer: Mp4Writer;
  private file: RecordingFile | undefined;
  private init: Buffer | undefined;
  private sincePts = 0;
  private bytes = 0;

  constructor(private readonly options: RecordingOutputOptions) {
    this.writer = new Mp4Writer(options);
  }

  report(cursor: PacketCursor, report: (progress: OutputProgress) => void): void {
    const { ms, bytes } = cursor.lag();
    report({
      // A full disk may still create a file while refusing its content.
      accepted: this.bytes > 0,
      bytesSent: this.bytes,
      bytesDelivered: this.bytes,
      packetsDropped: cursor.stats().dropped,
      lagMs: ms,
      lagBytes: bytes,
    });
  }

  async write(gop: Gop): Promise<void> {
    const { dir, id, segmentMinutes, maxBytes, log } = this.options;
    const init = this.writer.init(gop);
    const startPts = gop.video[0]!.pts;
    const full = startPts - this.sincePts >= segmentMinutes * 60 * TICKS_PER_SECOND;
    const fragment = this.writer.fragment(gop);
    let piece = fragment;
    if (this.file === undefined || full || !init.equals(this.init!)) {
      await this.close();
      this.file = await this.create();
      this.init = init;
      this.sincePts = startPts;
      piece = Buffer.concat([init, fragment]);
    }
    if (maxBytes !== undefined) {
      const removed = await keepWithinBudget(dir, id, Math.max(0, maxBytes - piece.length), this.file.path);
      if (removed.length > 0) log.info({ output: id, removed }, 'old recordings made room');
    }
    await this.file.append(piece);
    this.bytes += piece.length;
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async create(): Promise<RecordingFile> {
    const { dir, id } = this.options;
    const at = new Date();
    for (let n = 1; ; n += 1) {
      try {
        return await RecordingFile.create(join(dir, recordingName(id, at, n)));
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code !== 'EEXIST' || n >= 1000) throw e;
      }
    }
  }
}

function explain(e: unknown, id: string, dir: string): EngineError {
  if (e instanceof EngineError) return e;
  const code = (e as NodeJS.ErrnoException).code ?? '';
  const where = `output "${id}" (${dir})`;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new EngineError('E_DISK_FULL', {
      where,
      expected: 'room on the disk',
      found:
        code === 'ENOSPC'
          ? 'none left'
          : code === 'EDQUOT'
            ? 'the disk quota is used up'
            : 'the maximum file size is reached',
      todo: 'make room, or set maxMb so that the oldest recordings go; the engine retries',
      cause: e,
    });
  }
  const found = code === 'EACCES' || code === 'EROFS' ? `a folder without write permission (${code})` : String(e);
  return new EngineError('E_RECORDING', { where, found, todo: 'check the folder; the engine retries', cause: e });
}
