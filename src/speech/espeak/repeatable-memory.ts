import type { EspeakModule } from './espeak-module.js';

const PAGE = 4096;

/**
 * espeak-ng carries phases of its vibrato and noise from one text to the next, so the same text never
 * sounds exactly the same twice. Its whole state lies in its linear memory: that is kept as it was after
 * start (only pages that are not all zero, about 1 MB of 17) and put back before each text. The same
 * request then gives the same samples, whatever was spoken before and in whichever process.
 */
export class RepeatableMemory {
  private readonly pages: { at: number; bytes: Uint8Array }[] = [];

  constructor(private readonly module: EspeakModule) {
    const heap = module.HEAPU8;
    for (let at = 0; at < heap.length; at += PAGE) {
      const page = heap.subarray(at, at + PAGE);
      if (page.some((byte) => byte !== 0)) this.pages.push({ at, bytes: page.slice() });
    }
  }

  restore(): void {
    // Read anew each time: the heap is another array after it has grown.
    const heap = this.module.HEAPU8;
    heap.fill(0);
    for (const { at, bytes } of this.pages) heap.set(bytes, at);
  }
}
