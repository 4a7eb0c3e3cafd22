import { RectList } from '../../core/media/picture.js';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import type { MarkedCode } from '../qr/finder-reader.js';
import { isQrCode } from '../qr/qr-evidence.js';
import type { Corner, Quad } from './quad-sampler.js';
import { MAX_JOB_SUSPECTS } from '../jobs/scan-memory.js';
import { addHit, type CodeSymbol, EVIDENCE_CHARACTERS, hitOfSymbol } from './symbol.js';

/** The shorter side of a located symbol, in samples: 21 modules. */
const MIN_LOCATED = 21;
/** Maximum ratio of the longest to the shortest side of a located symbol. */
const MAX_UNEVEN = 2;

/**
 * When a located QR code counts without further evidence: the luma has few locators in all, including finders proper.
 * Photographs of codes that no reader reads have 3 finders and 8 to 15 locators; rows of windows, speakers and
 * characters, in which three locators are always arranged like a code's, have at least 5 and 16.
 */
const MAX_CALM_MARKS = 15;
const MAX_CALM_FINDERS = 3;

/** Whether a located QR code counts in a plane with this many finders proper and locators. */
export const countsLocated = (finders: number, marks: number): boolean =>
  finders <= MAX_CALM_FINDERS && marks <= MAX_CALM_MARKS;

/** The findings of one frame's scan, in luma pixels, and the current plane. */
export class ScanFindings {
  readonly hits: FrameHit[] = [];
  /** Candidate regions that could not be read. */
  readonly suspects = new RectList(MAX_JOB_SUSPECTS);
  private plane: Uint8Array = new Uint8Array(0);
  private width = 0;
  private height = 0;
  private scale: 1 | 2 = 1;

  clear(): void {
    this.hits.length = 0;
    this.suspects.clear();
  }

  /** Sets the plane of the following findings; it has `scale` luma pixels per sample. */
  lookingAt(plane: Uint8Array, width: number, height: number, scale: 1 | 2): void {
    this.plane = plane;
    this.width = width;
    this.height = height;
    this.scale = scale;
  }

  /** Takes a code identified by its locators, in a plane with `scale` luma pixels per sample. */
  takeMarked({ kind, text, box }: MarkedCode, scale: number): void {
    const { x, y, width, height } = box;
    const scaled = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    const hit: FrameHit = { rule: CODE_RULE, kind, box: scaled };
    addHit(this.hits, text === undefined ? hit : { ...hit, text: text.slice(0, EVIDENCE_CHARACTERS) });
  }

  /**
   * Takes the symbols of a reading; their coordinates are `scale` × + (dx, dy) in luma pixels. Returns whether any of
   * them is a hit. `located`: a QR code that the reader located, corners included, but could not read counts without
   * the locators of one.
   */
  take(symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number, located = false): boolean {
    let found = false;
    for (const symbol of symbols) {
      const hit = hitOfSymbol(symbol, scale, dx, dy);
      if (hit === undefined) continue;
      if (!symbol.valid && !(located && hasPlace(symbol)) && !this.isEvident(symbol.quad, scale / this.scale, dx, dy))
        continue;
      addHit(this.hits, hit);
      found = true;
    }
    return found;
  }

  /** Whether an unread symbol has the locators of a QR code; its corners are `scale` × + (dx, dy) / plane scale. */
  private isEvident(quad: Quad, scale: number, dx: number, dy: number): boolean {
    const place = ({ x, y }: Corner): Corner => ({
      x: x * scale + dx / this.scale,
      y: y * scale + dy / this.scale,
    });
    return isQrCode(this.plane, this.width, this.height, {
      topLeft: place(quad.topLeft),
      topRight: place(quad.topRight),
      bottomLeft: place(quad.bottomLeft),
      bottomRight: place(quad.bottomRight),
    });
  }
}

/** A symbol without corners was not located: its pattern only began like a code's. */
function hasPlace({ width, height, quad }: CodeSymbol): boolean {
  if (Math.min(width, height) < MIN_LOCATED) return false;
  const { topLeft: a, topRight: b, bottomLeft: c, bottomRight: d } = quad;
  const sides = [distance(a, b), distance(b, d), distance(d, c), distance(c, a)];
  return Math.max(...sides) <= MAX_UNEVEN * Math.min(...sides);
}

const distance = (a: Corner, b: Corner): number => Math.hypot(a.x - b.x, a.y - b.y);
