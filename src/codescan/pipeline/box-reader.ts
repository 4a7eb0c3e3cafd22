import type { Kernels } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import { type Binarisation, readPartWithJsQr, type ZxingReader } from '../decoders/library-readers.js';
import { CleanMemo } from '../jobs/scan-memory.js';
import { KnownRegions } from './known-regions.js';
import { halvePlane, stretchPlane } from './rgba-planes.js';
import type { TakeSymbols, CodeSymbol } from './symbol.js';
import { type Corner, PlaneSampler } from './quad-sampler.js';

/*
 * Micro QR and rMQR have one finder, so a reader locates them in any square within a square, and only decoded ones
 * count. One finder also gives direction and size less precisely than three: a tilted symbol of two or three pixels per
 * module is located and then misread. Redrawn upright and enlarged around its location, two of three of those are read
 * (`npm run bench -- scan --only rMQR`).
 */

/** Located symbols that are redrawn per plane; texture locates more than that, one below the other. */
const MAX_SEEDS = 4;
/** A located Micro QR may be the end of an rMQR, which is up to 139 modules long against its 7 to 17. */
const MICRO_REACH = 9;
const LONG_REACH = 2.2;
const MAX_SIDE = 1400;
const MAX_HEIGHT = 600;
const MIN_HEIGHT = 60;
/** Enlargement and binarisation, the most promising first. */
const DRAWINGS: readonly (readonly [times: number, how: Binarisation])[] = [
  [3, 'closed'],
  [2, 'global'],
  [4, 'closed'],
];
/** Seeds with middles nearer than this, in pixels, are one. */
const NEAR = 6;

const isUnreadSmallQr = (s: CodeSymbol): boolean => !s.valid && (s.format === 'MicroQRCode' || s.format === 'RMQRCode');

/** A symbol of a plane of twice the size. */
function halved(s: CodeSymbol): CodeSymbol {
  const half = ({ x, y }: Corner): Corner => ({ x: x / 2, y: y / 2 });
  const { topLeft, topRight, bottomLeft, bottomRight } = s.quad;
  const quad = {
    topLeft: half(topLeft),
    topRight: half(topRight),
    bottomLeft: half(bottomLeft),
    bottomRight: half(bottomRight),
  };
  return { ...s, x: s.x / 2, y: s.y / 2, width: s.width / 2, height: s.height / 2, quad };
}

/**
 * Rereads located but misread Micro QR and rMQR codes of a plane, upright and enlarged. Returns the first one that
 * decodes, with its position in the plane's pixels.
 */
function readSmallQr(
  zxing: ZxingReader,
  plane: Uint8Array,
  width: number,
  height: number,
  located: readonly CodeSymbol[],
): CodeSymbol | undefined {
  const sampler = new PlaneSampler(plane, width, height);
  const done: { x: number; y: number }[] = [];
  for (const symbol of located) {
    if (done.length >= MAX_SEEDS) return undefined;
    if (!isUnreadSmallQr(symbol)) continue;
    const { topLeft, topRight, bottomLeft, bottomRight } = symbol.quad;
    const x = (topLeft.x + topRight.x + bottomLeft.x + bottomRight.x) / 4;
    const y = (topLeft.y + topRight.y + bottomLeft.y + bottomRight.y) / 4;
    if (done.some((d) => Math.hypot(d.x - x, d.y - y) < NEAR)) continue;
    done.push({ x, y });
    const angle = Math.atan2(topRight.y - topLeft.y, topRight.x - topLeft.x);
    const long = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
    const high = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y);
    const wide = Math.max(long, high) * (symbol.format === 'MicroQRCode' ? MICRO_REACH : LONG_REACH);
    const tall = Math.max(high * 2.4, MIN_HEIGHT);
    for (const [times, how] of DRAWINGS) {
      const w = Math.max(1, Math.min(MAX_SIDE, Math.floor(wide * times)));
      const h = Math.max(1, Math.min(MAX_HEIGHT, Math.floor(tall * times)));
      if (w * h > zxing.maxPixels) continue;
      draw(sampler, zxing.pixels(), w, h, { x, y, angle, times });
      const read = zxing.read(w, h, 'qr', how).find((s) => s.valid);
      if (read === undefined) continue;
      const side = Math.round(Math.max(long, high));
      return { ...read, x: Math.round(x - side / 2), y: Math.round(y - side / 2), width: side, height: side };
    }
  }
  return undefined;
}

interface Drawing {
  /** The middle in the plane. */
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
  readonly times: number;
}

/** Draws a rotated rectangle of a plane upright and enlarged, `w`×`h` samples. */
function draw(sampler: PlaneSampler, to: Uint8Array, w: number, h: number, { x, y, angle, times }: Drawing): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < h; row += 1) {
    const v = (row - h / 2) / times;
    for (let column = 0; column < w; column += 1) {
      const u = (column - w / 2) / times;
      to[row * w + column] = sampler.sharp(x + u * cos - v * sin, y + u * sin + v * cos);
    }
  }
}

/** Doubling a plane pays for small codes only. */
const DOUBLE_UP_TO = 250_000;
/** The same in modules, × 16: four pixels are enough for any reader. */
const DOUBLE_BELOW = 64;
/** From these modules on, × 16, a box is read at half and at a quarter of its size: four pixels are left. */
const HALVE_FROM = 128;
const QUARTER_FROM = 256;
/** A region this small gets a second, enlarged reading even in a cheap pass. */
const SMALL = 60_000;
/**
 * jsQR takes about 70 ns per pixel, and twenty times that in a box full of patterns, although each triple of them is
 * drawn for it anyway. So it reads the area of the triples and not the box, which is large enough for the largest code
 * that each pattern may have.
 */
const JSQR_UP_TO = 100_000;
const JSQR_PATTERNS = 12;
/** For the memo, in place of a number of patterns: jsQR was called. */
const ASKED = 4;
/**
 * With this many patterns in the luma, a QR code located by the first reading counts although it is unread: three
 * patterns are arranged as in a code.
 */
const LOCATED_PATTERNS = 2;
/** The readings of a large box after the first: by the histogram, closed, halved, blurred. */
const OTHER_READINGS = 4;
const ALL_READINGS = -1;

/** Samples a reader must have room for, for planes of this many. */
export const samplesToRead = (pixels: number): number => Math.max(pixels, DOUBLE_UP_TO * 4);

type TakeReading = (symbols: readonly CodeSymbol[], scale: number, isFirst?: boolean) => boolean;

/** A part of a plane that contains finder patterns. */
export interface SuspectBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly patterns: number;
  /**
   * The smallest module of the patterns × 16; 0 when there are too many to know: the box is then read as a large one.
   */
  readonly module16: number;
  /** The part of it in which three of the patterns may be corners of one code, in pixels of the plane. */
  readonly placeOfTriples: () => Box | undefined;
}

/**
 * Reads a region with finder patterns in all ways, cheapest first, until one finds a code. The size of a reading
 * follows from the modules of the patterns. A region read without a trace of a code is not read again. A single pattern
 * in a region that looks the same as when it was read, such as an ornament with movement beside it, gets the first
 * reading and one of the others, in round-robin order.
 */
export class BoxReader {
  reads = 0;
  /** The picture is one of a show, which continues the previous one. */
  goesOn = false;
  private readonly memo = new CleanMemo();
  /** Of luma and of chroma. */
  private readonly known: readonly [KnownRegions, KnownRegions];
  private turn = 0;
  /** The further reading that is due. */
  private due = ALL_READINGS;
  private sawSymbol = false;

  /** `crop` has room for any box. */
  constructor(
    private readonly kernels: Pick<Kernels, 'shrinkRect' | 'doublePlane' | 'blurPlane' | 'meanCells'>,
    private readonly zxing: ZxingReader,
    private readonly crop: Uint8Array,
  ) {
    this.known = [new KnownRegions(kernels), new KnownRegions(kernels)];
  }

  /**
   * Without `deep` only the first reading is made, plus two for a small box. `chroma`: the range is small even in
   * strong colours.
   */
  read(plane: Uint8Array, stride: number, box: SuspectBox, chroma: boolean, deep: boolean, take: TakeSymbols): boolean {
    const { crop, memo } = this;
    const { x, y, patterns, module16 } = box;
    const halvings = module16 >= QUARTER_FROM ? 2 : module16 >= HALVE_FROM ? 1 : 0;
    const w = box.width >> halvings;
    const h = box.height >> halvings;
    this.kernels.shrinkRect(plane, stride, x, y, box.width, box.height, halvings, crop);
    const doubled = module16 > 0 && module16 < DOUBLE_BELOW;
    const mayAsk = deep && w * h <= JSQR_UP_TO && patterns >= 3 && patterns <= JSQR_PATTERNS;
    const place = mayAsk ? box.placeOfTriples() : undefined;
    // Everything else that selects the readings of a box.
    const how = (doubled ? 16 : module16 === 0 ? 32 : 0) + 64 * halvings;
    const key = memo.key(crop, w, h, (place !== undefined ? ASKED : Math.min(3, patterns)) + how);
    if (deep && memo.has(key)) return false;
    const known = this.known[chroma ? 1 : 0];
    const alone = this.goesOn && deep && patterns === 1;
    if (alone) known.begin();
    const isKnown = alone && known.has(crop, x, y, w, h);
    if (isKnown) this.turn += 1;
    this.due = isKnown ? this.turn % OTHER_READINGS : ALL_READINGS;
    if (chroma) stretchPlane(crop, w * h);
    this.sawSymbol = false;
    const mayLocate = deep && !chroma && patterns >= LOCATED_PATTERNS;
    const takeAt: TakeReading = (symbols, scale, isFirst) => {
      if (symbols.length > 0) this.sawSymbol = true;
      return take(symbols, scale * (1 << halvings), x, y, mayLocate && isFirst === true);
    };
    if (
      this.readCrop(
        w,
        h,
        chroma,
        deep,
        place && within(box, place, halvings),
        doubled,
        module16 === 0,
        halvings,
        takeAt,
      )
    )
      return true;
    // A rejected symbol was also judged by the plane around it.
    if (deep && !this.sawSymbol) memo.add(key);
    if (alone && !isKnown) known.add(x, y, w, h);
    return false;
  }

  private readCrop(
    w: number,
    h: number,
    chroma: boolean,
    deep: boolean,
    /** The part of the crop that jsQR reads. */
    asked: Box | undefined,
    doubled: boolean,
    many: boolean,
    halvings: number,
    take: TakeReading,
  ): boolean {
    const { crop, zxing } = this;
    const unread: CodeSymbol[] = [];
    const readAgain = (how: Binarisation, isFirst = false): boolean => {
      zxing.pixels().set(crop.subarray(0, w * h));
      const symbols = this.ask(w, h, how);
      unread.push(...symbols.filter(isUnreadSmallQr));
      return take(symbols, 1, isFirst);
    };
    if (readAgain('local', true)) return true;
    const small = w * h <= SMALL;
    if ((small || deep) && this.isDue(0) && readAgain('global')) return true;
    if (doubled && ((chroma && small) || (deep && w * h <= DOUBLE_UP_TO))) {
      this.kernels.doublePlane(crop, w, h, zxing.pixels());
      const symbols = this.ask(w * 2, h * 2, 'local');
      if (take(symbols, 0.5)) return true;
      unread.push(...symbols.filter(isUnreadSmallQr).map(halved));
    }
    const large = many || w * h > DOUBLE_UP_TO;
    if (!deep) return false;
    const smallQr = readSmallQr(zxing, crop, w, h, unread);
    if (smallQr !== undefined && take([smallQr], 1)) return true;
    if (!large && this.isDue(1) && readAgain('closed')) return true;
    if (w >= 64 && h >= 64 && this.isDue(2)) {
      halvePlane(crop, w, h, zxing.pixels());
      if (take(this.ask(w >> 1, h >> 1, 'local'), 2)) return true;
    }
    if (asked !== undefined) {
      this.reads += 1;
      const symbol = readPartWithJsQr(crop, w, asked);
      if (symbol !== undefined && take([symbol], 1)) return true;
    }
    if (large || !this.isDue(3)) return false;
    // Equally wide in the picture, whatever the size.
    this.kernels.blurPlane(crop, w, h, halvings === 0 ? 3 : 1);
    return readAgain('local');
  }

  private isDue(reading: number): boolean {
    return this.due === ALL_READINGS || this.due === reading;
  }

  private ask(width: number, height: number, how: Binarisation): CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(width, height, 'qr', how);
  }
}

/** A part of a box, in the crop made from the box after this many halvings. */
function within(box: Box, part: Box, halvings: number): Box {
  const x = (part.x - box.x) >> halvings;
  const y = (part.y - box.y) >> halvings;
  return { x, y, width: part.width >> halvings, height: part.height >> halvings };
}
