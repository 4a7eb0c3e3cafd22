import { rename, rm } from 'node:fs/promises';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { i420Size } from '../../core/media/picture.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import type { FrameRate } from '../../core/time.js';
import { boxFor, type PictureRequest } from '../assets/load-picture.js';
import { type ClipContainer, type ClipMatrix, type ClipShape, decodeArgs } from './probe-clip.js';
import { clipInvalid, clipTooLarge, MAX_CLIP_RAW_BYTES, MAX_CLIP_SECONDS } from './clip-limits.js';
import type { MakeClip, MakeClipReport } from './make-clip-message.js';

/** A clip in its box. */
export interface FittedClip extends ClipShape {
  /** Size of the box. */
  readonly boxWidth: number;
  readonly boxHeight: number;
  /** Position of the clip in the box. */
  readonly dx: number;
  readonly dy: number;
}

const even = (n: number): number => Math.max(2, 2 * Math.round(n / 2));
/** An odd box is covered to its last pixel. */
const evenUp = (n: number): number => Math.max(2, (n + 1) & ~1);

/** Fits a clip like a picture; all sizes and positions are even, as frames require. */
export function fitClip(request: PictureRequest, naturalWidth: number, naturalHeight: number): FittedClip {
  const box = boxFor(request, naturalWidth, naturalHeight);
  const base = { boxWidth: box.width, boxHeight: box.height };
  const [width, height] = [evenUp(box.width), evenUp(box.height)];
  if (request.fit === 'fill') return { ...base, scaleWidth: width, scaleHeight: height, width, height, dx: 0, dy: 0 };
  const [across, down] = [width / naturalWidth, height / naturalHeight];
  if (request.fit === 'cover') {
    const grow = Math.max(across, down);
    const scaleWidth = Math.max(width, even(naturalWidth * grow));
    const scaleHeight = Math.max(height, even(naturalHeight * grow));
    return { ...base, scaleWidth, scaleHeight, width, height, dx: 0, dy: 0 };
  }
  const grow = Math.min(across, down);
  const shownWidth = Math.min(width, even(naturalWidth * grow));
  const shownHeight = Math.min(height, even(naturalHeight * grow));
  return {
    ...base,
    scaleWidth: shownWidth,
    scaleHeight: shownHeight,
    width: shownWidth,
    height: shownHeight,
    dx: ((width - shownWidth) >> 2) * 2,
    dy: ((height - shownHeight) >> 2) * 2,
  };
}

interface MakeClipOptions {
  readonly ffmpegPath: string;
  readonly file: string;
  readonly container: ClipContainer;
  readonly fitted: FittedClip;
  readonly matrix: ClipMatrix;
  readonly radius: number;
  readonly rate: FrameRate;
  /** Layer, field and file, for messages. */
  readonly place: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 600_000;
const ABORT_GRACE_MS = 2000;
let made = 0;

/** Decodes a clip to `path`. Throws E_ASSET_INVALID, E_ASSET_TOO_LARGE, E_DISK_FULL, or the signal's reason. */
export async function makeClip(path: string, options: MakeClipOptions): Promise<void> {
  const { fitted, rate, signal } = options;
  signal.throwIfAborted();
  made += 1;
  const beside = `${path}.${process.pid}.${made}.tmp`;
  const framesPerSecond = rate.num / rate.den;
  const job: MakeClip = {
    ffmpegPath: options.ffmpegPath,
    args: decodeArgs(options.file, options.container, fitted, options.matrix, rate),
    path: beside,
    width: fitted.width,
    height: fitted.height,
    radius: options.radius,
    framesPerSecond,
    maxFrames: Math.floor((MAX_CLIP_SECONDS + 0.5) * framesPerSecond),
    maxStored: Math.floor(MAX_CLIP_RAW_BYTES / i420Size(fitted.width, fitted.height)),
    timeoutMs: TIMEOUT_MS,
  };
  try {
    await run(job, options);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function run(job: MakeClip, { place, log, signal }: MakeClipOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = spawnWorker(new URL('./make-clip-thread.js', import.meta.url), import.meta.url, {
      name: 'clip-decoder',
      workerData: job,
    });
    let grace: NodeJS.Timeout | undefined;
    const done = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(grace);
      settle();
    };
    const onAbort = (): void => {
      worker.postMessage('stop');
      grace = setTimeout(() => void worker.terminate(), ABORT_GRACE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const failed = ({ why, code, found }: Extract<MakeClipReport, { type: 'failed' }>): unknown => {
      if (signal.aborted) return signal.reason;
      if (why === 'large') return clipTooLarge(place, found);
      if (why === 'invalid') return clipInvalid(place, found);
      return new EngineError(code, { where: place, expected: 'a clip that can be decoded', found });
    };
    worker.on('message', (message: MakeClipReport) => {
      if (message.type === 'progress') log.info({ where: place, frames: message.frames }, 'decoding a clip');
      else if (message.type === 'done') done(resolve);
      else done(() => reject(failed(message) as Error));
    });
    worker.once('error', (cause) => done(() => reject(clipInvalid(place, cause.message, cause))));
    worker.once('exit', () => {
      done(() => reject((signal.aborted ? signal.reason : clipInvalid(place, 'the decoder ended')) as Error));
    });
  });
}
