import type { Kernels } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import type { Box, FrameHit } from '../../core/verdict.js';
import { addSuspects, CandidateBoxes, FINDER_STRIDE } from './candidate-boxes.js';
import { readWithJsQr } from './jsqr-reader.js';
import { blurPlane, cropPlane, doublePlane, halvePlane, stretchPlane } from './plane-filters.js';
import { findMaxiCode } from './maxi-code.js';
import { codeOnTriple, isQrCode } from './qr-evidence.js';
import { drawnSide, drawTriple, findTriples, MAX_DRAWN_SIDE, quadOf } from './qr-triples.js';
import type { Corner, Quad } from './quad-sampler.js';
import { findRoundCode } from './round-codes.js';
import { EFFORT, MAX_JOB_SUSPECTS } from './scan-memory.js';
import { CODE_RULE, type CodeKind, type CodeSymbol, EVIDENCE_CHARACTERS, hitOfSymbol } from './symbol.js';
import type { Binarisation, CodeFamily, ZxingReader } from './zxing-reader.js';

/** Finder hits kept a plane; noise and foliage give more, and then everything that was asked for is read. */
const MAX_FINDERS = 128;
/** Codes drawn anew a scan: 1 to 4 ms each. Texture has more triples than that, a true one is among the first. */
const MAX_DRAWINGS = 6;
/** Doubling a plane pays for small codes only. */
const DOUBLE_UP_TO = 250_000;
/** A place this small gets a second and a larger reading even in passing. */
const SMALL = 60_000;
/** jsQR takes about 70 ns a pixel. */
const JSQR_UP_TO = 100_000;
/** Other symbols are looked for in at most so many pixels; a larger box is halved first. */
const OTHER_UP_TO = 240_000;
const NOWHERE = new Int32Array(4);
const BRIGHTER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 40)));
const DARKER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 470)));

/**
 * The scan of one frame in the live path.
 *
 * First the cheap search for finder patterns in Y, and in U and V, where a code in colours of equal luma
 * shows. Each place it suspects is then read. In passing that is one reading, about 4 ns a pixel; with
 * EFFORT.deep it is all of them, cheapest first, until one is sure. A scene has places that seem a code in
 * every frame (an eye, the letter 回, a woven cloth), so the deep look is kept for what is new in the
 * picture, and a thread that has fallen behind leaves it out: a shallow look at every frame is safer than
 * a deep look at some.
 */
export class LiveScan {
  readonly hits: FrameHit[] = [];
  /** Places that look like a code and could not be read. */
  readonly suspects = new RectList(MAX_JOB_SUSPECTS);
  candidates = 0;
  reads = 0;
  private drawings = 0;
  private readonly finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly markers = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  /** Finders that may lack a quiet zone; only three in the place of a code count. */
  private readonly loose = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly bullseyes = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly drawing = new Uint8Array(MAX_DRAWN_SIDE * MAX_DRAWN_SIDE);
  private readonly boxes = new CandidateBoxes();
  /** The plane that is being scanned, its size, and luma pixels a sample. */
  private plane: Uint8Array = new Uint8Array(0);
  private planeWidth = 0;
  private planeHeight = 0;
  private planeScale: 1 | 2 = 1;
  private deepBox: Int32Array = NOWHERE;
  private readonly crop: Uint8Array;
  private readonly spare: Uint8Array;
  /** The luma with other tones; made when first needed. */
  private toned: Uint8Array | undefined;

  constructor(
    private readonly kernels: Pick<Kernels, 'findFinders'>,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.crop = new Uint8Array(width * height);
    this.spare = new Uint8Array(width * height);
  }

  /** Samples a reader must have room for, for frames of this size. */
  static pixels(width: number, height: number): number {
    return Math.max(width * height, DOUBLE_UP_TO * 4);
  }

  /**
   * Scans `rects` of an I420 picture (odd sizes: chroma rounded up) for the QR family, and the box `other` (x, y, width, height; width 0:
   * none) for the other forms; `effort` are bits of EFFORT. Results are in `hits`, `suspects`, `candidates` and `reads`.
   */
  run(picture: Uint8Array, rects: RectList, other: Int32Array, effort: number): void {
    const { width, height } = this;
    this.hits.length = 0;
    this.suspects.clear();
    this.candidates = 0;
    this.reads = 0;
    this.drawings = 0;
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const y = width * height;
    // Deep looks are for the box in which something is new.
    this.deepBox = (effort & EFFORT.deep) === 0 ? NOWHERE : other;
    this.scanPlane(picture.subarray(0, y), width, height, 1, rects);
    if (this.hits.length === 0) {
      this.scanPlane(picture.subarray(y, y + cw * ch), cw, ch, 2, rects);
      this.scanPlane(picture.subarray(y + cw * ch, y + 2 * cw * ch), cw, ch, 2, rects);
    }
    if (this.hits.length === 0 && (effort & EFFORT.exact) !== 0) this.scanTones(picture, rects);
    if (other[2]! > 0) this.readOther(picture, other, (effort & EFFORT.exact) !== 0);
  }

  /** Runs every reading on made-up pixels a few times, so that the first frame does not meet cold code. */
  warmUp(): void {
    const side = Math.min(256, this.width, this.height);
    const noise = Uint8Array.from({ length: side * side }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 21) & 255);
    const rects = new RectList(1);
    rects.push(0, 0, this.width, this.height);
    const picture = new Uint8Array(((this.width + 1) >> 1) * ((this.height + 1) >> 1) * 6).fill(128);
    for (let i = 0; i < 4; i += 1) {
      for (const family of ['qr', 'other'] as const) {
        for (const how of ['local', 'global', 'closed'] as const) {
          this.zxing.pixels().set(noise);
          this.zxing.read(side, side, family, how);
        }
      }
      readWithJsQr(noise, side, side);
      this.run(picture, rects, rects.items, EFFORT.deep);
    }
  }

  /**
   * Without a quiet zone the outer ring of a finder runs into what is dark around it, where "dark" is all below the
   * neighbourhood's middle. With the tones below or above the middle pressed together only the darkest (or lightest)
   * stay dark (light), and a ground of middle tone falls away from the code.
   */
  private scanTones(picture: Uint8Array, rects: RectList): void {
    const { width, height } = this;
    const n = width * height;
    this.toned ??= new Uint8Array(n);
    const toned = this.toned;
    for (const tones of [BRIGHTER, DARKER]) {
      for (let i = 0; i < n; i += 1) toned[i] = tones[picture[i]!]!;
      this.scanPlane(toned, width, height, 1, rects);
      if (this.hits.length > 0) return;
    }
  }

  private readOther(picture: Uint8Array, other: Int32Array, exact: boolean): void {
    const { crop, spare, zxing } = this;
    let w = other[2]!;
    let h = other[3]!;
    let scale = 1;
    let from = crop;
    let to = spare;
    cropPlane(picture, this.width, other[0]!, other[1]!, w, h, from);
    while (!exact && w * h > OTHER_UP_TO) {
      halvePlane(from, w, h, to);
      [from, to] = [to, from];
      w >>= 1;
      h >>= 1;
      scale *= 2;
    }
    zxing.pixels().set(from.subarray(0, w * h));
    this.take(this.read(w, h, 'other', 'local'), scale, other[0]!, other[1]!);
  }

  private scanPlane(plane: Uint8Array, width: number, height: number, scale: 1 | 2, rects: RectList): void {
    const { finders, boxes, kernels } = this;
    this.plane = plane;
    this.planeWidth = width;
    this.planeHeight = height;
    this.planeScale = scale;
    let count = 0;
    for (let i = 0; i < rects.count && count < MAX_FINDERS; i += 1) {
      const r = i * RECT_STRIDE;
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      const room = finders.subarray(count * FINDER_STRIDE);
      count += kernels.findFinders(plane, width, height, x, y, w, h, room);
    }
    const { strict, markers, loose, bullseyes } = this.partKinds(count);
    if (markers >= 3 && this.takeRound(markers)) return;
    if (bullseyes > 0 && this.takeMaxiCode(bullseyes)) return;
    count = strict;
    const before = this.hits.length;
    if (strict + loose >= 3 && strict < MAX_FINDERS && this.readTriples(strict, loose)) return;
    if (count === 0) return;
    boxes.build(finders, count, width, height);
    if (count === MAX_FINDERS) boxes.cover(rects, scale, count);
    this.candidates += boxes.boxes.count;
    let anyNew = false;
    for (let i = 0; i < boxes.boxes.count; i += 1) {
      const isNew = this.isNew(i, scale);
      anyNew ||= isNew;
      this.readBox(plane, width, scale, i, isNew);
    }
    const [x = 0, y = 0, w = 0, h = 0] = this.deepBox;
    const worthIt = count >= 2 || w * h <= DOUBLE_UP_TO;
    if (this.hits.length === before && anyNew && worthIt && count < MAX_FINDERS) {
      // The search may have met only the less telling part of a code: once over all that is new.
      boxes.boxes.clear();
      boxes.boxes.push(Math.floor(x / scale), Math.floor(y / scale), Math.floor(w / scale), Math.floor(h / scale));
      this.readBox(plane, width, scale, 0, false);
    }
    if (this.hits.length === before) addSuspects(finders, count, scale, this.width, this.height, this.suspects);
  }

  /** Sorts `finders` by kind: all but finders proper go to the lists of their kind. */
  private partKinds(count: number): { strict: number; markers: number; loose: number; bullseyes: number } {
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
    const [strict = 0, markers = 0, loose = 0, bullseyes = 0] = counts;
    return { strict, markers, loose, bullseyes };
  }

  /** Reads what stands on three finders; unread, it counts by its timing patterns. */
  private readTriples(strict: number, loose: number): boolean {
    const { plane, planeWidth, planeHeight, drawing } = this;
    const together = new Int32Array((strict + loose) * FINDER_STRIDE);
    together.set(this.finders.subarray(0, strict * FINDER_STRIDE));
    together.set(this.loose.subarray(0, loose * FINDER_STRIDE), strict * FINDER_STRIDE);
    for (const triple of findTriples(together, strict + loose)) {
      const side = this.drawings < MAX_DRAWINGS ? drawnSide(triple) : 0;
      if (side > 0) this.drawings += 1;
      if (side > 0) drawTriple(plane, planeWidth, planeHeight, triple, drawing);
      const text = side > 0 ? this.readDrawing(side) : undefined;
      const quad =
        text === undefined ? codeOnTriple(plane, planeWidth, planeHeight, triple) : quadOf(triple, triple.modules);
      if (quad === undefined) continue;
      this.takeQuad(quad, text);
      return true;
    }
    return false;
  }

  private readDrawing(side: number): string | undefined {
    const drawing = this.drawing.subarray(0, side * side);
    for (const how of ['local', 'global'] as const) {
      this.zxing.pixels().set(drawing);
      const symbol = this.read(side, side, 'qr', how).find((s) => s.valid);
      if (symbol !== undefined) return symbol.text;
    }
    if (side * side > JSQR_UP_TO) return undefined;
    this.reads += 1;
    return readWithJsQr(drawing, side, side)?.text;
  }

  private takeRound(count: number): boolean {
    const scale = this.planeScale;
    const box = findRoundCode(this.plane, this.planeWidth, this.planeHeight, this.markers, count);
    if (box === undefined) {
      addSuspects(this.markers, count, scale, this.width, this.height, this.suspects);
      return false;
    }
    this.takeBox('round-code', box);
    return true;
  }

  private takeMaxiCode(count: number): boolean {
    const box = findMaxiCode(this.plane, this.planeWidth, this.planeHeight, this.bullseyes, count);
    if (box === undefined) return false;
    this.takeBox('maxicode', box);
    return true;
  }

  private takeBox(kind: CodeKind, { x, y, width, height }: Box): void {
    const scale = this.planeScale;
    const box = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    this.hits.push({ rule: CODE_RULE, kind, box });
  }

  private takeQuad(quad: Quad, text: string | undefined): void {
    const corners = [quad.topLeft, quad.topRight, quad.bottomLeft, quad.bottomRight];
    const clamp = (v: number, limit: number): number => Math.min(limit, Math.max(0, Math.round(v * this.planeScale)));
    const xs = corners.map((p) => clamp(p.x, this.width));
    const ys = corners.map((p) => clamp(p.y, this.height));
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
    if (text === undefined) this.hits.push({ rule: CODE_RULE, kind: 'undecoded-code', box });
    else this.hits.push({ rule: CODE_RULE, kind: 'qr', text: text.slice(0, EVIDENCE_CHARACTERS), box });
  }

  /** True when candidate box `box` overlaps the box of deep looks. */
  private isNew(box: number, scale: 1 | 2): boolean {
    const { items } = this.boxes.boxes;
    const r = box * RECT_STRIDE;
    const [x = 0, y = 0, w = 0, h = 0] = this.deepBox;
    return (
      w > 0 &&
      items[r]! * scale < x + w &&
      x < (items[r]! + items[r + 2]!) * scale &&
      items[r + 1]! * scale < y + h &&
      y < (items[r + 1]! + items[r + 3]!) * scale
    );
  }

  private readBox(plane: Uint8Array, stride: number, scale: 1 | 2, box: number, deep: boolean): void {
    const { items } = this.boxes.boxes;
    const r = box * RECT_STRIDE;
    const x = items[r]!;
    const y = items[r + 1]!;
    const w = items[r + 2]!;
    const h = items[r + 3]!;
    const { crop, spare, zxing } = this;
    const dx = x * scale;
    const dy = y * scale;
    cropPlane(plane, stride, x, y, w, h, crop);
    // Chroma has a small range even in strong colours.
    if (scale === 2) stretchPlane(crop, w * h);
    const readAgain = (how: Binarisation): boolean => {
      zxing.pixels().set(crop.subarray(0, w * h));
      return this.take(this.read(w, h, 'qr', how), scale, dx, dy);
    };
    if (readAgain('local')) return;
    const small = w * h <= SMALL;
    if ((small || deep) && readAgain('global')) return;
    if ((scale === 2 && small) || (deep && w * h <= DOUBLE_UP_TO)) {
      doublePlane(crop, w, h, zxing.pixels());
      if (this.take(this.read(w * 2, h * 2, 'qr', 'local'), scale / 2, dx, dy)) return;
    }
    const large = w * h > DOUBLE_UP_TO;
    if (!deep || (!large && readAgain('closed'))) return;
    if (w >= 64 && h >= 64) {
      halvePlane(crop, w, h, zxing.pixels());
      if (this.take(this.read(w >> 1, h >> 1, 'qr', 'local'), scale * 2, dx, dy)) return;
    }
    if (w * h <= JSQR_UP_TO && this.boxes.counts[box]! >= 3) {
      this.reads += 1;
      const symbol = readWithJsQr(crop, w, h);
      if (symbol !== undefined && this.take([symbol], scale, dx, dy)) return;
    }
    if (large) return;
    blurPlane(crop, w, h, 3, spare);
    readAgain('local');
  }

  private read(width: number, height: number, family: CodeFamily, how: Binarisation): CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(width, height, family, how);
  }

  private take(symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number): boolean {
    let found = false;
    for (const symbol of symbols) {
      const hit = hitOfSymbol(symbol, scale, dx, dy);
      if (hit === undefined) continue;
      if (!symbol.valid && !this.isEvident(symbol.quad, scale / this.planeScale, dx, dy)) continue;
      this.hits.push(hit);
      found = true;
    }
    return found;
  }

  /** Whether an unread symbol bears the marks of a QR code; its corners are `scale` × + (dx, dy) / plane scale. */
  private isEvident(quad: Quad, scale: number, dx: number, dy: number): boolean {
    const place = ({ x, y }: Corner): Corner => ({
      x: x * scale + dx / this.planeScale,
      y: y * scale + dy / this.planeScale,
    });
    return isQrCode(this.plane, this.planeWidth, this.planeHeight, {
      topLeft: place(quad.topLeft),
      topRight: place(quad.topRight),
      bottomLeft: place(quad.bottomLeft),
      bottomRight: place(quad.bottomRight),
    });
  }
}
