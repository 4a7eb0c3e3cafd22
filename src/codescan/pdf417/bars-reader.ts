import { type Kernels, OUTLINE } from '../../core/kernels.js';
import type { Binarisation, CodeFamily, ZxingReader } from '../decoders/zxing-reader.js';
import { mirrorPlane } from '../pipeline/plane-filters.js';
import type { CodeSymbol } from '../pipeline/symbol.js';

/*
 * The angle of a rotated PDF417. It is read along rows of pixels, and its rows are three modules high, so eight degrees
 * are too many. Its bars identify it: most edges have one direction. The structure tensor (Bigün and Granlund 1987)
 * detects that cheaply, but its angle is up to seven degrees off where letters or a product stand in the area. The
 * angle is therefore that of the bars and rows together: most edges of a code lie within two degrees of one of the two,
 * and edges of the surroundings are upright or of any angle.
 */

/** Share of the edges' strength in one direction; letters and photos have 0.1 to 0.3. */
const ONE_WAY = 0.3;
/**
 * From this share on its angle is the angle of the bars, where pixel edges hide it: the edges of a code a few degrees
 * off are upright.
 */
const SURELY_ONE_WAY = 0.4;
/** Degrees off the rows and columns within which a reader needs no help. */
const STRAIGHT = 3;
const MIN_SIDE = 40;
/** Number of evenly spread samples. */
const MAX_SAMPLES = 10_000;
/** Edges of less contrast have no angle. */
const MIN_EDGE = 60;
/** One bin per degree; the two perpendicular directions share it. */
const BINS = 90;
/** Edges near the best angle, of those near any. */
const MIN_PEAK = 2;
/** Minimum compared with the upright edges: the corners of letters have angles too. */
const MIN_OF_UPRIGHT = 0.3;
/** Degrees on either side that belong to an angle. */
const WITHIN = 2;

/** Radians by which the bars or rows of an area are slanted; undefined when they are upright or missing. */
export function barsAngle(area: Uint8Array, width: number, height: number): number | undefined {
  if (width < MIN_SIDE || height < MIN_SIDE) return undefined;
  const { share, angle: main } = tensorOf(area, width, height);
  if (share < ONE_WAY) return undefined;
  const bins = edgeAngles(area, width, height);
  let [best, most, all] = [0, 0, 0];
  for (let bin = 0; bin < BINS; bin += 1) {
    all += bins[bin]!;
    const near = sumNear(bins, bin);
    if (bin < STRAIGHT || bin > BINS - STRAIGHT || near <= most) continue;
    // The upright edges of letters reach this far, but rise towards their own angle.
    if (near < sumNear(bins, bin - 1) || near < sumNear(bins, bin + 1)) continue;
    [best, most] = [bin, near];
  }
  // Where all edges are faint there is no peak.
  const isClear =
    most > 0 && most * BINS >= MIN_PEAK * (2 * WITHIN + 1) * all && most >= MIN_OF_UPRIGHT * sumNear(bins, 0);
  if (!isClear) {
    if (share < SURELY_ONE_WAY) return undefined;
    const off = Math.abs(main) % (Math.PI / 2);
    return Math.min(off, Math.PI / 2 - off) * 180 < STRAIGHT * Math.PI ? undefined : main;
  }
  let [sum, weights] = [0, 0];
  for (let off = -WITHIN; off <= WITHIN; off += 1) {
    const weight = bins[(best + off + BINS) % BINS]!;
    sum += weight * (best + off);
    weights += weight;
  }
  return ((sum / weights) * Math.PI) / 180;
}

/** The share of an area's edges, by strength, in one direction. */
const shareOneWay = (area: Uint8Array, width: number, height: number): number => tensorOf(area, width, height).share;

/** The structure tensor of an area: the share of its edges in one direction, and the angle of that direction. */
function tensorOf(area: Uint8Array, width: number, height: number): { share: number; angle: number } {
  let [xx, yy, xy] = [0, 0, 0];
  // Odd and even columns and rows in every combination: squares of a few pixels have all their edges at one parity, and
  // at two adjacent sides of a square the same sample makes both differences, which is an angle of 45 degrees.
  for (let y = 1, row = 0; y < height - 1; y += 3, row += 1) {
    for (let x = 1 + ((row >> 1) & 1); x < width - 1; x += 2) {
      const at = y * width + x;
      const dx = area[at + 1]! - area[at - 1]!;
      const dy = area[at + width]! - area[at - width]!;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const strength = xx + yy;
  const share = strength === 0 ? 0 : Math.hypot(xx - yy, 2 * xy) / strength;
  return { share, angle: Math.atan2(2 * xy, xx - yy) / 2 };
}

/** Histogram of edges by angle, in degrees; perpendicular directions share a bin. */
function edgeAngles(area: Uint8Array, width: number, height: number): Float64Array {
  const bins = new Float64Array(BINS);
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / MAX_SAMPLES)));
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const at = y * width + x;
      const [a, b, c] = [area[at - width - 1]!, area[at - width]!, area[at - width + 1]!];
      const [d, e] = [area[at - 1]!, area[at + 1]!];
      const [f, g, h] = [area[at + width - 1]!, area[at + width]!, area[at + width + 1]!];
      const dx = c + 2 * e + h - a - 2 * d - f;
      const dy = f + 2 * g + h - a - 2 * b - c;
      const edge = Math.abs(dx) + Math.abs(dy);
      if (edge < MIN_EDGE) continue;
      const degrees = (Math.atan2(dy, dx) * 180) / Math.PI + 360;
      bins[Math.round(degrees) % BINS]! += edge;
    }
  }
  return bins;
}

function sumNear(bins: Float64Array, bin: number): number {
  let sum = 0;
  for (let off = -WITHIN; off <= WITHIN; off += 1) sum += bins[(bin + off + BINS) % BINS]!;
  return sum;
}

/** Draws a whole area rotated back by `angle` into `to`, `scale` times as large; undefined when `to` is too small. */
function turnArea(
  kernels: Pick<Kernels, 'turnPlane'>,
  area: Uint8Array,
  width: number,
  height: number,
  angle: number,
  to: Uint8Array,
  scale: 1 | 2 = 1,
): { width: number; height: number } | undefined {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [cos, sin] = [c / scale, s / scale];
  const w = Math.ceil((width * Math.abs(cos) + height * Math.abs(sin)) * scale * scale);
  const h = Math.ceil((width * Math.abs(sin) + height * Math.abs(cos)) * scale * scale);
  if (w * h > to.length) return undefined;
  kernels.turnPlane(area, width, height, c, s, scale, to, w, h);
  return { width: w, height: h };
}

/*
 * PDF417 and MicroPDF417 in the poses that the reader does not take: rotated, inverted and mirrored.
 *
 * The problem: the reader takes dark bars along rows of pixels, not mirrored, and fails on bars of a pixel and a half.
 * The rule: an area whose edges run in one direction is read inverted and mirrored, and a slanted one rotated back as
 * well; a small one is enlarged twofold. A reading counts only if its error correction agrees.
 *
 * Numbers: of a hundred areas of busy pictures 55 have edges in one direction to this degree; a reading for these
 * formats alone takes 0.04 ms for 70 × 70 pixels.
 */

/** The formats of bars. */
const BARRED = 1 << OUTLINE.start;
/** Share of the edges' strength in one direction: bars with their surroundings have 0.25 and more. */
const MIN_ONE_WAY = 0.22;
/** The longer side, in samples, up to which an area is enlarged twofold. */
const SMALL = 90;

/** The additional poses in which an area is read: bits. */
const BARS = { inverted: 1, mirrored: 2 } as const;
export const ALL_BARS = BARS.inverted | BARS.mirrored;

/** The poses for a region that certainly consists of bars: mirrored, inverted. */
export const TURNED_OVER = [
  [true, false],
  [false, true],
  [true, true],
] as const;

export class BarsReader {
  reads = 0;
  private turned = new Uint8Array(0);

  constructor(
    private readonly kernels: Pick<Kernels, 'enlargePlane' | 'turnPlane'>,
    private readonly zxing: ZxingReader,
    /** The formats searched for after rotation. */
    private readonly family: CodeFamily = 'other',
  ) {}

  /**
   * Reads a stacked barcode in an area that was read once as it is, in the poses `ways` of BARS; its position is the
   * whole area.
   */
  read(area: Uint8Array, w: number, h: number, ways: number): readonly CodeSymbol[] {
    if (shareOneWay(area, w, h) < MIN_ONE_WAY) return [];
    const enlarge = Math.max(w, h) <= SMALL && 4 * w * h <= this.zxing.maxPixels;
    const found = this.readTurned(area, w, h, ways) ?? this.readWays(area, w, h, ways, enlarge);
    return found.map((s) => ({ ...s, x: 0, y: 0, width: w, height: h }));
  }

  /** undefined: it is not slanted. */
  private readTurned(area: Uint8Array, w: number, h: number, ways: number): readonly CodeSymbol[] | undefined {
    const { zxing } = this;
    const angle = barsAngle(area, w, h);
    if (angle === undefined) return undefined;
    const scale = Math.max(w, h) <= SMALL ? 2 : 1;
    const drawn = this.draw(area, w, h, angle, 1);
    if (drawn === undefined) return [];
    // Its content may be of any format.
    this.reads += 1;
    zxing.pixels().set(this.turned.subarray(0, drawn.width * drawn.height));
    const first = zxing.read(drawn.width, drawn.height, this.family, 'local').filter((s) => s.valid);
    if (first.length > 0) return first;
    if (scale === 1) return this.readUpright(drawn.width, drawn.height, 'global', ways);
    const twice = this.draw(area, w, h, angle, scale);
    return twice === undefined ? [] : this.readUpright(twice.width, twice.height, 'local', ways);
  }

  /** Reads the rotated area as it is, and then in `ways`. */
  private readUpright(w: number, h: number, how: Binarisation, ways: number): readonly CodeSymbol[] {
    const found = this.readWay(this.turned, w, h, 0, false, how);
    return found.length > 0 ? found : this.readWays(this.turned, w, h, ways, false);
  }

  /** Puts an area, rotated back and enlarged, into `turned`. */
  private draw(
    area: Uint8Array,
    w: number,
    h: number,
    angle: number,
    scale: 1 | 2,
  ): { width: number; height: number } | undefined {
    const most = Math.ceil((w + h) * scale) ** 2;
    if (this.turned.length < most) this.turned = new Uint8Array(most);
    const drawn = turnArea(this.kernels, area, w, h, angle, this.turned, scale);
    return drawn !== undefined && drawn.width * drawn.height <= this.zxing.maxPixels ? drawn : undefined;
  }

  private readWays(plane: Uint8Array, w: number, h: number, ways: number, enlarge: boolean): readonly CodeSymbol[] {
    for (const way of Object.values(BARS)) {
      if ((ways & way) === 0) continue;
      const found = this.readWay(plane, w, h, way, enlarge, 'local');
      if (found.length > 0) return found;
    }
    return [];
  }

  private readWay(
    plane: Uint8Array,
    w: number,
    h: number,
    way: number,
    enlarge: boolean,
    how: Binarisation,
  ): readonly CodeSymbol[] {
    const { zxing, kernels } = this;
    const scale = enlarge ? 2 : 1;
    const to = zxing.pixels();
    if (enlarge) kernels.enlargePlane(plane, w, h, to);
    else to.set(plane.subarray(0, w * h));
    if (way === BARS.inverted) invert(to, w * h * scale * scale);
    if (way === BARS.mirrored) mirrorPlane(to, w * scale, h * scale);
    this.reads += 1;
    const found =
      this.family === 'retail'
        ? zxing.read(w * scale, h * scale, 'retail', how)
        : zxing.readMarked(w * scale, h * scale, BARRED, how);
    return found.filter((s) => s.valid);
  }
}

function invert(plane: Uint8Array, samples: number): void {
  for (let i = 0; i < samples; i += 1) plane[i] = 255 - plane[i]!;
}
