import { type Kernels, TINY_FINDERS } from '../../core/kernels.js';
import { FINDER_STRIDE } from './candidate-boxes.js';
import { CrowdedMarks, MAX_FOUND } from './crowded-marks.js';
import { ENHANCED_PASSES } from '../jobs/scan-memory.js';
import { type FinderReader, type MarkedCode, MAX_FINDERS } from '../qr/finder-reader.js';

/*
 * The enhanced locator search, for blurred codes and for equiluminant codes at half size.
 *
 * The problem: the finder search thresholds grey. A blur of 0.6 modules moves the ring's gap across the threshold, and
 * chroma at half size leaves a 60 px code 1.2 samples per module. The rule: sharpen before the threshold, at two radii
 * and two sizes, and enlarge chroma with a sharp cubic; use the sum and the difference of U and V too, since two
 * colours may differ along any direction. Numbers: 1.5 to 3 ms per plane of 720p, eight planes, and only for new parts
 * of a picture. It detects 41 of 48 blurred codes (σ 0.4 to 0.85 modules).
 */

/** Radius, gain and halvings of the sharpened luma passes; large blurred codes are found at a quarter of their size. */
const SHARPENED = [[[1, 4, 0]], [[2, 4, 0]], [[1, 4, 1], [1, 4, 2]]] as const; // prettier-ignore
/** Chroma with fewer steps between its 1st and 99th percentile holds no picture. */
const MIN_CHROMA_RANGE = 6;

/** Combinations of U and V. */
const MIXED = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** `passes` are bits, one per pass: SHARPENED, then MIXED. */
const ALL = (1 << ENHANCED_PASSES) - 1;

/** Tiny finders are searched for in enlarged planes of up to this many samples. */
const MAX_TINY_PIXELS = 200_000;

type FilterKernels = Pick<
  Kernels,
  'findFinders' | 'findTinyFinders' | 'shrinkRect' | 'sharpenPlane' | 'enlargePlane' | 'mixPlanes'
>;

export class EnhancedFinders {
  private readonly crop: Uint8Array;
  private readonly half: Uint8Array;
  private readonly quarter: Uint8Array;
  private readonly work: Uint8Array;
  private readonly found = new Int32Array(MAX_FOUND * FINDER_STRIDE);
  private readonly crowd = new CrowdedMarks();
  private readonly tiny = new Int32Array(2 * TINY_FINDERS * FINDER_STRIDE);

  /** For pictures of up to this size. */
  constructor(
    private readonly kernels: FilterKernels,
    private readonly reader: FinderReader,
    width: number,
    height: number,
  ) {
    const n = (width + 2) * (height + 2);
    this.crop = new Uint8Array(n);
    this.half = new Uint8Array(n >> 2);
    this.quarter = new Uint8Array(n >> 4);
    this.work = new Uint8Array(n);
  }

  /** Searches a rectangle of one luma plane. The boxes are in pixels of that plane; one code may give several. */
  inLuma(
    plane: Uint8Array,
    stride: number,
    x: number,
    y: number,
    w: number,
    h: number,
    passes = ALL,
  ): readonly MarkedCode[] {
    const found: MarkedCode[] = [];
    if ((passes & ((1 << SHARPENED.length) - 1)) === 0) return found;
    this.kernels.shrinkRect(plane, stride, x, y, w, h, 0, this.crop);
    this.kernels.shrinkRect(plane, stride, x, y, w, h, 1, this.half);
    for (const [i, ways] of SHARPENED.entries()) {
      if (((passes >> i) & 1) === 0) continue;
      for (const [radius, gain, halvings] of ways) {
        const from = [this.crop, this.half, this.quarter][halvings]!;
        const [width, height] = [w >> halvings, h >> halvings];
        if (width < 21 || height < 21) continue;
        if (halvings === 2) this.kernels.shrinkRect(plane, stride, x, y, w, h, 2, from);
        this.kernels.sharpenPlane(from, width, height, radius, gain, this.work);
        for (const code of this.search(this.work, width, height, from)) found.push(moved(code, 1 << halvings, x, y));
      }
    }
    return found;
  }

  /** The same in the chroma planes, of `stride` samples a row; rectangle and box in chroma samples. */
  inChroma(
    cb: Uint8Array,
    cr: Uint8Array,
    stride: number,
    x: number,
    y: number,
    w: number,
    h: number,
    passes = ALL,
  ): readonly MarkedCode[] {
    const found: MarkedCode[] = [];
    if (w < 12 || h < 12) return found;
    const take = (codes: readonly MarkedCode[]): void => {
      for (const code of codes) found.push(moved(code, 0.5, x, y));
    };
    for (const [i, [a, b]] of MIXED.entries()) {
      if (((passes >> (SHARPENED.length + i)) & 1) === 0) continue;
      const range = this.kernels.mixPlanes(cb, cr, stride, x, y, w, h, a, b, MIN_CHROMA_RANGE, this.crop);
      if (range < MIN_CHROMA_RANGE) continue;
      this.kernels.enlargePlane(this.crop, w, h, this.work);
      take(this.search(this.work, 2 * w, 2 * h, this.work));
      take(this.searchTiny(2 * w, 2 * h));
      // Both planes once more, sharper: a 60 px code has 1.2 samples per module.
      if (a !== 0 && b !== 0) continue;
      this.kernels.sharpenPlane(this.work, 2 * w, 2 * h, 2, 2, this.crop);
      take(this.search(this.crop, 2 * w, 2 * h, this.work));
    }
    return found;
  }

  /** Whether one of the passes uses the chroma. */
  takesChroma(passes: number): boolean {
    return passes >> SHARPENED.length !== 0;
  }

  /** Finders of less than a chroma sample per module, in the enlarged plane in `work`. */
  private searchTiny(width: number, height: number): readonly MarkedCode[] {
    const { reader, tiny, work } = this;
    const found: MarkedCode[] = [];
    if (width * height > MAX_TINY_PIXELS || Math.min(width, height) < 24) return found;
    const all = this.kernels.findTinyFinders(work, width, height, tiny);
    let dark = 0;
    while (dark < all && (tiny[dark * FINDER_STRIDE + 3]! & 1) === 0) dark += 1;
    for (const [from, to] of [
      [0, dark],
      [dark, all],
    ] as const) {
      if (to - from < 3) continue;
      reader.finders.set(tiny.subarray(from * FINDER_STRIDE, to * FINDER_STRIDE));
      reader.sort(to - from);
      found.push(...reader.findTiny(work, width, height));
    }
    return found;
  }

  private search(plane: Uint8Array, width: number, height: number, plain: Uint8Array): readonly MarkedCode[] {
    const { reader, kernels, found } = this;
    const all = kernels.findFinders(plane, width, height, 0, 0, width, height, found);
    const count = Math.min(MAX_FINDERS, this.crowd.sift(plane, width, height, found, all));
    reader.finders.set(found.subarray(0, count * FINDER_STRIDE));
    reader.sort(count);
    return reader.findAll(plane, width, height, plain);
  }
}

const moved = (code: MarkedCode, scale: number, x: number, y: number): MarkedCode => ({
  ...code,
  box: {
    x: Math.floor(code.box.x * scale) + x,
    y: Math.floor(code.box.y * scale) + y,
    width: Math.ceil(code.box.width * scale),
    height: Math.ceil(code.box.height * scale),
  },
});
