import { type Kernels, OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import type { Binarisation, CodeFamily, ZxingReader } from '../decoders/library-readers.js';
import { mirrorPlane } from '../pipeline/rgba-planes.js';
import type { CodeSymbol } from '../pipeline/symbol.js';

/*
 * Decides whether the bars after a PDF417 start pattern are a PDF417, although no reader decodes it.
 *
 * The problem: its error correction repairs a third of a symbol and more, so a partly covered or incomplete symbol is
 * read in one picture and not in the next, depending on what moves beside it. The picture in between may be one in
 * which its round-robin slot is not due, or which was known as clean. The rule: codewords behind a start are enough
 * evidence. Each is 17 modules of four bars and four spaces, and all of a row belong to one of three clusters, which
 * alternate from row to row (ISO/IEC 15438, 5.3). One in nine false codewords agrees, so two in a row on five lines of
 * two rows are no texture.
 */

const MODULES = 17;
const RUNS = 8;
const START = [8, 1, 1, 1, 1, 1, 1, 3] as const;
/** Tolerance in modules for a run of the start, and for a whole codeword. */
const START_OFF = 0.9;
const WORD_OFF = 0.8;
const MIN_RANGE = 24;
const MAX_WORDS = 6;
const MIN_WORDS = 2;
const MIN_LINES = 5;
const MIN_CLUSTERS = 2;
/** Lines on either side of the locator, in modules, and the step between them. */
const REACH_MODULES = 24;
const STEP_MODULES = 0.75;

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Codeword positions after each start pattern among `count` locators. */
export function markedCodewords(
  plane: Uint8Array,
  width: number,
  height: number,
  outlines: Int32Array,
  count: number,
): readonly Box[] {
  const places: Box[] = [];
  for (let at = 0; at < count * OUTLINE_STRIDE; at += OUTLINE_STRIDE) {
    if (outlines[at] !== OUTLINE.start) continue;
    const [, x = 0, y = 0, w = 0, h = 0] = outlines.subarray(at, at + OUTLINE_STRIDE);
    const place = findCodewords(plane, width, height, { x, y, width: w, height: h });
    if (place !== undefined) places.push(place);
  }
  return places;
}

/**
 * The position of the codewords behind a start pattern along a line or a column of a plane; undefined when no codeword is found.
 */
export function findCodewords(plane: Uint8Array, width: number, height: number, mark: Mark): Box | undefined {
  const turned = mark.height > mark.width;
  const from = turned ? mark.y : mark.x;
  const length = turned ? mark.height : mark.width;
  const middle = turned ? mark.x + mark.width / 2 : mark.y + mark.height / 2;
  const lines = turned ? width : height;
  const along = turned ? height : width;
  const [stepAlong, stepLine] = turned ? [width, 1] : [1, width];
  const module = length / MODULES;
  const step = Math.max(1, module * STEP_MODULES);
  const reach = REACH_MODULES * module;
  const first = Math.max(0, Math.round(middle - reach));
  const last = Math.min(lines - 1, Math.round(middle + reach));
  for (const forward of [true, false]) {
    const clusters = new Set<number>();
    let [count, top, bottom, far] = [0, Infinity, 0, 0];
    for (let at = first; at <= last; at += step) {
      const line = Math.round(at);
      const base = line * stepLine + (forward ? from : from + length) * stepAlong;
      const most = forward ? along - 1 - from : from + length;
      const found = readLine(plane, base, forward ? stepAlong : -stepAlong, module, most);
      if (found === undefined) continue;
      clusters.add(found.cluster);
      count += 1;
      top = Math.min(top, line);
      bottom = Math.max(bottom, line);
      far = Math.max(far, found.length);
    }
    if (count < MIN_LINES || clusters.size < MIN_CLUSTERS) continue;
    const start = forward ? from : Math.max(0, from + length - Math.round(far));
    const box = { x: start, y: top, width: Math.round(far), height: bottom - top + 1 };
    return turned ? { x: top, y: start, width: box.height, height: box.width } : box;
  }
  return undefined;
}

/** The cluster of the codewords on a line from the start on, and how far they reach in pixels. */
function readLine(
  plane: Uint8Array,
  base: number,
  step: number,
  module: number,
  most: number,
): { cluster: number; length: number } | undefined {
  const all = findEdges(plane, base, step, module, most);
  for (let skip = 0; skip < all.length && all[skip]! <= module; skip += 1) {
    const found = readWords(skip === 0 ? all : all.slice(skip));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether `edges` begins with the outer edge of a start. */
function readWords(edges: readonly number[]): { cluster: number; length: number } | undefined {
  if (edges.length <= RUNS + RUNS * MIN_WORDS) return undefined;
  const m = (edges[RUNS]! - edges[0]!) / MODULES;
  for (const [i, wide] of START.entries()) {
    if (Math.abs(edges[i + 1]! - edges[i]! - wide * m) > START_OFF * m) return undefined;
  }
  let cluster = -1;
  let words = 0;
  for (let at = RUNS; at + RUNS < edges.length && words < MAX_WORDS; at += RUNS) {
    const own = clusterOf(edges, at, m);
    if (own === undefined || (cluster >= 0 && own !== cluster)) break;
    cluster = own;
    words += 1;
  }
  return words < MIN_WORDS ? undefined : { cluster, length: edges[RUNS + words * RUNS]! };
}

function clusterOf(edges: readonly number[], at: number, module: number): number | undefined {
  const length = edges[at + RUNS]! - edges[at]!;
  if (Math.abs(length - MODULES * module) > WORD_OFF * module) return undefined;
  // Measured from edge to similar edge, which does not change with ink spread.
  const e = (i: number): number => Math.round(((edges[at + i + 2]! - edges[at + i]!) * MODULES) / length);
  for (let i = 0; i < RUNS - 1; i += 1) if (e(i) < 2 || e(i) > 9) return undefined;
  const cluster = (((e(0) - e(1) + e(4) - e(5)) % 9) + 9) % 9;
  return cluster % 3 === 0 ? cluster : undefined;
}

/** Where light and dark alternate from the start's outer edge on, in fractions of a pixel. */
function findEdges(plane: Uint8Array, base: number, step: number, module: number, most: number): readonly number[] {
  let [low, high] = [255, 0];
  const span = Math.min(most, Math.round(MODULES * module));
  for (let t = 0; t < span; t += 1) {
    const v = plane[base + t * step]!;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (high - low < MIN_RANGE) return [];
  const level = (low + high) / 2;
  const edges: number[] = [];
  const end = Math.min(most, Math.round(MODULES * module * (1 + MAX_WORDS) + module));
  for (let t = -Math.ceil(module); t < end && base + t * step >= 0; t += 1) {
    const a = plane[base + t * step]! - level;
    const b = plane[base + (t + 1) * step]! - level;
    if (a < 0 !== b < 0) edges.push(t + a / (a - b));
  }
  return edges;
}

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
