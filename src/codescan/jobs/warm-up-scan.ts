import { RectList } from '../../core/media/picture.js';
import { readWithJsQr } from '../decoders/jsqr-reader.js';
import type { LiveScan } from '../pipeline/live-scan.js';
import { EFFORT } from './scan-memory.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

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
