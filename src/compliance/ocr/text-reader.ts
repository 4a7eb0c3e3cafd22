import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { fitRgba, hasAlpha } from '../../codescan/index.js';
import { flattenRgba, mergeReadings } from './flatten-rgba.js';
import { OcrChild } from './ocr-child.js';
import type { TextLine } from './ocr-messages.js';

export interface TextReaderOptions {
  log: Log;
  /** A picture that takes longer is given up, and the process with it. Default 20 s, its start included. */
  timeoutMs?: number;
  /** A process that had nothing to do for so long is ended, since it holds 150 to 250 MB. Default 10 s: to begin anew takes half a second of CPU. */
  idleMs?: number;
}

const TIMEOUT_MS = 20_000;
const IDLE_MS = 10_000;
/** Larger pictures are shrunk before they are sent: a 720p frame can't show more of them. */
const LONG_SIDE = 1920;

/**
 * Reads the text inside pictures: Chinese (simplified), English, digits, and what looks like them; other
 * scripts are seen as lines but misread. Not for the frame path: half a second of CPU a picture.
 *
 * The process starts with the first picture, reads one after the other, and ends after `idleMs` without
 * work. When it dies or takes too long the picture is rejected and the next one gets a new process.
 */
export class TextReader implements Closeable {
  private child: OcrChild | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private nextId = 1;
  private closed = false;

  constructor(private readonly options: TextReaderOptions) {}

  /** Process that reads now or waits for work; undefined when there is none. */
  get pid(): number | undefined {
    return this.child?.alive === true ? this.child.pid : undefined;
  }

  /**
   * Lines in straight RGBA, rows without padding; boxes in its pixels. Rejects with E_SCAN_FAILED, E_TIMEOUT or
   * E_CLOSED; the caller must take such a picture as unjudged. A picture with transparent pixels is read over
   * white and over black, because its text may be seen on either.
   */
  read(rgba: Uint8Array, width: number, height: number): Promise<readonly TextLine[]> {
    const mine = this.last.then(() => this.readNow(rgba, width, height));
    this.last = mine.catch(() => undefined); // the next in the queue; this one's own failure is its caller's
    return mine;
  }

  /** Waits for what was given and ends the process; the next picture gets a new one. */
  async rest(): Promise<void> {
    await this.last;
    clearTimeout(this.idle);
    const child = this.child;
    this.child = undefined;
    await child?.close();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    const child = this.child;
    this.child = undefined;
    await child?.close();
  }

  private async readNow(rgba: Uint8Array, width: number, height: number): Promise<readonly TextLine[]> {
    if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
      const expected = `${width}×${height} RGBA pixels`;
      throw new EngineError('E_SCAN_FAILED', { where: 'text reader', expected, found: `${rgba.length} bytes` });
    }
    const fitted = fitRgba(rgba, width, height, LONG_SIDE, LONG_SIDE);
    const grounds = hasAlpha(fitted.rgba) ? [255, 0] : [255];
    const readings: (readonly TextLine[])[] = [];
    for (const ground of grounds) {
      const opaque = flattenRgba(fitted.rgba, ground);
      readings.push(await this.give(opaque, fitted.width, fitted.height));
    }
    return mergeReadings(readings, width / fitted.width, height / fitted.height);
  }

  private async give(rgba: Uint8Array, width: number, height: number): Promise<readonly TextLine[]> {
    if (this.closed) throw new EngineError('E_CLOSED', { where: 'text reader', found: 'a reader that was closed' });
    clearTimeout(this.idle);
    const child = this.child?.alive === true ? this.child : (this.child = new OcrChild());
    const timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void child.close();
    }, timeoutMs);
    try {
      return await child.run({ id: this.nextId++, rgba, width, height });
    } catch (cause) {
      const found = late ? `none in ${timeoutMs} ms` : `a fault: ${cause instanceof Error ? cause.message : cause}`;
      this.options.log.warn({ found, width, height }, 'the text of a picture was not read');
      throw new EngineError(late ? 'E_TIMEOUT' : 'E_SCAN_FAILED', {
        where: 'text reader',
        expected: "the picture's text",
        found,
        todo: 'use a simpler picture; run `engine doctor` when it happens with all of them',
        cause,
      });
    } finally {
      clearTimeout(timer);
      this.idle = setTimeout(() => this.end(child), this.options.idleMs ?? IDLE_MS).unref();
    }
  }

  private end(child: OcrChild): void {
    if (this.child === child) this.child = undefined;
    void child.close();
  }
}
