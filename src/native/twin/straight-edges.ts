// frame path
import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { BinaryImage, isAmidGrain, isGrain, isInGrain, standsInGrain } from './binarize.js';

/** Step between the lines and columns that are walked. */
export const LINE_STEP = 2;
/** Maximum shift of an edge between two walked lines: 45 degrees and some. */
const REACH = 3;
/** 1.1 pixels a line, × 1024. */
const STEEPEST = 1126;
/** Maximum distance of an edge from a straight line, in half pixels. */
const OFF = 3;
/** Shorter ones, in lines, are dropped. */
const MIN_LINES = 16;
const MAX_STRAIGHT = 2048;
/** Integers of a straight edge: position and line of its start, of its end, and 1 where dark is after it. */
const STRAIGHT_STRIDE = 5;

const CHAIN = 5;

/**
 * Straight edges between light and dark that run along the lines' direction within 45 degrees. Each edge of a line
 * continues one of the line before, as long as a straight line passes all its positions within a pixel. Grain has none.
 */
export class StraightEdges {
  readonly items = new Int32Array(MAX_STRAIGHT * STRAIGHT_STRIDE);
  count = 0;
  full = false;
  private image = new BinaryImage();
  private turned = false;
  /** Of one polarity each: position and line of the start, last position, bounds of the slope × 1024. */
  private chains = [new Int32Array(0), new Int32Array(0)];
  private spare = new Int32Array(0);
  private readonly counts = new Int32Array(2);

  /** `turned`: the lines are columns of the image. */
  begin(image: BinaryImage, turned: boolean): void {
    this.image = image;
    this.turned = turned;
    const length = turned ? image.height : image.width;
    this.count = 0;
    this.full = false;
    this.counts.fill(0);
    if (this.spare.length >= (length + 1) * CHAIN) return;
    this.chains = [new Int32Array((length + 1) * CHAIN), new Int32Array((length + 1) * CHAIN)];
    this.spare = new Int32Array((length + 1) * CHAIN);
  }

  /** Takes the `n` edges of a line; `first`: whether dark is after the first of them. */
  take(line: number, edges: Int32Array, n: number, first: number): void {
    for (let dark = 0; dark < 2; dark += 1) {
      const from = this.chains[dark]!;
      const to = this.spare;
      const chains = this.counts[dark]!;
      let a = 0;
      let kept = 0;
      for (let k = first === dark ? 0 : 1; k < n; k += 2) {
        const x = edges[k]!;
        while (a < chains && from[a * CHAIN + 2]! < x - REACH) {
          this.close(from, a, line, dark);
          a += 1;
        }
        const t = kept * CHAIN;
        kept += 1;
        if (a < chains && from[a * CHAIN + 2]! <= x + REACH) {
          const away = Math.abs(from[a * CHAIN + 2]! - x);
          if (a + 1 < chains && Math.abs(from[a * CHAIN + 7]! - x) < away) {
            this.close(from, a, line, dark);
            a += 1;
          }
          const c = a * CHAIN;
          const d = line - from[c + 1]!;
          const low = Math.max(from[c + 3]!, (((2 * (x - from[c]!) - OFF) * 512) / d) | 0);
          const high = Math.min(from[c + 4]!, (((2 * (x - from[c]!) + OFF) * 512) / d) | 0);
          a += 1;
          if (low <= high) {
            to[t] = from[c]!;
            to[t + 1] = from[c + 1]!;
            to[t + 2] = x;
            to[t + 3] = low;
            to[t + 4] = high;
            continue;
          }
          this.close(from, a - 1, line, dark);
        }
        to[t] = x;
        to[t + 1] = line;
        to[t + 2] = x;
        to[t + 3] = -STEEPEST;
        to[t + 4] = STEEPEST;
      }
      for (; a < chains; a += 1) this.close(from, a, line, dark);
      this.chains[dark] = to;
      this.spare = from;
      this.counts[dark] = kept;
    }
  }

  /** Ends the open edges after the last line; `line` is one step beyond it. */
  end(line: number): void {
    for (let dark = 0; dark < 2; dark += 1) {
      for (let a = 0; a < this.counts[dark]!; a += 1) this.close(this.chains[dark]!, a, line, dark);
    }
  }

  private close(chains: Int32Array, a: number, line: number, dark: number): void {
    const c = a * CHAIN;
    const last = line - LINE_STEP;
    if (last - chains[c + 1]! < MIN_LINES) return;
    const place = (chains[c]! + chains[c + 2]!) >> 1;
    const middle = (chains[c + 1]! + last) >> 1;
    const [x, y] = this.turned ? [middle, place] : [place, middle];
    const { image } = this;
    if (isInGrain(image, x, y) && (isAmidGrain(image, x, y) || standsInGrain(image, x, y, 0))) return;
    if (this.count === MAX_STRAIGHT) {
      this.full = true;
      return;
    }
    const to = this.count * STRAIGHT_STRIDE;
    this.items[to] = chains[c]!;
    this.items[to + 1] = chains[c + 1]!;
    this.items[to + 2] = chains[c + 2]!;
    this.items[to + 3] = last;
    this.items[to + 4] = dark;
    this.count += 1;
  }
}

/*
 * The sides of a possible Data Matrix: two are solid, and light and dark alternate on the two opposite ones.
 */

/** Lines on which an alternating side is searched for, in 64ths of the other side. */
const SIDE_FROM = -2;
const SIDE_TO = 10;

/**
 * Number of alternations on a line from (x, y) along (ux, uy), or on one shifted a little against (wx, wy): the side of
 * a Data Matrix opposite to a solid one, of which an end may have been missed. 0 when all have fewer than `least`.
 */
function alternations(
  { bits, width, height }: BinaryImage,
  x: number,
  y: number,
  ux: number,
  uy: number,
  wx: number,
  wy: number,
  least: number,
): number {
  const n = Math.max(Math.abs(ux), Math.abs(uy));
  const stepX = ((ux * 65536) / n) | 0;
  const stepY = ((uy * 65536) / n) | 0;
  for (let i = SIDE_FROM; i <= SIDE_TO; i += 1) {
    let px = (64 * x - wx * i) * 1024;
    let py = (64 * y - wy * i) * 1024;
    let before = -1;
    let turns = -1;
    for (let s = 0; s <= n; s += 1, px += stepX, py += stepY) {
      const u = px >> 16;
      const v = py >> 16;
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      const bit = bits[v * width + u]!;
      if (bit === before) continue;
      before = bit;
      turns += 1;
    }
    if (turns >= least) return turns;
  }
  return 0;
}

/**
 * Whether a side that begins at (x, y) and runs along (ux, uy) has the colour `inside` behind its edge, towards (inX,
 * inY).
 */
function isSolid(
  { bits, width, height }: BinaryImage,
  x: number,
  y: number,
  ux: number,
  uy: number,
  inX: number,
  inY: number,
  inside: number,
): boolean {
  const n = Math.max(Math.abs(ux), Math.abs(uy));
  const end = n >> 3;
  let all = 0;
  let right = 0;
  for (let s = end; s <= n - end; s += 1) {
    const u = Math.floor(x + inX + (ux * s) / n);
    const v = Math.floor(y + inY + (uy * s) / n);
    if (u < 0 || v < 0 || u >= width || v >= height) continue;
    all += 1;
    if (bits[v * width + u] === inside) right += 1;
  }
  return 8 * right >= 7 * all;
}

/** Maximum gap between the ends of two edges at a corner, in pixels. */
const GAP = 6;
/**
 * Minimum length of a corner's longer edge (the second value with relaxed thresholds), and its maximum ratio to the
 * shorter.
 */
const MIN_LEG = [32, 20] as const;
/**
 * Symbols of 8 × 144 modules have 18 alternations; a symbol longer than this many times its height needs this many per
 * height.
 */
const MAX_ASPECT = 20;
const USUAL_ASPECT = 5;
const LONG_TURNS = 5;
/** Alternations on the side opposite to a solid one. */
const SIDE_TURNS = 4;
/**
 * How deep a solid side is checked, in modules and with a minimum and maximum in pixels: noise of a few pixels has
 * straight edges everywhere, with nothing solid behind them.
 */
const SOLID_DEPTH = 0.4;
const SOLID_FROM = 0.75;
const SOLID_TO = 2;
/** The limit for grain inside a corner: modules of 1.6 px alternate 31 times in 100 px. */
const INSIDE_PERCENT = 40;
const BUCKET_SHIFT = 3;

/** The image that another was halved from, and the position of its corner in the other one, in its own pixels. */
export interface FinerImage {
  readonly image: BinaryImage;
  readonly x: number;
  readonly y: number;
}

/** The locators of one search, in whole pixels of the plane. None contains another of its kind. */
export class OutlineList {
  /** The list overflowed. */
  full = false;
  private out: Int32Array = new Int32Array(0);
  private level = 0;
  private x = 0;
  private y = 0;

  /** (x, y) is the position of the image, `level` times halved, in its plane. Adds to `out`. */
  begin(out: Int32Array, level: number, x: number, y: number): void {
    this.out = out;
    this.level = level;
    this.x = x;
    this.y = y;
    this.full = false;
  }

  /** Adds a locator unless one of its kind contains it; replaces those it contains. */
  add(kind: number, x: number, y: number, width: number, height: number): void {
    const { out } = this;
    const w = width << this.level;
    const h = height << this.level;
    const left = (x << this.level) + this.x;
    const top = (y << this.level) + this.y;
    let count = out[0]!;
    for (let i = 0; i < count;) {
      const o = 1 + i * OUTLINE_STRIDE;
      if (out[o] !== kind) {
        i += 1;
        continue;
      }
      const [ox, oy, ow, oh] = [out[o + 1]!, out[o + 2]!, out[o + 3]!, out[o + 4]!];
      if (ox <= left && oy <= top && ox + ow >= left + w && oy + oh >= top + h) return;
      if (ox < left || oy < top || ox + ow > left + w || oy + oh > top + h) {
        i += 1;
        continue;
      }
      count -= 1;
      out.copyWithin(o, 1 + count * OUTLINE_STRIDE, 1 + (count + 1) * OUTLINE_STRIDE);
    }
    if (1 + (count + 1) * OUTLINE_STRIDE > out.length) {
      this.full = true;
      out[0] = count;
      return;
    }
    const to = 1 + count * OUTLINE_STRIDE;
    out[to] = kind;
    out[to + 1] = left;
    out[to + 2] = top;
    out[to + 3] = w;
    out[to + 4] = h;
    out[0] = count + 1;
  }
}

/**
 * The corners of Data Matrix codes: two straight edges that meet with one colour inside, opposite two alternating
 * sides. Keeps its buffers between calls.
 */
export class CornerPairs {
  private heads = new Int32Array(0);
  private readonly nexts = new Int32Array(MAX_STRAIGHT * 2);
  private marks = new OutlineList();
  private down: Int32Array = new Int32Array(0);
  private across: Int32Array = new Int32Array(0);
  private image: BinaryImage = new BinaryImage();
  private finer: FinerImage | undefined;
  private level = 0;
  private lax: 0 | 1 = 0;

  /**
   * Adds the corners formed by vertical and horizontal edges in an image, `level` times halved from its plane; see
   * `OutlineSearch.run`.
   */
  run(
    marks: OutlineList,
    down: StraightEdges,
    across: StraightEdges,
    image: BinaryImage,
    level: number,
    lax: 0 | 1,
    finer: FinerImage | undefined,
  ): void {
    this.marks = marks;
    this.down = down.items;
    this.across = across.items;
    this.image = image;
    this.level = level;
    this.lax = lax;
    this.finer = finer;
    const { nexts } = this;
    const { height } = image;
    const buckets = (height >> BUCKET_SHIFT) + 2;
    if (this.heads.length < buckets) this.heads = new Int32Array(buckets);
    const { heads } = this;
    heads.fill(-1, 0, buckets);
    for (let i = 0; i < across.count * 2; i += 1) {
      // For a horizontal edge the position is a row.
      const row = across.items[(i >> 1) * STRAIGHT_STRIDE + (i & 1) * 2]!;
      nexts[i] = heads[row >> BUCKET_SHIFT]!;
      heads[row >> BUCKET_SHIFT] = i;
    }
    for (let v = 0; v < down.count * 2; v += 1) {
      const y = down.items[(v >> 1) * STRAIGHT_STRIDE + (v & 1) * 2 + 1]!;
      const last = Math.min(buckets - 1, (y + GAP) >> BUCKET_SHIFT);
      for (let bucket = Math.max(0, y - GAP) >> BUCKET_SHIFT; bucket <= last; bucket += 1) {
        for (let i = heads[bucket]!; i >= 0; i = nexts[i]!) this.pair(v, i);
      }
    }
  }

  /** End `v & 1` of a vertical edge and end `i & 1` of a horizontal one. */
  private pair(v: number, i: number): void {
    const { down: a, across: b } = this;
    const p = (v >> 1) * STRAIGHT_STRIDE;
    const q = (i >> 1) * STRAIGHT_STRIDE;
    const ends = (v & 1) * 2;
    const starts = (i & 1) * 2;
    const x = a[p + ends]!;
    const y = a[p + ends + 1]!;
    const ax = b[q + starts + 1]!;
    const ay = b[q + starts]!;
    if (Math.abs(ax - x) > GAP || Math.abs(ay - y) > GAP) return;
    // The colour between them: on the side of one edge towards which the other runs.
    const inside = (i & 1) === 0 ? a[p + 4]! : 1 - a[p + 4]!;
    if (inside !== ((v & 1) === 0 ? b[q + 4]! : 1 - b[q + 4]!)) return;
    const ux = a[p + 2 - ends]! - x;
    const uy = a[p + 3 - ends]! - y;
    const wx = b[q + 3 - starts]! - ax;
    const wy = b[q + 2 - starts]! - ay;
    const u = ux * ux + uy * uy;
    const w = wx * wx + wy * wy;
    const dot = ux * wx + uy * wy;
    const least = MIN_LEG[this.lax];
    if (5 * dot * dot > u * w || Math.max(u, w) < (least * least) >> (2 * this.level)) return;
    if (Math.max(u, w) > MAX_ASPECT * MAX_ASPECT * Math.min(u, w)) return;
    const [long, short] = u > w ? [u, w] : [w, u];
    const isLong = long > USUAL_ASPECT * USUAL_ASPECT * short;
    const turns = isLong ? Math.floor(LONG_TURNS * Math.sqrt(long / short)) : SIDE_TURNS;
    const alongU = u > w ? turns : SIDE_TURNS;
    const alongW = u > w ? SIDE_TURNS : turns;
    const turnsU = alternations(this.image, ax + wx, ay + wy, ux, uy, wx, wy, alongU);
    if (turnsU < alongU) return;
    const turnsW = alternations(this.image, x + ux, y + uy, wx, wy, ux, uy, alongW);
    if (turnsW < alongW) return;
    if (this.lax === 0) {
      const module = Math.min(Math.sqrt(u) / (turnsU + 1), Math.sqrt(w) / (turnsW + 1));
      const depth = Math.min(SOLID_TO, Math.max(SOLID_FROM, SOLID_DEPTH * module));
      if (!isSolid(this.image, x, y + 0.5, ux, uy, (depth * wx) / Math.sqrt(w), (depth * wy) / Math.sqrt(w), inside))
        return;
      if (!isSolid(this.image, ax + 0.5, ay, wx, wy, (depth * ux) / Math.sqrt(u), (depth * uy) / Math.sqrt(u), inside))
        return;
    }
    const left = Math.min(x, x + ux, ax + wx, ax + wx + ux);
    const right = Math.max(x, x + ux, ax + wx, ax + wx + ux);
    const top = Math.min(y, y + uy, ay + wy, ay + wy + uy);
    const bottom = Math.max(y, y + uy, ay + wy, ay + wy + uy);
    // Between straight edges of a picture, grain may alternate just as often.
    const fourthX = (right - left) >> 2;
    const fourthY = (bottom - top) >> 2;
    const { image, lax, finer } = this;
    const [x0, y0, x1, y1] = [left + fourthX, top + fourthY, right - fourthX, bottom - fourthY];
    if (lax === 0 && isGrain(image, x0, y0, x1, y1, INSIDE_PERCENT)) return;
    if (finer !== undefined) {
      const { x: fx, y: fy } = finer;
      if (isGrain(finer.image, 2 * x0 - fx, 2 * y0 - fy, 2 * x1 - fx, 2 * y1 - fy)) return;
    }
    this.marks.add(OUTLINE.corner, left, top, right - left, bottom - top);
  }
}
