// frame path
import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';
import type { CodePlaces } from './code-places.js';
import { type FrameRecords, SCAN } from './buffers/frame-records.js';
import { JUDGED } from './replacement.js';
import type { TileGrid } from './buffers/tile-grid.js';

/**
 * What the frame being judged says about those before it that have not left.
 *
 * A code that fades or slides in is there, unreadable, some frames before it can be read. When it is first found, the
 * frames of the last 300 ms and of the last turn (see ScanPlan) are condemned with it, and beyond them every frame
 * without a gap in which that place already looked like a code. And a frame is clean only when all turns that concern it
 * were read: one that was not takes the verdict "clean" back.
 */
export class LookBack {
  constructor(
    private readonly records: FrameRecords,
    private readonly grid: TileGrid,
    private readonly places: CodePlaces,
    /** Frames that go with a code in any case. */
    private readonly frames: number,
    /** Frames of a turn. */
    private readonly turn: number,
  ) {}

  /** Condemns what has not left before the frame being judged, which has these codes. */
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
   * A scan that was to read a slice of what moved in the frames before did not: they are not known to be clean, nor to have no
   * code but those that were found.
   */
  doubt(end = this.records.judgedTo): void {
    const { verdicts } = this.records;
    for (let s = Math.max(0, this.records.judgedTo - this.turn + 1); s < end; s += 1) {
      const slot = this.records.slot(s);
      if (verdicts[slot] === JUDGED.clean) verdicts[slot] = JUDGED.unjudged;
      this.places.unknown(slot);
    }
  }

  /** True when a frame looked like a code where one of these is, or nobody looked. */
  private looksLikeIt(sequence: number, { items, count }: RectList): boolean {
    const { grid, records } = this;
    if (records.scans[records.slot(sequence)] === SCAN.joined) return true;
    const at = records.tilesAt(sequence);
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      if (grid.touches(records.suspicious, at, items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!)) return true;
    }
    return false;
  }
}
