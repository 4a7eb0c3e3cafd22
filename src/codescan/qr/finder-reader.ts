import type { Box } from '../../core/verdict.js';
import { readWithJsQr, type ZxingReader } from '../decoders/library-readers.js';
import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import type { MarkView } from '../locate/mark-circles.js';
import { MAXI_RINGS, ROUND_RINGS, unsqueeze } from '../locate/unsqueeze.js';
import { findMaxiCode } from '../maxicode/maxi-code.js';
import { type Quad, QuadSampler } from '../pipeline/quad-sampler.js';
import type { CodeKind } from '../pipeline/symbol.js';
import { findRoundCode } from '../wechat/round-codes.js';
import { MARKER_UNITS } from '../wechat/round-markers.js';
import { codeOnTriple, companyOf, finderCorrelation, FOURTH_AGREES, isWorthDrawing } from './qr-evidence.js';
import { findCodePieces } from './qr-pieces.js';
import {
  drawnSide,
  drawTriple,
  findTriples,
  MAX_COMPARED,
  MAX_DRAWN_SIDE,
  placeOf,
  quadOf,
  type Triple,
} from './qr-triples.js';

/** Correlation of the corners when the timing can't be measured and nothing like the finders is near. */
const FINDERS_AGREE_ALONE = 0.66;
/** The same at less than a sample per module, where rings run together. */
const FINDERS_AGREE_TINY = 0.55;
/** The same before sharpening. */
const FINDERS_AGREE_PLAIN = 0.55;
/** Maximum departure from three equal finders at a right angle; beyond it the triple may be chance. */
const MAX_ERROR_ALONE = 0.3;
/** Share of neighbouring modules that differ, outside the finders: 0.5 in random data. */
const MIN_DIFFER = 0.22;
const MAX_DIFFER = 0.75;

/**
 * Three finders of one size at a right angle, with no similar ones near, and with as many changes between them as data
 * has: a code too blurred or small for its timing patterns. Returns its outline, or undefined. `plain` is the plane
 * before sharpening, or the same.
 */
function standsAlone(
  plane: Uint8Array,
  plain: Uint8Array,
  width: number,
  height: number,
  triple: Triple,
  finders: Int32Array,
  count: number,
  agrees = FINDERS_AGREE_ALONE,
): Quad | undefined {
  if (triple.loose || triple.error > MAX_ERROR_ALONE || triple.modules > 70) return undefined;
  if (companyOf(triple, finders, count) > 0) return undefined;
  const guess = (triple.modules - 17) / 4;
  for (let version = Math.max(1, Math.round(guess) - 1); version <= Math.round(guess) + 1; version += 1) {
    const modules = 17 + 4 * version;
    const quad = quadOf(triple, modules);
    const sampler = new QuadSampler(plane, width, height, quad);
    const finder = finderCorrelation(sampler, modules, 0, 2);
    if (Math.abs(finder) < agrees) continue;
    const before =
      plain === plane ? finder : finderCorrelation(new QuadSampler(plain, width, height, quad), modules, 0, 2);
    if (before * Math.sign(finder) < FINDERS_AGREE_PLAIN) continue;
    if (Math.sign(finder) * finderCorrelation(sampler, modules, 3, 3) > FOURTH_AGREES) continue;
    if (isData(sampler, modules)) return quad;
  }
  return undefined;
}

/** Whether the modules outside the finders change as data does, along rows and columns, in each quarter. */
function isData(sampler: QuadSampler, modules: number): boolean {
  const grey = new Float32Array(modules * modules);
  let [low, high] = [255, 0];
  for (let y = 0; y < modules; y += 1) {
    for (let x = 0; x < modules; x += 1) {
      const p = sampler.sharp((x + 0.5) / modules, (y + 0.5) / modules);
      grey[y * modules + x] = p;
      low = Math.min(low, p);
      high = Math.max(high, p);
    }
  }
  // The step between light and dark is small: a change must be a sixth of it.
  const step = (high - low) / 6;
  if (step < 1.5) return false;
  const isOutside = (x: number, y: number): boolean =>
    !((x < 8 && y < 8) || (x >= modules - 8 && y < 8) || (x < 8 && y >= modules - 8));
  const zones = Array.from({ length: 4 }, () => [0, 0]);
  const middle = (modules - 1) / 2;
  for (let y = 0; y + 1 < modules; y += 1) {
    for (let x = 0; x + 1 < modules; x += 1) {
      if (!isOutside(x, y) || !isOutside(x + 1, y) || !isOutside(x, y + 1)) continue;
      const zone = zones[(x > middle ? 1 : 0) + (y > middle ? 2 : 0)]!;
      const here = grey[y * modules + x]!;
      if (Math.abs(here - grey[y * modules + x + 1]!) > step) zone[0]! += 1;
      if (Math.abs(here - grey[(y + 1) * modules + x]!) > step) zone[0]! += 1;
      zone[1]! += 2;
    }
  }
  return zones.every(([changes = 0, pairs = 0]) => {
    return pairs < 12 || (changes >= MIN_DIFFER * pairs && changes <= MAX_DIFFER * pairs);
  });
}

/** Maximum number of separate codes of one search; beyond it, one box covers the whole plane. */
const MAX_FOUND = 12;
/** Maximum number of finder hits that are examined. */
export const MAX_FINDERS = 128;
/** Codes redrawn per scan: 1 to 4 ms each. Texture has more triples than that; a true one is among the first. */
const MAX_DRAWINGS = 6;
/** Triples that define a box of their own; with more, the whole box is used. */
const MAX_PLACED = 64;
/** jsQR takes about 70 ns per pixel. */
const JSQR_UP_TO = 40_000;

/** Finders that may be markers of a round code. */
const MAX_ROUND_FINDERS = 12;
/** Bull's eyes that are looked at as squeezed ones. */
const MAX_BULLSEYES = 4;
const FINDER_MODULES = 7;
/** Triples of tiny finders that are examined, weak ones among them. */
const MAX_TINY_TRIPLES = 16;

/** A code identified by the locators of one plane; the box is in pixels of that plane. */
export interface MarkedCode {
  readonly kind: CodeKind;
  readonly text?: string;
  readonly box: Box;
}

/**
 * Combines the hits of the cheap search: three finders of a QR code, three ring markers of a round code, the bull's eye
 * of a MaxiCode. Belongs to one thread; `reads` and the budget of drawings count from `start` on.
 */
export class FinderReader {
  /** Finders proper, FINDER_STRIDE integers each; `sort` moves the other kinds away. */
  readonly finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  /** Ring markers. */
  readonly markers = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  strict = 0;
  markerCount = 0;
  reads = 0;
  /** Finders that may lack a quiet zone; they count only as three in the arrangement of a code. */
  private readonly loose = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly bullseyes = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  /**
   * The plane before tone compression, for a compressed plane. Strokes look like any locator after compression, so only
   * three finders count, and a bull's eye that this plane confirms.
   */
  untoned: Uint8Array | undefined;
  private looseCount = 0;
  private bullseyeCount = 0;
  /** A full list of finders is a texture. */
  private isTexture = false;
  private drawings = 0;
  private readonly drawing = new Uint8Array(MAX_DRAWN_SIDE * MAX_DRAWN_SIDE);

  constructor(private readonly zxing: ZxingReader) {}

  start(): void {
    this.reads = 0;
    this.drawings = 0;
  }

  /** Sorts the first `count` hits in `finders` by kind. */
  sort(count: number): void {
    const { finders } = this;
    const lists = [finders, this.markers, this.loose, this.bullseyes];
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < count; i += 1) {
      const from = i * FINDER_STRIDE;
      const kind = finders[from + 3]! >> 1;
      const to = lists[kind]!;
      const at = counts[kind]! * FINDER_STRIDE;
      for (let k = 0; k < FINDER_STRIDE; k += 1) to[at + k] = finders[from + k]!;
      counts[kind]! += 1;
    }
    [this.strict, this.markerCount, this.looseCount, this.bullseyeCount] = counts as [number, number, number, number];
    this.isTexture = this.strict === MAX_FINDERS;
  }

  /**
   * All codes formed by the sorted hits in a plane; see `find`. After each one it searches again without the locators
   * inside it: the gate hides reported boxes only, so a second code must not be masked by the first.
   */
  findAll(plane: Uint8Array, width: number, height: number, plain = plane): readonly MarkedCode[] {
    const found: MarkedCode[] = [];
    let next = this.find(plane, width, height, plain);
    if (next === undefined) return found;
    const lists = [this.finders, this.markers, this.loose, this.bullseyes];
    const kept = lists.map((list) => list.slice());
    const counts = [this.strict, this.markerCount, this.looseCount, this.bullseyeCount] as const;
    for (; next !== undefined; next = this.dropMarks(next.box) ? this.find(plane, width, height, plain) : undefined) {
      const rest = found.length === MAX_FOUND;
      found.push(rest ? { kind: next.kind, box: { x: 0, y: 0, width, height } } : next);
      if (rest) break;
    }
    for (const [i, list] of lists.entries()) list.set(kept[i]!);
    [this.strict, this.markerCount, this.looseCount, this.bullseyeCount] = counts;
    return found;
  }

  /**
   * The code formed by the sorted hits in a plane. Sharpening turns many other shapes into rings: `plain` is the plane
   * before sharpening, and must agree.
   */
  find(plane: Uint8Array, width: number, height: number, plain = plane): MarkedCode | undefined {
    if (this.untoned !== undefined) {
      const box = findMaxiCode(this.untoned, width, height, this.bullseyes, this.bullseyeCount);
      if (box !== undefined) return { kind: 'maxicode', box };
      return this.strict + this.looseCount < 3 ? undefined : this.readTriples(plane, width, height, plain);
    }
    const sure = this.markerCount + Math.min(this.strict, MAX_ROUND_FINDERS);
    if (sure > 0 && sure + this.looseCount >= 2) {
      const all = this.addRoundFinders();
      const box =
        findRoundCode(plain, width, height, this.markers, all.sure, all.count) ??
        this.findSqueezedRound({ plane: plain, width, height }, all.sure, all.count);
      if (box !== undefined) return { kind: 'round-code', box };
    }
    if (this.bullseyeCount > 0) {
      const box =
        findMaxiCode(plain, width, height, this.bullseyes, this.bullseyeCount) ??
        this.findSqueezedMaxi({ plane: plain, width, height });
      if (box !== undefined) return { kind: 'maxicode', box };
    }
    if (this.isTexture) return undefined;
    const whole = this.strict + this.looseCount < 3 ? undefined : this.readTriples(plane, width, height, plain);
    if (whole !== undefined) return whole;
    if (this.strict < 1 || plain !== plane) return undefined;
    const box = findCodePieces(plane, width, height, this.finders, this.strict);
    return box && { kind: 'undecoded-code', box };
  }

  private findSqueezedRound(view: MarkView, sure: number, count: number): Box | undefined {
    const wide = unsqueeze(view, this.markers, count, ROUND_RINGS);
    const box = wide && findRoundCode(wide.plane, wide.width, wide.height, wide.marks, sure, count);
    return box && wide.placed(box);
  }

  private findSqueezedMaxi(view: MarkView): Box | undefined {
    for (let i = 0; i < Math.min(MAX_BULLSEYES, this.bullseyeCount); i += 1) {
      const mark = this.bullseyes.subarray(i * FINDER_STRIDE, (i + 1) * FINDER_STRIDE);
      const wide = unsqueeze(view, mark, 1, MAXI_RINGS);
      const box = wide && findMaxiCode(wide.plane, wide.width, wide.height, wide.marks, 1);
      if (box !== undefined) return wide!.placed(box);
    }
    return undefined;
  }

  /**
   * The part of a box in which codes may have three of the sorted finders, loose ones included, as corners; the whole
   * box when there are more finders than are compared.
   */
  placeOfTriples(box: Box): Box | undefined {
    const inside: number[] = [];
    const take = (list: Int32Array, count: number): void => {
      for (let at = 0; at < count * FINDER_STRIDE; at += FINDER_STRIDE) {
        const [dx, dy] = [list[at]! - box.x, list[at + 1]! - box.y];
        if (dx >= 0 && dy >= 0 && dx <= box.width && dy <= box.height) {
          inside.push(...list.subarray(at, at + FINDER_STRIDE));
        }
      }
    };
    take(this.finders, this.strict);
    take(this.loose, this.looseCount);
    const count = inside.length / FINDER_STRIDE;
    if (count > MAX_COMPARED) return box;
    const triples = findTriples(Int32Array.from(inside), count, MAX_PLACED);
    return triples.length === MAX_PLACED ? box : placeOf(triples, box);
  }

  /** Removes the locators with their middle in a box; false when nothing was removed. */
  private dropMarks({ x, y, width, height }: Box): boolean {
    const keep = (list: Int32Array, count: number): number => {
      let kept = 0;
      for (let i = 0; i < count; i += 1) {
        const at = i * FINDER_STRIDE;
        const [mx, my] = [list[at]! - x, list[at + 1]! - y];
        if (mx >= 0 && my >= 0 && mx <= width && my <= height) continue;
        list.copyWithin(kept * FINDER_STRIDE, at, at + FINDER_STRIDE);
        kept += 1;
      }
      return kept;
    };
    const before = this.strict + this.markerCount + this.looseCount + this.bullseyeCount;
    this.strict = keep(this.finders, this.strict);
    this.markerCount = keep(this.markers, this.markerCount);
    this.looseCount = keep(this.loose, this.looseCount);
    this.bullseyeCount = keep(this.bullseyes, this.bullseyeCount);
    return this.strict + this.markerCount + this.looseCount + this.bullseyeCount < before;
  }

  /** Each isolated triple of the sorted finders, in a plane too coarse for anything else. */
  findTiny(plane: Uint8Array, width: number, height: number): readonly MarkedCode[] {
    const found: MarkedCode[] = [];
    const { finders, loose, strict, looseCount } = this;
    const all = new Int32Array((strict + looseCount) * FINDER_STRIDE);
    all.set(finders.subarray(0, strict * FINDER_STRIDE));
    all.set(loose.subarray(0, looseCount * FINDER_STRIDE), strict * FINDER_STRIDE);
    // The weak ones are whole, whatever the name.
    for (let at = strict * FINDER_STRIDE + 3; at < all.length; at += FINDER_STRIDE) all[at]! &= 1;
    for (const triple of findTriples(all, strict + looseCount, MAX_TINY_TRIPLES)) {
      const quad = standsAlone(plane, plane, width, height, triple, finders, strict, FINDERS_AGREE_TINY);
      if (quad !== undefined) found.push({ kind: 'undecoded-code', box: boxOf(quad, width, height) });
    }
    return found;
  }

  /**
   * Markers with a wide dot look like round finders, and like loose ones where a spoke touches them: appends those to
   * the markers, the loose ones last. Returns the number of all markers, and the number without the loose ones.
   */
  private addRoundFinders(): { sure: number; count: number } {
    const few = this.strict <= MAX_ROUND_FINDERS ? this.strict : 0;
    const sure = this.addAsMarkers(this.finders, few, this.markerCount);
    return { sure, count: this.addAsMarkers(this.loose, this.looseCount, sure) };
  }

  private addAsMarkers(finders: Int32Array, count: number, after: number): number {
    const { markers } = this;
    let all = after;
    for (let i = 0; i < count && all < MAX_FINDERS; i += 1, all += 1) {
      const [from, to] = [i * FINDER_STRIDE, all * FINDER_STRIDE];
      markers[to] = finders[from]!;
      markers[to + 1] = finders[from + 1]!;
      markers[to + 2] = Math.round((finders[from + 2]! * FINDER_MODULES) / MARKER_UNITS);
      markers[to + 3] = 2 | (finders[from + 3]! & 1);
    }
    return all;
  }

  /** Reads the code on three finders; unread, it counts by its timing patterns or as an isolated triple. */
  private readTriples(plane: Uint8Array, width: number, height: number, plain: Uint8Array): MarkedCode | undefined {
    const { strict, looseCount, drawing } = this;
    const all = new Int32Array((strict + looseCount) * FINDER_STRIDE);
    all.set(this.finders.subarray(0, strict * FINDER_STRIDE));
    all.set(this.loose.subarray(0, looseCount * FINDER_STRIDE), strict * FINDER_STRIDE);
    for (const triple of findTriples(all, strict + looseCount)) {
      const side = this.drawings < MAX_DRAWINGS ? drawnSide(triple) : 0;
      if (side > 0 && isWorthDrawing(plane, width, height, triple)) {
        this.drawings += 1;
        drawTriple(plane, width, height, triple, drawing);
        const text = this.readDrawing(side);
        if (text !== undefined) return { kind: 'qr', text, box: boxOf(quadOf(triple, triple.modules), width, height) };
      }
      const quad =
        codeOnTriple(plane, width, height, triple, this.finders, strict) ??
        standsAlone(plane, plain, width, height, triple, this.finders, strict);
      if (quad !== undefined) return { kind: 'undecoded-code', box: boxOf(quad, width, height) };
    }
    return undefined;
  }

  private readDrawing(side: number): string | undefined {
    const drawing = this.drawing.subarray(0, side * side);
    for (const how of ['local', 'global'] as const) {
      this.reads += 1;
      this.zxing.pixels().set(drawing);
      const symbol = this.zxing.read(side, side, 'qr', how).find((s) => s.valid && s.text !== '');
      if (symbol !== undefined) return symbol.text;
    }
    if (side * side > JSQR_UP_TO) return undefined;
    this.reads += 1;
    // An empty area passes for a code without content: its error correction agrees with zeros.
    return readWithJsQr(drawing, side, side, false)?.text || undefined;
  }
}

function boxOf(quad: Quad, width: number, height: number): Box {
  const corners = [quad.topLeft, quad.topRight, quad.bottomLeft, quad.bottomRight];
  const within = (v: number, limit: number): number => Math.min(limit, Math.max(0, Math.round(v)));
  const xs = corners.map((p) => within(p.x, width));
  const ys = corners.map((p) => within(p.y, height));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
