// frame path
import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';
import type { CodePlaces } from './code-places.js';
import { type FrameRecords, SCAN } from './buffers/frame-records.js';
import { JUDGED } from './replacement.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

/**
 * Applies the judgement of a frame to unreleased earlier frames.
 *
 * Problem: a code that fades or slides in is visible but unreadable for some frames before it can be read.
 * Rule: when a code is first found, the frames of the last 300 ms and of the last round (see ScanPlan) are condemned
 * with it, and beyond them every contiguous frame in which that area already looked like a code. A frame is clean only
 * when all rounds that concern it were read; a missing round takes the verdict "clean" back.
 */
export class LookBack {
  constructor(
    private readonly records: FrameRecords,
    private readonly grid: TileGrid,
    private readonly places: CodePlaces,
    /** Frames that are always condemned with a code. */
    private readonly frames: number,
    /** Frames of a round of slices. */
    private readonly roundFrames: number,
  ) {}

  /** Condemns unreleased frames before the frame being judged, which has these codes. */
  condemn(codes: RectList, unreleased: number): void {
    const { records, places } = this;
    const found = records.judgedTo;
    places.begin(codes);
    let traced = true;
    for (let s = found - 1; s >= unreleased; s -= 1) {
      if (found - s > this.frames && !this.looksLikeIt(s, codes)) return;
      const slot = records.slot(s);
      traced = traced && places.follow(slot);
      if (!traced) places.unknown(slot);
      records.verdicts[slot] = JUDGED.violation;
    }
  }

  /**
   * A scan failed to read its slice of earlier motion: those frames are no longer known to be clean, nor to be free of
   * further codes.
   */
  doubt(end = this.records.judgedTo): void {
    const { verdicts } = this.records;
    for (let s = Math.max(0, this.records.judgedTo - this.roundFrames + 1); s < end; s += 1) {
      const slot = this.records.slot(s);
      if (verdicts[slot] === JUDGED.clean) verdicts[slot] = JUDGED.unjudged;
      this.places.unknown(slot);
    }
  }

  /** True when the frame looked like a code in one of these rectangles, or was not scanned there. */
  private looksLikeIt(sequence: number, { items, count }: RectList): boolean {
    const { grid, records } = this;
    if (records.scans[records.slot(sequence)] === SCAN.coalesced) return true;
    const at = records.tilesAt(sequence);
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      if (grid.touches(records.suspicious, at, items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!)) return true;
    }
    return false;
  }
}
