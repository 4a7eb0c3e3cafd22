import { RectList } from '../../core/media/picture.js';
import { readWithJsQr, type ZxingReader } from '../decoders/library-readers.js';
import type { LiveScan } from '../pipeline/live-scan.js';
import { EFFORT } from './scan-memory.js';

/** V8 optimises each piece of code within this many runs. */
const RUNS = 4;
const MAX_SIDE = 256;

/** Runs every reading on made-up pixels a few times, so that the first frame does not meet cold code. */
export function warmUpScan(scan: LiveScan, zxing: ZxingReader, width: number, height: number): void {
  const side = Math.min(MAX_SIDE, width, height);
  const noise = Uint8Array.from({ length: side * side }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 21) & 255);
  const rects = new RectList(1);
  rects.push(0, 0, width, height);
  const picture = new Uint8Array(((width + 1) >> 1) * ((height + 1) >> 1) * 6).fill(128);
  for (let i = 0; i < RUNS; i += 1) {
    for (const family of ['qr', 'other'] as const) {
      for (const how of ['local', 'global', 'closed'] as const) {
        zxing.pixels().set(noise);
        zxing.read(side, side, family, how);
      }
    }
    readWithJsQr(noise, side, side);
    scan.run(picture, rects, rects.items, EFFORT.deep);
  }
}

/** Number of recent scans whose median is the expected duration. */
const LAST = 5;
/** Below this many milliseconds per scan a queue shrinks by itself, twice as fast as frames arrive. */
const QUICK_MS = 16;
/**
 * Expected duration before the first scan: the first picture of a show is all new, and no waiting frame is late yet.
 */
const FIRST_MS = QUICK_MS;
/**
 * Frames of a window (of 16) reserved for late verdicts, and how many milliseconds they last at 30 fps, with a margin.
 */
const MAX = 7;
const LEFT_MS = 133;
const MIN = 2;
/** Share of a window. */
const WINDOW = 16;

/**
 * How many scans may wait, from the duration of the last ones: as many as all threads finish before the frames have to
 * leave. A fast thread may have a whole window waiting, since it catches up soon, and coalesced scans cost frames. Frames
 * without a scan count as scans that took no time: where few frames are drawn, those that are cost more, and leave more
 * time.
 */
export class ScanPace {
  private readonly ms = new Float64Array(LAST).fill(FIRST_MS);
  private readonly sorted = new Float64Array(LAST);
  private next = 0;
  private lastFrame = -1;

  /** The scan of this frame took so long. */
  add(spentMs: number, frame = this.lastFrame + 1): void {
    const passed = (frame - this.lastFrame) | 0;
    for (let i = 1; i < Math.min(passed, LAST); i += 1) this.put(0);
    this.put(spentMs);
    // With several threads scans end out of order.
    if (passed > 0) this.lastFrame = frame;
  }

  private put(ms: number): void {
    this.ms[this.next] = ms;
    this.next = (this.next + 1) % LAST;
  }

  /** Scans that may wait beside those in progress, for this many threads. */
  waiting(threads = 1): number {
    this.sorted.set(this.ms);
    const usual = this.sorted.sort()[LAST >> 1]!;
    return usual <= QUICK_MS ? WINDOW : Math.max(MIN, Math.min(MAX, Math.floor((threads * LEFT_MS) / usual)));
  }
}
