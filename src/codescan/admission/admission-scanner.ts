import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { spawnWorker } from '../../core/spawn-worker.js';
import type { FrameVerdict } from '../../core/verdict.js';
import { LearnedDetector } from './learned-detector.js';
import { flattenRgba, hasAlpha } from '../pipeline/rgba-planes.js';
import type { ScanMode } from './admission-scan.js';
import type { AdmissionRequest, PictureRequest } from './admission-thread.js';

export interface AdmissionScannerOptions {
  log: Log;
  /** Reads barcodes of goods as well. */
  retail?: boolean;
  /** A picture that takes longer is refused as unjudged. Default 60 s. */
  timeoutMs?: number;
  /** The threads hold 35 MB and, for the learned detector, 60; they are ended when nothing was scanned for so long. Default 5 s. */
  idleMs?: number;
}

const IDLE_MS = 5000;
/** Wall time, of which a machine that is busy gives a thread little: a harmless picture needs a second of CPU. */
const TIMEOUT_MS = 60_000;
/** A QR code of 21 modules has no fewer pixels, and the learned detector does not take less. */
const MIN_SIDE = 21;

/**
 * The hard scan in a thread of its own, so that neither the loop nor the API waits for it. Pictures are
 * scanned one after the other. A thread that dies or takes too long is ended; the picture is then
 * refused (E_SCAN_FAILED), and the next one gets a new thread.
 */
export class AdmissionScanner implements Closeable {
  private worker: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  private readonly learned: LearnedDetector;

  constructor(private readonly options: AdmissionScannerOptions) {
    const { log, idleMs = IDLE_MS } = options;
    this.learned = new LearnedDetector({ log, idleMs });
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
    const mine = this.last.then(() => this.judge({ rgba, width, height, mode }, where));
    this.last = mine.catch(() => undefined); // the next in the queue; this one's own failure is its caller's
    return mine;
  }

  /** What the gate does to a frame (I420, even sides) in which all is new. */
  scanFrame(i420: Uint8Array, width: number, height: number, where: string): Promise<FrameVerdict> {
    if (width < 2 || height < 2 || ((width | height) & 1) !== 0 || i420.length !== (width * height * 3) / 2) {
      const expected = `${width}×${height} I420 samples`;
      throw new EngineError('E_SCAN_FAILED', { where, expected, found: `${i420.length} bytes` });
    }
    const mine = this.last.then(() => this.scanNow({ i420, width, height }, where));
    this.last = mine.catch(() => undefined); // the next in the queue; this one's own failure is its caller's
    return mine;
  }

  /** Waits for what was given and ends the threads; the next picture gets new ones. */
  async rest(): Promise<void> {
    await this.last;
    await Promise.all([this.end(), this.learned.rest()]);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.end(), this.learned.close()]);
  }

  /** The scan, and where it finds nothing the learned detector; without the verdict of both nothing is clean. */
  private async judge(request: PictureRequest, where: string): Promise<FrameVerdict> {
    const verdict = await this.scanNow(request, where);
    const { rgba, width, height, mode } = request;
    if (mode === 'live' || verdict.verdict !== 'clean' || Math.min(width, height) < MIN_SIDE) return verdict;
    for (const ground of hasAlpha(rgba) ? [255, 0] : [undefined]) {
      const flat = ground === undefined ? rgba : flattenRgba(rgba, ground);
      const learned = await this.learned.scan(flat, width, height, where);
      if (learned.verdict !== 'clean') return learned;
    }
    return verdict;
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private scanNow(request: AdmissionRequest, where: string): Promise<FrameVerdict> {
    if (this.closed) throw new EngineError('E_CLOSED', { where, found: 'a scanner that was closed' });
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.start());
    worker.ref();
    const timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS;
    return new Promise<FrameVerdict>((resolve, reject) => {
      const refuse = (found: string, cause?: unknown): void => {
        done();
        this.drop(worker);
        const todo = 'use a smaller or simpler picture; without a verdict it is not shown';
        reject(new EngineError('E_SCAN_FAILED', { where, expected: 'a verdict', found, todo, cause }));
      };
      const onMessage = (verdict: FrameVerdict): void => {
        done();
        worker.unref();
        this.idle = setTimeout(() => this.drop(worker), this.options.idleMs ?? IDLE_MS).unref();
        resolve(verdict);
      };
      const onError = (e: unknown): void => refuse(`the scan failed: ${e instanceof Error ? e.message : String(e)}`, e);
      const onExit = (): void => refuse('the scan thread ended');
      const timer = setTimeout(() => refuse(`none in ${timeoutMs} ms`), timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(request);
    });
  }

  private start(): Worker {
    const worker = spawnWorker(new URL('./admission-thread.js', import.meta.url), import.meta.url, {
      workerData: { retail: this.options.retail === true },
    });
    // Faults outside a scan (it may fail while starting) must not end the process.
    worker.on('error', (e) => this.options.log.error({ error: String(e) }, 'admission scan thread failed'));
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }

  private drop(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    worker.terminate().catch((e: unknown) => {
      this.options.log.error({ error: String(e) }, 'admission scan thread could not be ended');
    });
  }
}
