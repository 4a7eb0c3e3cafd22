import type { Kernels } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import type { Box, FrameHit } from '../../core/verdict.js';
import { DeepFinders } from './deep-finders.js';
import { FinderReader, type MarkedCode, MAX_FINDERS } from './finder-reader.js';
import { addSuspects, CandidateBoxes, FINDER_STRIDE } from './candidate-boxes.js';
import { readWithJsQr } from './jsqr-reader.js';
import { halved, isUnreadSmallQr, readSmallQr } from './small-qr.js';
import { blurPlane, cropPlane, doublePlane, halvePlane, stretchPlane } from './plane-filters.js';
import { isQrCode } from './qr-evidence.js';
import type { Corner, Quad } from './quad-sampler.js';
import { AreaScan } from './scan-areas.js';
import { CleanMemo } from './scan-memo.js';
import { EFFORT, FINDERS_ONLY_SHIFT, MAX_JOB_RECTS, MAX_JOB_SUSPECTS } from './scan-memory.js';
import { CODE_RULE, type CodeSymbol, EVIDENCE_CHARACTERS, hitOfSymbol } from './symbol.js';
import type { Binarisation, CodeFamily, ZxingReader } from './zxing-reader.js';

/** Doubling a plane pays for small codes only. */
const DOUBLE_UP_TO = 250_000;
/** A place this small gets a second and a larger reading even in passing. */
const SMALL = 60_000;
/** jsQR takes about 70 ns a pixel. */
const JSQR_UP_TO = 100_000;
/** Chroma samples around the areas in which colours alternate. */
const CHROMA_MARGIN = 16;
const NOWHERE = new Int32Array(4);
const BRIGHTER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 40)));
const DARKER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 470)));

/** The kernels that a scan uses. */
export type ScanKernels = Pick<Kernels, 'findFinders' | 'findTexture' | 'shrinkRect' | 'sharpenPlane' | 'enlargePlane'>;

/**
 * The scan of one frame in the live path.
 *
 * First every area that may be a code, whatever its form, and touches the rectangles is read (`AreaScan`). Then
 * the cheap search for finder patterns goes over the rectangles and those areas, in Y, and in U and V, where a
 * code in colours of equal luma shows; each place it suspects is read in all ways, cheapest first, until one is
 * sure. The box of further looks, where something is new, is sharpened and enlarged as well.
 *
 * Without EFFORT.deep each suspected place gets a single reading, and that is no verdict.
 */
export class LiveScan {
  readonly hits: FrameHit[] = [];
  /** Places that look like a code and could not be read. */
  readonly suspects = new RectList(MAX_JOB_SUSPECTS);
  candidates = 0;
  reads = 0;
  private readonly reader: FinderReader;
  private readonly deep: DeepFinders;
  private readonly boxes = new CandidateBoxes();
  /** The plane that is being scanned, its size, and luma pixels a sample. */
  private plane: Uint8Array = new Uint8Array(0);
  private planeWidth = 0;
  private planeHeight = 0;
  private planeScale: 1 | 2 = 1;
  private deepBox: Int32Array = NOWHERE;
  private isDeep = false;
  private readonly memo = new CleanMemo();
  /** By plane: Y, U, V. */
  private readonly areas: readonly AreaScan[];
  private readonly searched = new RectList(MAX_JOB_RECTS * 2);
  private readonly crop: Uint8Array;
  private readonly spare: Uint8Array;
  /** The luma with other tones; made when first needed. */
  private toned: Uint8Array | undefined;

  constructor(
    private readonly kernels: ScanKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.crop = new Uint8Array(width * height);
    this.spare = new Uint8Array(width * height);
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    this.areas = [
      new AreaScan(kernels, zxing, width, height, 'luma', this.crop),
      new AreaScan(kernels, zxing, cw, ch, 'chroma', this.crop),
      new AreaScan(kernels, zxing, cw, ch, 'chroma', this.crop),
    ];
    this.reader = new FinderReader(zxing);
    this.deep = new DeepFinders(kernels, this.reader, width, height);
  }

  /** Samples a reader must have room for, for frames of this size. */
  static pixels(width: number, height: number): number {
    return Math.max(width * height, DOUBLE_UP_TO * 4);
  }

  /**
   * Scans what touches `rects` in an I420 picture (odd sizes: chroma rounded up); `other` (x, y, width, height; width 0:
   * none) is the box of further looks; `effort` are bits of EFFORT. Results are in `hits`, `suspects`, `candidates` and `reads`.
   */
  run(picture: Uint8Array, rects: RectList, other: Int32Array, effort: number): void {
    const { width, height } = this;
    this.hits.length = 0;
    this.suspects.clear();
    this.candidates = 0;
    this.reads = 0;
    this.reader.start();
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const y = width * height;
    this.isDeep = (effort & EFFORT.deep) !== 0;
    this.deepBox = this.isDeep ? other : NOWHERE;
    this.lookAt(0, picture.subarray(0, y), width, height, rects, effort);
    // Whatever was found: a code that is only in the colours may stand beside it, and will still when it is gone.
    this.lookAt(1, picture.subarray(y, y + cw * ch), cw, ch, rects, effort);
    this.lookAt(2, picture.subarray(y + cw * ch, y + 2 * cw * ch), cw, ch, rects, effort);
    if (this.hits.length === 0 && (effort & EFFORT.exact) !== 0) this.scanTones(picture, rects);
    if (this.deepBox[2]! > 0) this.lookDeeper(picture);
    this.reads += this.reader.reads;
    if (other[2]! > 0 && (effort & EFFORT.exact) !== 0) this.readOther(picture, other);
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

  /** Reads the whole box, code-like or not. */
  private readOther(picture: Uint8Array, [x, y, w, h]: Int32Array): void {
    cropPlane(picture, this.width, x!, y!, w!, h!, this.crop);
    this.zxing.pixels().set(this.crop.subarray(0, w! * h!));
    this.plane = picture;
    this.planeWidth = this.width;
    this.planeHeight = this.height;
    this.planeScale = 1;
    this.take(this.read(w!, h!, 'other', 'local'), 1, x!, y!);
  }

  private lookAt(
    index: 0 | 1 | 2,
    plane: Uint8Array,
    width: number,
    height: number,
    rects: RectList,
    effort: number,
  ): void {
    const { searched } = this;
    const scale = index === 0 ? 1 : 2;
    searched.clear();
    if ((effort & EFFORT.sweep) !== 0) searched.push(0, 0, this.width, this.height);
    else for (let i = 0; i < rects.count * RECT_STRIDE; i += RECT_STRIDE) addRect(rects, i, 1, searched);
    if (this.isDeep) {
      this.plane = plane;
      this.planeWidth = width;
      this.planeHeight = height;
      this.planeScale = scale;
      const areas = this.areas[index]!;
      const all = rects.count;
      rects.count = Math.max(0, all - (effort >> FINDERS_ONLY_SHIFT));
      areas.run(plane, rects, scale, (symbols, s, dx, dy) => this.take(symbols, s * scale, dx * scale, dy * scale));
      rects.count = all;
      this.reads += areas.reads;
      const { boxes, withCode } = areas;
      for (let i = 0; i < boxes.count * RECT_STRIDE; i += RECT_STRIDE) addRect(boxes, i, scale, searched);
      // When the code goes, all that stood with it is looked at again.
      for (let i = 0; i < withCode.count * RECT_STRIDE; i += RECT_STRIDE) addRect(withCode, i, scale, this.suspects);
    }
    joinRects(searched);
    this.scanPlane(plane, width, height, scale, searched);
  }

  private scanPlane(plane: Uint8Array, width: number, height: number, scale: 1 | 2, rects: RectList): void {
    const { reader, boxes, kernels } = this;
    const { finders } = reader;
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
    count = dropRepeats(finders, count);
    reader.sort(count);
    const marked = reader.find(plane, width, height);
    if (marked !== undefined) this.takeMarked(marked, scale);
    else if (reader.markerCount >= 3) {
      addSuspects(reader.markers, reader.markerCount, scale, this.width, this.height, this.suspects);
    }
    count = reader.strict;
    const before = this.hits.length;
    if (count === 0) return;
    boxes.build(finders, count, width, height);
    if (count === MAX_FINDERS) boxes.cover(rects, scale, count);
    this.candidates += boxes.boxes.count;
    for (let i = 0; i < boxes.boxes.count; i += 1) {
      // When the code goes, all that stood with it is looked at again.
      if (this.readBox(plane, width, scale, i, this.isDeep)) {
        addRect(boxes.boxes, i * RECT_STRIDE, scale, this.suspects);
      }
    }
    if (this.hits.length === before) addSuspects(finders, count, scale, this.width, this.height, this.suspects);
  }

  /** Adds a hit, unless the code was found before; then the reading with a text stays. */
  private addHit(hit: FrameHit): void {
    const { hits } = this;
    const known = hits.findIndex((h) => isSamePlace(h.box!, hit.box!));
    if (known < 0) hits.push(hit);
    else if (hits[known]!.text === undefined && hit.text !== undefined) hits[known] = hit;
  }

  /** Takes a code found in a plane with `scale` luma pixels a sample. */
  private takeMarked({ kind, text, box }: MarkedCode, scale: number): void {
    const { x, y, width, height } = box;
    const scaled = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    const hit: FrameHit = { rule: CODE_RULE, kind, box: scaled };
    this.addHit(text === undefined ? hit : { ...hit, text: text.slice(0, EVIDENCE_CHARACTERS) });
  }

  /** The box of deep looks, sharpened and enlarged. */
  private lookDeeper(picture: Uint8Array): void {
    const { width, height, deep } = this;
    const [bx = 0, by = 0, bw = 0, bh = 0] = this.deepBox;
    const n = width * height;
    const inLuma = deep.inLuma(picture.subarray(0, n), width, bx, by, bw, bh);
    if (inLuma !== undefined) return this.takeMarked(inLuma, 1);
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const cb = picture.subarray(n, n + cw * ch);
    const cr = picture.subarray(n + cw * ch, n + 2 * cw * ch);
    // Where something alternates in colour, within the box.
    let [left, top, right, bottom] = [cw, ch, 0, 0];
    for (const { boxes } of [this.areas[1]!, this.areas[2]!]) {
      for (let r = 0; r < boxes.count * RECT_STRIDE; r += RECT_STRIDE) {
        left = Math.min(left, boxes.items[r]!);
        top = Math.min(top, boxes.items[r + 1]!);
        right = Math.max(right, boxes.items[r]! + boxes.items[r + 2]!);
        bottom = Math.max(bottom, boxes.items[r + 1]! + boxes.items[r + 3]!);
      }
    }
    const x = Math.max(bx >> 1, left - CHROMA_MARGIN);
    const y = Math.max(by >> 1, top - CHROMA_MARGIN);
    const w = Math.min((bx + bw + 1) >> 1, right + CHROMA_MARGIN, cw) - x;
    const h = Math.min((by + bh + 1) >> 1, bottom + CHROMA_MARGIN, ch) - y;
    if (w <= 0 || h <= 0) return;
    const inChroma = deep.inChroma(cb, cr, cw, x, y, w, h);
    if (inChroma !== undefined) this.takeMarked(inChroma, 2);
  }

  private readBox(plane: Uint8Array, stride: number, scale: 1 | 2, box: number, deep: boolean): boolean {
    const { items } = this.boxes.boxes;
    const r = box * RECT_STRIDE;
    const x = items[r]!;
    const y = items[r + 1]!;
    const w = items[r + 2]!;
    const h = items[r + 3]!;
    const { crop } = this;
    cropPlane(plane, stride, x, y, w, h, crop);
    // jsQR is asked where three patterns are, so that their number is part of what was read.
    const key = this.memo.key(crop, w, h) + Math.min(3, this.boxes.counts[box]!) / 4;
    if (deep && this.memo.has(key)) return false;
    if (this.readCrop(w, h, x, y, scale, this.boxes.counts[box]!, deep)) return true;
    if (deep) this.memo.add(key);
    return false;
  }

  /** Reads what `crop` holds, from (x, y) of the plane, until something is found. */
  private readCrop(w: number, h: number, x: number, y: number, scale: 1 | 2, patterns: number, deep: boolean): boolean {
    const { crop, spare, zxing } = this;
    const dx = x * scale;
    const dy = y * scale;
    // Chroma has a small range even in strong colours.
    if (scale === 2) stretchPlane(crop, w * h);
    const unread: CodeSymbol[] = [];
    const readAgain = (how: Binarisation): boolean => {
      zxing.pixels().set(crop.subarray(0, w * h));
      const symbols = this.read(w, h, 'qr', how);
      unread.push(...symbols.filter(isUnreadSmallQr));
      return this.take(symbols, scale, dx, dy);
    };
    if (readAgain('local')) return true;
    const small = w * h <= SMALL;
    if ((small || deep) && readAgain('global')) return true;
    if ((scale === 2 && small) || (deep && w * h <= DOUBLE_UP_TO)) {
      doublePlane(crop, w, h, zxing.pixels());
      const symbols = this.read(w * 2, h * 2, 'qr', 'local');
      if (this.take(symbols, scale / 2, dx, dy)) return true;
      unread.push(...symbols.filter(isUnreadSmallQr).map(halved));
    }
    const large = w * h > DOUBLE_UP_TO;
    if (!deep) return false;
    const smallQr = readSmallQr(zxing, crop, w, h, unread);
    if (smallQr !== undefined && this.take([smallQr], scale, dx, dy)) return true;
    if (!large && readAgain('closed')) return true;
    if (w >= 64 && h >= 64) {
      halvePlane(crop, w, h, zxing.pixels());
      if (this.take(this.read(w >> 1, h >> 1, 'qr', 'local'), scale * 2, dx, dy)) return true;
    }
    if (w * h <= JSQR_UP_TO && patterns >= 3) {
      this.reads += 1;
      const symbol = readWithJsQr(crop, w, h);
      if (symbol !== undefined && this.take([symbol], scale, dx, dy)) return true;
    }
    if (large) return false;
    blurPlane(crop, w, h, 3, spare);
    return readAgain('local');
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
      this.addHit(hit);
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

/** True when two boxes share more than half of the smaller one. */
function isSamePlace(a: Box, b: Box): boolean {
  const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return w > 0 && h > 0 && 2 * w * h > Math.min(a.width * a.height, b.width * b.height);
}

/** Rectangles overlap: takes out the finders that were met before; returns how many are left. */
function dropRepeats(finders: Int32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    let known = false;
    for (let k = 0; k < kept && !known; k += 1) {
      const to = k * FINDER_STRIDE;
      known =
        finders[to + 3] === finders[at + 3] &&
        Math.abs(finders[to]! - finders[at]!) <= 1 &&
        Math.abs(finders[to + 1]! - finders[at + 1]!) <= 1;
    }
    if (known) continue;
    if (kept !== i) finders.copyWithin(kept * FINDER_STRIDE, at, at + FINDER_STRIDE);
    kept += 1;
  }
  return kept;
}

/** Adds the rectangle at `at`, times `scale`, unless one of the list holds it. */
function addRect(from: RectList, at: number, scale: number, to: RectList): void {
  const x = from.items[at]! * scale;
  const y = from.items[at + 1]! * scale;
  const w = from.items[at + 2]! * scale;
  const h = from.items[at + 3]! * scale;
  for (let i = 0; i < to.count * RECT_STRIDE; i += RECT_STRIDE) {
    const { items } = to;
    const inside = items[i]! <= x && items[i + 1]! <= y && items[i]! + items[i + 2]! >= x + w;
    if (inside && items[i + 1]! + items[i + 3]! >= y + h) return;
  }
  to.push(x, y, w, h);
}

/**
 * Puts two rectangles into one as long as that one is no larger than both: tiles with their margins overlap two and
 * three times over, and each would be searched by itself.
 */
function joinRects(list: RectList): void {
  const { items } = list;
  for (let a = 0; a < list.count; a += 1) {
    for (let b = a + 1; b < list.count;) {
      const i = a * RECT_STRIDE;
      const k = b * RECT_STRIDE;
      const x = Math.min(items[i]!, items[k]!);
      const y = Math.min(items[i + 1]!, items[k + 1]!);
      const w = Math.max(items[i]! + items[i + 2]!, items[k]! + items[k + 2]!) - x;
      const h = Math.max(items[i + 1]! + items[i + 3]!, items[k + 1]! + items[k + 3]!) - y;
      if (w * h > items[i + 2]! * items[i + 3]! + items[k + 2]! * items[k + 3]!) {
        b += 1;
        continue;
      }
      items[i] = x;
      items[i + 1] = y;
      items[i + 2] = w;
      items[i + 3] = h;
      const last = (list.count - 1) * RECT_STRIDE;
      items.copyWithin(k, last, last + RECT_STRIDE);
      list.count -= 1;
      b = a + 1; // the larger one may now take in what it could not before
    }
  }
}
