import { RectList } from '../../core/media/picture.js';
import { seededRandom } from '../../core/random.js';
import { readWithJsQr } from '../decoders/jsqr-reader.js';
import type { LiveScan } from '../pipeline/live-scan.js';
import { EFFORT } from './scan-memory.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/** Each piece of code meets its turn in V8 within so many runs. */
const RUNS = 4;
const MAX_SIDE = 256;
/** Chroma samples along a square of two colours, which is judged in all ways. */
const COLOURED = 44;

/** Runs every reading on made-up pixels a few times, so that the first frame does not meet cold code. */
export function warmUpScan(scan: LiveScan, zxing: ZxingReader, width: number, height: number): void {
  const side = Math.min(MAX_SIDE, width, height);
  const noise = Uint8Array.from({ length: side * side }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 21) & 255);
  const rects = new RectList(1);
  rects.push(0, 0, width, height);
  const picture = new Uint8Array(((width + 1) >> 1) * ((height + 1) >> 1) * 6).fill(128);
  const coloured = picture.slice();
  addColours(coloured, width, height);
  // Its loops are long enough to be compiled within one run.
  scan.patterns.run(coloured, rects, []);
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

/** Two colours of one luma, as fine as can be, in the middle of a grey I420 picture. */
function addColours(picture: Uint8Array, width: number, height: number): void {
  const cw = (width + 1) >> 1;
  const ch = (height + 1) >> 1;
  if (Math.min(cw, ch) < 2 * COLOURED) return;
  const random = seededRandom(1);
  const modules = Array.from({ length: COLOURED * COLOURED }, () => (random() < 0.5 ? 0 : 64));
  // The mean over a sample of 0.8 modules, in one direction.
  const mix = (along: number, at: (module: number) => number): number => {
    const first = Math.floor(along * 0.8);
    const inFirst = Math.min(1, (first + 1 - along * 0.8) / 0.8);
    return at(first) * inFirst + at(first + 1) * (1 - inFirst);
  };
  for (let y = 0; y < COLOURED; y += 1) {
    for (let x = 0; x < COLOURED; x += 1) {
      const at = width * height + (y + (ch >> 2)) * cw + x + (cw >> 2);
      const mixed = Math.round(mix(y, (row) => mix(x, (column) => modules[row * COLOURED + column]!)));
      picture[at] = 96 + mixed;
      picture[at + cw * ch] = 160 - mixed;
    }
  }
}
