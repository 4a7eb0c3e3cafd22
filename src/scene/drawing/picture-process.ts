/**
 * Draws and decodes untrusted pictures.
 *
 * Problem: an SVG of a few kilobytes or a picture file can keep librsvg or a decoder busy without end or exhaust the
 * machine's memory, and none of their calls can be stopped.
 * Demands: the show goes on; the sender of the picture gets an error that names the limit; the engine stops at once
 * when asked, whatever is being drawn.
 * Rule: all of it runs in a child process, one picture after another. A picture that exceeds its CPU time, wall time or
 * memory ends the process and is refused; the next one gets a new process. The engine's own texts and shapes never go
 * through here, so captions wait for no picture.
 * Numbers: 5 s of CPU, 60 s of wall time (a busy machine gives the process a small share of it), 1 GB of private
 * memory, 10 s until an idle process ends. A process costs a quarter of a second of CPU to start and holds 60 MB.
 */
import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import type { Log } from '../../core/log.js';
import { ProcessBackend, type UseLimits } from '../../core/processes/process-backend.js';
import type { DecodedPicture, PageRequest } from '../assets/decode-page.js';
import { type DrawPicture, looksLikeSvg } from '../assets/load-picture.js';
import { assetName, readAsset } from '../assets/read-asset.js';
import type { Raster } from '../raster.js';
import { errorOf, type PictureJob, type PictureReply } from './picture-messages.js';

export interface PictureLimits extends UseLimits {
  readonly wallMs: number;
}

export interface PictureProcessOptions {
  readonly log: Log;
  /** Lower priority than the show: for pictures that arrive while it is on air. */
  readonly gentle?: boolean;
  readonly limits?: PictureLimits;
  readonly idleMs?: number;
}

export const SHOW_LIMITS: PictureLimits = { cpuMs: 5000, wallMs: 60_000, memoryMb: 1024 };
/** For a command that scans files, which may be larger than any layer. */
export const SCAN_LIMITS: PictureLimits = { cpuMs: 30_000, wallMs: 120_000, memoryMb: 4096 };
const IDLE_MS = 10_000;
/** A room loads at most a hundred layers at once. */
const MAX_WAITING = 200;
/** Libraries keep a little of each picture. */
const PICTURES_A_PROCESS = 100;
/** Nice level: the frame loop goes first, other programs of the machine do not. */
const GENTLE_STEPS = 5;
const NODE_ARGS = ['--max-semi-space-size=2', '--max-old-space-size=128', '--single-threaded-gc'];

/** One thread draws; more arenas and threads would only hold memory. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '2' };

export class PictureProcess implements Closeable {
  private readonly worker: IdleWorker<PictureJob, PictureReply>;
  private readonly limits: PictureLimits;

  constructor(private readonly options: PictureProcessOptions) {
    this.limits = options.limits ?? SHOW_LIMITS;
    this.worker = new IdleWorker({
      start: () =>
        new ProcessBackend({
          module: new URL('./picture-child.js', import.meta.url),
          caller: import.meta.url,
          execArgv: NODE_ARGS,
          args: [String(options.gentle === true ? GENTLE_STEPS : 0)],
          env: ONE_THREAD,
          limits: this.limits,
        }),
      timeoutMs: () => this.limits.wallMs,
      idleMs: options.idleMs ?? IDLE_MS,
      maxWaiting: MAX_WAITING,
      maxRequests: PICTURES_A_PROCESS,
    });
  }

  /** The process that draws or waits for work; undefined when there is none. */
  get pid(): number | undefined {
    return this.worker.pid;
  }

  /**
   * Draws a picture for a layer. Throws E_ASSET_MISSING, _TOO_LARGE, _TOO_COMPLEX, _INVALID, E_SVG_UNSAFE, E_CLOSED,
   * E_TIMEOUT.
   */
  readonly draw: DrawPicture = async (request) => {
    let isSvg = false;
    const place = `${request.where}: ${assetName(request.src)}`;
    const reply = await this.ask(
      async () => {
        // A waiting request holds no bytes of a file.
        const bytes = await readAsset(request.src, request.where);
        isSvg = looksLikeSvg(bytes);
        return { kind: 'picture', bytes, request };
      },
      place,
      () => isSvg,
    );
    if (reply.kind !== 'picture') throw new TypeError('the drawing process answered another request');
    return { ...reply.picture, raster: aligned(reply.picture.raster) };
  };

  /** One page of a file as it is, for a scan. */
  readonly page = async (request: PageRequest): Promise<DecodedPicture> => {
    const reply = await this.ask(
      async () => ({ kind: 'page', request }),
      request.file,
      () => /\.svg$/i.test(request.file),
    );
    if (reply.kind !== 'page') throw new TypeError('the drawing process answered another request');
    return aligned(reply.page);
  };

  /** Starts the process before there is a picture. */
  prepare(): void {
    this.worker.prepare();
  }

  /** Finishes the queued pictures and ends the process; the next picture starts a new one. */
  rest(): Promise<void> {
    return this.worker.rest();
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private async ask(
    makeJob: () => Promise<PictureJob>,
    where: string,
    isSvg: () => boolean,
  ): Promise<Exclude<PictureReply, { kind: 'refused' | 'undrawable' }>> {
    const reply = await this.worker
      .use(async (ask) => ask(await makeJob()))
      .catch((cause: unknown) => {
        throw isEngineError(cause) ? cause : this.fault(cause, where, isSvg());
      });
    if (reply.kind === 'refused' || reply.kind === 'undrawable') throw errorOf(reply);
    return reply;
  }

  private fault(cause: unknown, where: string, isSvg: boolean): EngineError {
    const kind = cause instanceof WorkFault ? cause.kind : 'failed';
    const why = cause instanceof Error ? cause.message : String(cause);
    if (kind === 'closed') return new EngineError('E_CLOSED', { where, found: 'a room that is closing', cause });
    if (kind === 'full') {
      const todo = 'retry when the queue is shorter';
      return new EngineError('E_TIMEOUT', { where, expected: 'a place in the drawing queue', found: why, todo });
    }
    this.options.log.warn({ where, found: why }, 'a picture could not be drawn: it is refused, the show goes on');
    const { cpuMs, memoryMb } = this.limits;
    if (kind === 'late') {
      const expected = `a picture within ${this.limits.wallMs / 1000} s`;
      const todo = `${isSvg ? 'simplify the SVG' : 'save it smaller'}, or send it again when the machine has time`;
      return new EngineError('E_TIMEOUT', { where, expected, found: 'no picture in time (machine busy)', todo, cause });
    }
    if (kind === 'cpu' || kind === 'memory') {
      const found = kind === 'cpu' ? `drawing took longer than ${cpuMs / 1000} s` : `drawing took ${why}`;
      return new EngineError('E_ASSET_TOO_COMPLEX', {
        where,
        expected: `a picture that is drawn within ${cpuMs / 1000} s and ${memoryMb} MB`,
        found,
        todo: isSvg ? 'simplify the SVG' : 'save it smaller, as PNG or JPEG',
        details: kind === 'cpu' ? { limit: 'cpuMs', most: cpuMs } : { limit: 'memoryMb', most: memoryMb },
        cause,
      });
    }
    return new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'a picture that can be drawn',
      found: `the drawing process failed: ${why}`,
      todo: 'save it again in another program; run `engine doctor` when it happens with all pictures',
      cause,
    });
  }
}

/** Pixels arrive at any byte of their message; libraries that read them as 32-bit words need memory of their own. */
const aligned = <T extends Raster>(raster: T): T => ({ ...raster, rgba: new Uint8Array(raster.rgba) });
