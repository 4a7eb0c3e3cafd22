import type { Closeable } from '../../core/closeable.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import { type Ask, IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import type { Log } from '../../core/log.js';
import { ProcessBackend } from '../../core/processes/process-backend.js';
import { fitRgba, hasAlpha } from '../../codescan/index.js';
import type { OcrJob, TextLine } from './ocr-messages.js';

/** Draws straight RGBA over a grey ground (0–255) as opaque RGBA. An opaque picture is returned as a copy. */
function flattenRgba(rgba: Uint8Array, ground: number): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    for (let c = 0; c < 3; c += 1) out[i + c] = Math.round((rgba[i + c]! * alpha + ground * (255 - alpha)) / 255);
    out[i + 3] = 255;
  }
  return out;
}

/**
 * Merges the readings of one picture over several grounds, with scaled boxes; of two lines in the same position the
 * more confident one is kept.
 */
function mergeReadings(readings: readonly (readonly TextLine[])[], scaleX: number, scaleY: number): TextLine[] {
  const kept: TextLine[] = [];
  for (const line of readings.flat()) {
    const twin = kept.findIndex((k) => overlap(k, line) > 0.5);
    if (twin < 0) kept.push(line);
    else if (kept[twin]!.confidence < line.confidence) kept[twin] = line;
  }
  return kept.map(({ text, confidence, box }) => ({
    text,
    confidence,
    box: {
      x: Math.floor(box.x * scaleX),
      y: Math.floor(box.y * scaleY),
      width: Math.ceil(box.width * scaleX),
      height: Math.ceil(box.height * scaleY),
    },
  }));
}

/** The common area of two boxes as a share of their union. */
function overlap(a: TextLine, b: TextLine): number {
  const width = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  const height = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.box.width * a.box.height + b.box.width * b.box.height - shared);
}

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
    if (isEngineError(cause)) throw cause;
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
