import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { type Ask, IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import type { Log } from '../../core/log.js';
import { ProcessBackend } from '../../core/processes/process-backend.js';
import { fitRgba, hasAlpha } from '../../codescan/index.js';
import { flattenRgba, mergeReadings } from './flatten-rgba.js';
import type { OcrJob, TextLine } from './ocr-messages.js';

export interface TextReaderOptions {
  log: Log;
  /** Time limit of a picture, including the process's start; beyond it the process is ended. Default 20 s. */
  timeoutMs?: number;
  /** Idle time after which the process is ended, because it holds 60 MB. Default 10 s; a restart takes half a second. */
  idleMs?: number;
  /** Nice value of the process. Default 10; nobody may wait for a reader at 19. */
  nice?: number;
}

const TIMEOUT_MS = 20_000;
const IDLE_MS = 10_000;
/** Larger pictures are shrunk before they are sent: a 720p frame cannot show more of them. */
const LONG_SIDE = 1920;

const NICE = 10;

const NODE_ARGS = ['--max-semi-space-size=2', '--max-old-space-size=64'];
/** Returns the networks' intermediate pictures to the system after each layer: 50 MB less, for a tenth more CPU. */
const MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(1 << 20),
  MALLOC_TRIM_THRESHOLD_: String(1 << 20),
};

/**
 * Reads the text inside pictures: Chinese (simplified), English, digits and similar glyphs; other scripts are detected
 * as lines but misread. Not for the frame path: half a second of CPU per picture.
 *
 * Runs in a separate process (`ocr-process`). When it dies or takes too long the picture is rejected and the next one
 * gets a new process.
 */
export class TextReader implements Closeable {
  private readonly worker: IdleWorker<OcrJob, readonly TextLine[]>;

  constructor(private readonly options: TextReaderOptions) {
    this.worker = new IdleWorker({
      start: () =>
        new ProcessBackend({
          module: new URL('./ocr-process.js', import.meta.url),
          caller: import.meta.url,
          execArgv: NODE_ARGS,
          args: [String(options.nice ?? NICE)],
          env: MALLOC,
        }),
      timeoutMs: () => options.timeoutMs ?? TIMEOUT_MS,
      idleMs: options.idleMs ?? IDLE_MS,
    });
  }

  /** The running process; undefined when there is none. */
  get pid(): number | undefined {
    return this.worker.pid;
  }

  /**
   * Lines in straight RGBA, rows without padding; boxes in its pixels. Rejects with E_SCAN_FAILED, E_TIMEOUT or
   * E_CLOSED; the caller must treat the picture as unjudged. A picture with transparent pixels is read over white and
   * over black, because its text may be visible on either.
   */
  read(rgba: Uint8Array, width: number, height: number): Promise<readonly TextLine[]> {
    return this.worker.use((ask) => this.readNow(ask, rgba, width, height));
  }

  /** Waits for queued pictures and ends the process; the next picture starts a new one. */
  rest(): Promise<void> {
    return this.worker.rest();
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  private async readNow(
    ask: Ask<OcrJob, readonly TextLine[]>,
    rgba: Uint8Array,
    width: number,
    height: number,
  ): Promise<readonly TextLine[]> {
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where: 'text reader', expected, found: `${rgba.length} bytes` });
    }
    const fitted = fitRgba(rgba, width, height, LONG_SIDE, LONG_SIDE);
    const grounds = hasAlpha(fitted.rgba) ? [255, 0] : [255];
    const readings: (readonly TextLine[])[] = [];
    for (const ground of grounds) {
      const opaque = flattenRgba(fitted.rgba, ground);
      const job = { rgba: opaque, width: fitted.width, height: fitted.height };
      readings.push(await ask(job).catch((cause: unknown) => this.refuse(cause, job)));
    }
    return mergeReadings(readings, width / fitted.width, height / fitted.height);
  }

  private refuse(cause: unknown, { width, height }: OcrJob): never {
    const kind = cause instanceof WorkFault ? cause.kind : 'failed';
    if (kind === 'closed') {
      throw new EngineError('E_CLOSED', { where: 'text reader', found: 'a closed reader' });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    const found = kind === 'late' ? why : `a fault: ${why}`;
    this.options.log.warn({ found, width, height }, 'the text of a picture could not be read');
    throw new EngineError(kind === 'late' ? 'E_TIMEOUT' : 'E_SCAN_FAILED', {
      where: 'text reader',
      expected: "the picture's text",
      found,
      todo: 'use a simpler picture; run `engine doctor` when it happens with all of them',
      cause,
    });
  }
}
