// frame path
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';

/** Codes of a frame whose positions are kept; more codes share one rectangle around them. */
const PLACES = 8;
/** Replaces the count when a part of the frame is unjudged. */
const UNKNOWN = 255;

/** Positions of the codes in the last frames, by slot of a ring, and a trail that follows codes back through them. */
export class CodePlaces {
  private readonly items: Int32Array;
  private readonly counts: Uint8Array;
  private readonly list = new RectList(PLACES);
  private readonly trail = new RectList(PLACES);

  constructor(ring: number) {
    this.items = new Int32Array(ring * PLACES * RECT_STRIDE);
    this.counts = new Uint8Array(ring);
  }

  /** Stores the codes of a fully judged frame. */
  put(slot: number, found: RectList): void {
    const { list } = this;
    list.clear();
    copy(found, list);
    this.counts[slot] = list.count;
    this.items.set(list.items, slot * PLACES * RECT_STRIDE);
  }

  unknown(slot: number): void {
    this.counts[slot] = UNKNOWN;
  }

  /** Adds a frame's codes to `out`; false when a part of the frame is unjudged. */
  addTo(slot: number, out: RectList): boolean {
    const count = this.counts[slot]!;
    if (count === UNKNOWN) return false;
    for (let i = 0; i < count; i += 1) {
      const at = (slot * PLACES + i) * RECT_STRIDE;
      out.push(this.items[at]!, this.items[at + 1]!, this.items[at + 2]!, this.items[at + 3]!);
    }
    return true;
  }

  /** Starts a trail at these codes. */
  begin(codes: RectList): void {
    this.trail.clear();
    copy(codes, this.trail);
  }

  /**
   * Follows the codes of the trail to their positions in an earlier frame. False when a code has no match there: it was
   * not read in that frame, and its first visible frame is unknown.
   */
  follow(slot: number): boolean {
    const { items } = this;
    const trail = this.trail.items;
    const count = this.counts[slot]!;
    if (count === UNKNOWN) return false;
    for (let i = 0; i < this.trail.count; i += 1) {
      const a = i * RECT_STRIDE;
      let met = false;
      for (let j = 0; j < count && !met; j += 1) {
        const b = (slot * PLACES + j) * RECT_STRIDE;
        if (trail[a]! >= items[b]! + items[b + 2]! || items[b]! >= trail[a]! + trail[a + 2]!) continue;
        if (trail[a + 1]! >= items[b + 1]! + items[b + 3]! || items[b + 1]! >= trail[a + 1]! + trail[a + 3]!) continue;
        for (let k = 0; k < RECT_STRIDE; k += 1) trail[a + k] = items[b + k]!;
        met = true;
      }
      if (!met) return false;
    }
    return true;
  }
}

function copy(from: RectList, to: RectList): void {
  for (let i = 0; i < from.count; i += 1) {
    const at = i * RECT_STRIDE;
    to.push(from.items[at]!, from.items[at + 1]!, from.items[at + 2]!, from.items[at + 3]!);
  }
}
