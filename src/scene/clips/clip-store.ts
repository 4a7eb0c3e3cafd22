import { stat, readdir, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeOwnFolder } from '../../core/files/own-folder.js';
import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import { i420Size, yuvaSize, type YuvaBitmap } from '../../core/media/picture.js';
import type { FrameRate } from '../../core/time.js';
import type { PictureRequest } from '../assets/load-picture.js';
import type { ClipDeps, LoadedClip } from './clip.js';
import { clipFileStands, openClipFile, readAlpha, readStoredFrame, type ClipFile } from './clip-file.js';
import { clipInvalid, clipTooLarge, MAX_CLIP_FILE_BYTES } from './clip-limits.js';
import { fitClip, type FittedClip, makeClip } from './make-clip.js';
import { type ClipContainer, probeClip, type ProbedClip, sniffClip } from './probe-clip.js';

/**
 * A cache of decoded clips that survives restarts.
 *
 * Demands: an entry was made from the same file, by the same tool, with the same settings; the disk does not fill up.
 * Rule: entries are named by a digest of the file's content, its fitting, the rate and ffmpeg's version; 6 GB, most
 * recently used. The folder is on the disk: the temporary folder is memory on many systems.
 */
const BUDGET_BYTES = 6 * 1024 ** 3;
/** Half-written files of killed engines. */
const STALE_MS = 3600_000;
/** Bump when the decoding or the file format changes. */
const FORMAT = 1;

async function digestOfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { signal })) hash.update(part as Buffer);
  return hash.digest('hex');
}

function clipKey(
  content: string,
  { scaleWidth, scaleHeight, width, height }: FittedClip,
  radius: number,
  rate: FrameRate,
  tool: string,
): string {
  const parts = [FORMAT, content, scaleWidth, scaleHeight, width, height, radius, rate.num, rate.den, tool];
  return createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 40);
}

const clipPath = (dir: string, key: string): string => join(dir, `${key}.clip`);

/** Removes the least recently used files; a file being read stays readable for its reader. */
export async function trimClipCache(dir: string, budgetBytes = BUDGET_BYTES, nowMs = Date.now()): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      const found = await stat(path).catch(() => undefined);
      return { path, bytes: found?.size ?? 0, usedMs: found?.mtimeMs ?? 0, whole: name.endsWith('.clip') };
    }),
  );
  let bytes = 0;
  for (const file of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
    if (file.whole) bytes += file.bytes;
    const old = file.whole ? bytes > budgetBytes : nowMs - file.usedMs > STALE_MS;
    if (old) await rm(file.path, { force: true });
  }
}

/** Clips whose tables and first frame stay in memory; 2.5 MB each for a whole frame of 720p. */
const KEPT = 12;
const KNOWN = 500;

/** Loads clips: decodes new ones, has each judged, and remembers the last ones. */
export class ClipStore {
  private readonly loading = new Map<string, Promise<LoadedClip>>();
  private readonly probed = new Map<string, ProbedClip>();
  private readonly admitted = new Set<string>();

  constructor(
    private readonly kernels: Pick<Kernels, 'i420ToRgba'>,
    private readonly rate: FrameRate,
    private readonly deps: ClipDeps | undefined,
  ) {}

  /**
   * Undefined when the file is not a clip. Throws E_ASSET_INVALID, _TOO_LARGE, _REFUSED, E_FFMPEG_MISSING, E_DISK_FULL.
   */
  async load(request: PictureRequest): Promise<LoadedClip | undefined> {
    const { src, where, width, height, maxWidth, maxHeight, fit, radius } = request;
    const place = `${where}: ${src}`;
    const container = await sniffClip(src, place);
    if (container === undefined) return undefined;
    const { size, mtimeMs } = await stat(src);
    if (size > MAX_CLIP_FILE_BYTES) throw clipTooLarge(place, `${Math.ceil(size / 1024 / 1024)} MB`);
    const key = [size, mtimeMs, width, height, maxWidth, maxHeight, fit, radius, src].join(' ');
    const known = this.loading.get(key);
    if (known !== undefined) {
      const clip = await known.catch(() => undefined);
      if (clip !== undefined && (await clipFileStands(clip.file))) {
        this.loading.delete(key);
        this.loading.set(key, known); // most recently used
        return clip;
      }
    }
    const loading = this.make(request, container, place);
    loading.catch(() => this.loading.delete(key));
    this.loading.set(key, loading);
    for (const oldest of this.loading.keys()) {
      if (this.loading.size <= KEPT) break;
      this.loading.delete(oldest);
    }
    return loading;
  }

  private async make(request: PictureRequest, container: ClipContainer, place: string): Promise<LoadedClip> {
    const { deps, rate } = this;
    if (deps === undefined) throw clipInvalid(place, 'a clip where only pictures are shown');
    const { ffmpeg, signal, log } = deps;
    const { src } = request;
    const dir = deps.cacheDir ?? cacheFolder('clips');
    const content = await digestOfFile(src, signal);
    let probed = this.probed.get(content);
    if (probed === undefined) {
      probed = await probeClip(ffmpeg.path, src, container, place, signal);
      if (this.probed.size >= KNOWN) this.probed.clear();
      this.probed.set(content, probed);
    }
    const fitted = fitClip(request, probed.width, probed.height);
    const radius = Math.min(request.radius, fitted.width / 2, fitted.height / 2);
    const path = clipPath(dir, clipKey(content, fitted, radius, rate, ffmpeg.version));
    let file = await openClipFile(path);
    if (file === undefined) {
      await makeOwnFolder(dir).catch((cause: unknown) => {
        const found = (cause as Error).message;
        throw new EngineError('E_DISK_FULL', {
          where: dir,
          expected: 'a folder of this user’s own to write to',
          found,
          todo: 'set XDG_CACHE_HOME',
          cause,
        });
      });
      const began = performance.now();
      const { matrix } = probed;
      await makeClip(path, {
        ffmpegPath: ffmpeg.path,
        file: src,
        container,
        fitted,
        matrix,
        radius,
        rate,
        place,
        log,
        signal,
      });
      file = await openClipFile(path);
      if (file === undefined) throw clipInvalid(place, 'decoded frames that could not be read back');
      const { index, stored } = file;
      const ms = Math.round(performance.now() - began);
      log.info({ where: place, frames: index.length, stored, ms }, 'a clip was decoded');
      await trimClipCache(dir);
    }
    await this.judge(file, place);
    return this.opened(file, fitted);
  }

  private async judge(file: ClipFile, where: string): Promise<void> {
    if (this.admitted.has(file.digest)) return;
    const { admit, signal } = this.deps!;
    const frame = (stored: number): ReturnType<typeof readStoredFrame> => {
      signal.throwIfAborted(); // a minute of scanning ends with the room
      return readStoredFrame(file, stored);
    };
    await admit({ where, file, rate: this.rate, frame });
    if (this.admitted.size >= KNOWN) this.admitted.clear();
    this.admitted.add(file.digest);
  }

  private async opened(file: ClipFile, fitted: FittedClip): Promise<LoadedClip> {
    const { width, height, hasAlpha } = file;
    const frame = await readStoredFrame(file, 0);
    const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(width, height))).fill(255);
    data.set(frame);
    const alpha = await readAlpha(file);
    if (alpha !== undefined) data.set(alpha, i420Size(width, height));
    const first: YuvaBitmap = { width, height, opaque: !hasAlpha, data };
    const rgba = new Uint8Array(width * height * 4);
    this.kernels.i420ToRgba(frame, width, height, rgba);
    for (let i = 0; alpha !== undefined && i < width * height; i += 1) rgba[i * 4 + 3] = alpha[i]!;
    return { file, fitted, opaque: !hasAlpha, first, raster: { rgba, width, height } };
  }
}
