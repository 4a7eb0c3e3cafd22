// frame path
import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { BinaryImage } from './binarize.js';
import { alternations, isSolid } from './corner-sides.js';
import { isAmidGrain, isGrain, standsInGrain } from './grain.js';
import { evenTolerance, isEven, isStart, narrowStart, RUNS, START } from './outline-runs.js';
import { LINE_STEP, MAX_STRAIGHT, STRAIGHT_STRIDE, StraightEdges } from './straight-edges.js';

/*
 * What gives away a code that has no QR finder, in one look at the bits of the finder search.
 *
 * The problem: Data Matrix, Aztec and PDF417 are told by reading all that is code-like, which costs more than a frame has
 * time for where everything moves. The rule: each has a mark that texture seldom has. Two straight edges at a corner
 * with one colour inside, and sides opposite to them that alternate: the border of a Data Matrix. Seven equal runs around one place, across and down: the
 * bull's eye of an Aztec code. Runs of 8:1:1:1:1:1:1:3 on several lines: the start of a PDF417. What bears one is read at once.
 *
 * Numbers: every second row and column is walked. Blots of 3 to 24 px that fill a frame of 720p have ten such corners, a
 * frame of text some twenty.
 */

/** How far the ends of two edges at a corner may be apart, in pixels. */
const GAP = 6;
/** The longer of a corner's edges is at least so long (where marks may be less sure: the second), and at most so many times the shorter. */
const LEAST_LEG = [32, 20] as const;
/** Symbols of 8 × 144 modules have 18; one that is longer than this many times its height alternates so many times a height. */
const MOST_ASPECT = 20;
const USUAL_ASPECT = 5;
const LONG_TURNS = 5;
/** Turns on the side opposite to a solid one. */
const SIDE_TURNS = 4;
/**
 * How deep a solid side is looked into, in modules and from and to so many pixels: in noise of some pixels there are straight edges
 * everywhere, with nothing solid behind them.
 */
const SOLID_DEPTH = 0.4;
const SOLID_FROM = 0.75;
const SOLID_TO = 2;
/** What is grain inside a corner: modules of 1.6 px have 31 turns in 100 px. */
const INSIDE_PERCENT = 40;
const BUCKET_SHIFT = 3;
const START_LEAST = 24;
/** Lines that have to agree on a start (where marks may be less sure: the second), and how far apart two of them may be. */
const START_LINES = [4, 3] as const;
const START_GAP = 3 * LINE_STEP;
const MAX_STARTS = 128;

/** The image that another was halved from, and where its corner stands in the other one, counted in its own pixels. */
export interface FinerImage {
  readonly image: BinaryImage;
  readonly x: number;
  readonly y: number;
}

/** One thread's search; it keeps its buffers between calls. */
export class OutlineSearch {
  private readonly down = new StraightEdges();
  private readonly across = new StraightEdges();
  private edges = new Int32Array(0);
  private heads = new Int32Array(0);
  private readonly nexts = new Int32Array(MAX_STRAIGHT * 2);
  /** Place, last line, lines, direction. */
  private readonly starts = new Int32Array(MAX_STARTS * 4);
  private startCount = 0;
  private readonly rings = new Int32Array(8);
  private ahead = 0;
  private behind = 0;
  private full = false;
  private out: Int32Array = new Int32Array(0);
  private image: BinaryImage = new BinaryImage();
  private finer: FinerImage | undefined;
  private level = 0;
  private lax: 0 | 1 = 0;
  private x = 0;
  private y = 0;

  /** See `Kernels.findFinders`; (x, y) is where the image, `level` times halved, stands in its plane. Adds to what is in `out`. `lax`: also such as are less sure. */
  run(image: BinaryImage, level: number, x: number, y: number, out: Int32Array, lax = false, finer?: FinerImage): void {
    if (out[0]! < 0) return;
    this.finer = finer;
    this.lax = lax ? 1 : 0;
    this.level = level;
    this.image = image;
    this.out = out;
    this.x = x;
    this.y = y;
    this.full = false;
    const { width, height } = image;
    const longest = Math.max(width, height) + 1;
    if (this.edges.length < longest) this.edges = new Int32Array(longest);
    this.walk(image, height, width, width, 1, this.down, false);
    this.walk(image, width, height, 1, width, this.across, true);
    this.pairCorners(height);
    if (this.full || this.down.full || this.across.full) out[0] = -1;
  }

  private walk(
    image: BinaryImage,
    lines: number,
    length: number,
    lineStride: number,
    stride: number,
    straight: StraightEdges,
    turned: boolean,
  ): void {
    const { bits } = image;
    const { edges } = this;
    straight.begin(image, turned);
    this.startCount = 0;
    let line = 0;
    for (; line < lines; line += LINE_STEP) {
      let at = line * lineStride;
      const first = bits[at]!;
      let before = first;
      let n = 0;
      for (let i = 1; i < length; i += 1) {
        at += stride;
        const bit = bits[at]!;
        if (bit === before) continue;
        before = bit;
        edges[n] = i;
        n += 1;
      }
      straight.take(line, edges, n, first ^ 1);
      for (let i = 0; i + RUNS < n; i += 1) {
        if (!turned && isEven(edges, i, this.lax)) this.confirmBullseye(image, edges, i, line);
        if (this.lax === 1) {
          const direction = narrowStart(edges, i, n);
          if (direction >= 0) this.countStart(edges[i]!, edges[i + RUNS]!, direction, line, turned);
        } else if (i + START.length < n) this.lookForStart(edges, i, line, turned);
      }
    }
    straight.end(line);
  }

  private confirmBullseye(image: BinaryImage, edges: Int32Array, i: number, y: number): void {
    const t = edges[i + RUNS]! - edges[i]!;
    const x = (edges[i + 3]! + edges[i + 4]!) >> 1;
    if (isAmidGrain(image, x, y)) return;
    const high = this.measureRings(image, x, y, 0, 1);
    if (high === 0 || 5 * high > 8 * t || 5 * t > 8 * high) return;
    const middle = y + ((this.ahead - this.behind) >> 1);
    const wide = this.measureRings(image, x, middle, 1, 0);
    if (wide === 0 || 5 * high > 8 * wide || 5 * wide > 8 * high) return;
    const centre = x + ((this.ahead - this.behind) >> 1);
    // Squares that are turned by 45 degrees are half as far across along a diagonal, in steps.
    for (let dy = -1; dy <= 1; dy += 2) {
      const steps = this.measureRings(image, centre, middle, 1, dy);
      if (20 * steps < 9 * high || 20 * steps > 24 * high) return;
    }
    if (standsInGrain(image, centre, middle, wide)) return;
    this.add(OUTLINE.bullseye, centre - (wide >> 1), middle - (high >> 1), wide, high);
  }

  /**
   * Steps across the seven runs around a place, when they are about equal, and 0 when not. Leaves in `ahead` and `behind` how
   * far they reach.
   */
  private measureRings({ bits, width, height }: BinaryImage, x: number, y: number, dx: number, dy: number): number {
    const { rings } = this;
    for (let side = 0; side < 2; side += 1) {
      const [sx, sy] = side === 0 ? [dx, dy] : [-dx, -dy];
      let colour = bits[y * width + x]!;
      let steps = 1;
      for (let ring = 0; ring < 4; ring += 1) {
        const from = steps;
        for (;;) {
          const [u, v] = [x + steps * sx, y + steps * sy];
          if (u < 0 || v < 0 || u >= width || v >= height) return 0;
          if (bits[v * width + u] !== colour) break;
          steps += 1;
        }
        rings[side * 4 + ring] = steps - from;
        colour ^= 1;
      }
      if (side === 0) this.ahead = steps;
      else this.behind = steps;
    }
    const t = this.ahead + this.behind - 1;
    for (let ring = 0; ring < 8; ring += 1) {
      if (ring === 4) continue;
      const run = ring === 0 ? rings[0]! + rings[4]! + 1 : rings[ring]!;
      if (10 * Math.abs(RUNS * run - t) > evenTolerance(t, this.lax)) return 0;
    }
    return t;
  }

  private lookForStart(edges: Int32Array, i: number, line: number, turned: boolean): void {
    const t = edges[i + START.length]! - edges[i]!;
    if (t < START_LEAST) return;
    const direction = isStart(edges, i, t, false) ? 0 : isStart(edges, i, t, true) ? 1 : -1;
    if (direction >= 0) this.countStart(edges[i]!, edges[i + START.length]!, direction, line, turned);
  }

  /** Counts a start met between two places of a line. */
  private countStart(from: number, to: number, direction: number, line: number, turned: boolean): void {
    const { starts } = this;
    const place = (from + to) >> 1;
    let free = -1;
    for (let s = 0; s < this.startCount; s += 1) {
      const at = s * 4;
      if (line - starts[at + 1]! > START_GAP) {
        free = s;
        continue;
      }
      if (starts[at + 3] !== direction || Math.abs(starts[at]! - place) > 4) continue;
      starts[at] = place;
      starts[at + 1] = line;
      starts[at + 2]! += 1;
      const lines = START_LINES[this.lax];
      if (starts[at + 2] !== lines) return;
      const first = line - (lines - 1) * LINE_STEP;
      if (standsInGrain(this.image, turned ? first : place, turned ? place : first, 0)) return;
      if (turned) this.add(OUTLINE.start, first, from, line - first, to - from);
      else this.add(OUTLINE.start, from, first, to - from, line - first);
      return;
    }
    if (free < 0) {
      if (this.startCount === MAX_STARTS) {
        this.full = true;
        return;
      }
      free = this.startCount;
      this.startCount += 1;
    }
    starts[free * 4] = place;
    starts[free * 4 + 1] = line;
    starts[free * 4 + 2] = 1;
    starts[free * 4 + 3] = direction;
  }

  private pairCorners(height: number): void {
    const { down, across, nexts } = this;
    const buckets = (height >> BUCKET_SHIFT) + 2;
    if (this.heads.length < buckets) this.heads = new Int32Array(buckets);
    const { heads } = this;
    heads.fill(-1, 0, buckets);
    for (let i = 0; i < across.count * 2; i += 1) {
      // Of an edge across the place is a row.
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

  /** End `v & 1` of an edge down and end `i & 1` of one across. */
  private pair(v: number, i: number): void {
    const a = this.down.items;
    const b = this.across.items;
    const p = (v >> 1) * STRAIGHT_STRIDE;
    const q = (i >> 1) * STRAIGHT_STRIDE;
    const ends = (v & 1) * 2;
    const starts = (i & 1) * 2;
    const x = a[p + ends]!;
    const y = a[p + ends + 1]!;
    const ax = b[q + starts + 1]!;
    const ay = b[q + starts]!;
    if (Math.abs(ax - x) > GAP || Math.abs(ay - y) > GAP) return;
    // The colour between them: on the side of the one that the other goes to.
    const inside = (i & 1) === 0 ? a[p + 4]! : 1 - a[p + 4]!;
    if (inside !== ((v & 1) === 0 ? b[q + 4]! : 1 - b[q + 4]!)) return;
    const ux = a[p + 2 - ends]! - x;
    const uy = a[p + 3 - ends]! - y;
    const wx = b[q + 3 - starts]! - ax;
    const wy = b[q + 2 - starts]! - ay;
    const u = ux * ux + uy * uy;
    const w = wx * wx + wy * wy;
    const dot = ux * wx + uy * wy;
    const least = LEAST_LEG[this.lax];
    if (5 * dot * dot > u * w || Math.max(u, w) < (least * least) >> (2 * this.level)) return;
    if (Math.max(u, w) > MOST_ASPECT * MOST_ASPECT * Math.min(u, w)) return;
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
    // Between straight edges of a picture grain alternates as often as anything.
    const fourthX = (right - left) >> 2;
    const fourthY = (bottom - top) >> 2;
    const { image, lax, finer } = this;
    const [x0, y0, x1, y1] = [left + fourthX, top + fourthY, right - fourthX, bottom - fourthY];
    if (lax === 0 && isGrain(image, x0, y0, x1, y1, INSIDE_PERCENT)) return;
    if (finer !== undefined) {
      const { x: fx, y: fy } = finer;
      if (isGrain(finer.image, 2 * x0 - fx, 2 * y0 - fy, 2 * x1 - fx, 2 * y1 - fy)) return;
    }
    this.add(OUTLINE.corner, left, top, right - left, bottom - top);
  }

  /** Adds a mark unless one of its kind holds it; one that it holds makes room for it. */
  private add(kind: number, x: number, y: number, width: number, height: number): void {
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
