import type { EspeakModule } from './espeak-module.js';

const PAGE = 4096;
const ZEROS = new Uint8Array(PAGE);

/**
 * Makes espeak-ng deterministic. It carries phases of its vibrato and noise from one text to the next, so the same text
 * never sounds exactly the same twice. Its whole state is in its linear memory: a snapshot is taken after start (only
 * non-zero pages, about 1 MB of 17) and restored before each text. The same request then gives the same samples in any
 * process, whatever was spoken before.
 *
 * Pages are compared before they are written: most of the memory is never used, and pages that are only read do not
 * become resident.
 */
export class RepeatableMemory {
  /** Non-zero pages, in order. */
  private readonly pages: { at: number; bytes: Uint8Array }[] = [];

  constructor(private readonly module: EspeakModule) {
    const heap = module.HEAPU8;
    for (let at = 0; at < heap.length; at += PAGE) {
      if (isZero(heap, at)) continue;
      this.pages.push({ at, bytes: heap.slice(at, at + PAGE) });
    }
  }

  restore(): void {
    // Read each time: a grown heap is a new array.
    const heap = this.module.HEAPU8;
    let next = 0;
    for (let at = 0; at < heap.length; at += PAGE) {
      const kept = this.pages[next];
      if (kept?.at === at) {
        heap.set(kept.bytes, at);
        next += 1;
      } else if (!isZero(heap, at)) heap.fill(0, at, at + PAGE);
    }
  }
}

const isZero = (heap: Uint8Array, at: number): boolean => Buffer.compare(heap.subarray(at, at + PAGE), ZEROS) === 0;
