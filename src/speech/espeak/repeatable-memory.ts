import type { EspeakModule } from './espeak-module.js';

const PAGE = 4096;
const ZEROS = new Uint8Array(PAGE);

/**
 * espeak-ng carries phases of its vibrato and noise from one text to the next, so the same text never
 * sounds exactly the same twice. Its whole state lies in its linear memory: that is kept as it was after
 * start (only pages that are not all zero, about 1 MB of 17) and put back before each text. The same
 * request then gives the same samples, whatever was spoken before and in whichever process.
 *
 * Pages are compared before they are written: most of the memory is never used, and what is only read does
 * not become resident.
 */
export class RepeatableMemory {
  /** Pages that were not all zero, in order. */
  private readonly pages: { at: number; bytes: Uint8Array }[] = [];

  constructor(private readonly module: EspeakModule) {
    const heap = module.HEAPU8;
    for (let at = 0; at < heap.length; at += PAGE) {
      if (isZero(heap, at)) continue;
      this.pages.push({ at, bytes: heap.slice(at, at + PAGE) });
    }
  }

  restore(): void {
    // Read anew each time: the heap is another array after it has grown.
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
