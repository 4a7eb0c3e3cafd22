// frame path
/*
 * What the scan of a frame costs while large clips show one of so many frames.
 *
 * The problem: how slow a clip has to be is to be known before scans wait, and how fast it may be before it is tried. The rule: the time
 * of a scan is counted by whether clips moved on in its frame, and the mean of a frame at another step follows from both. Frames in which they
 * stand cost something too, as what changed is read in turns; where none was scanned lately, a quarter of the others is taken (a third was
 * measured, in film grain).
 *
 * The numbers: means over some sixteen frames, so that a turn (thirteen) is in them; over six for what has just begun. A scan counts as 100 ms
 * at most: longer ones are the first picture of a show, or code that V8 has not compiled yet.
 */
const FRAMES = 16;
const LATELY = 6;
const KNOWN = 8;
const MAX_MS = 100;
const STANDING_SHARE = 0.25;
/** Frames whose scan may not be done yet; a power of two. */
const RING = 256;

export class ScanCost {
  private readonly moved = new Uint8Array(RING);
  private moving = 0;
  private movingLately = 0;
  private standing = 0;
  private count = 0;

  /** Whether large clips move on in frame n. */
  note(n: number, moves: boolean): void {
    this.moved[n & (RING - 1)] = moves ? 1 : 0;
  }

  /** The scan of frame n took so long. */
  add(n: number, ms: number): void {
    const counted = Math.min(MAX_MS, ms);
    if (this.moved[n & (RING - 1)] === 0) {
      this.standing += (counted - this.standing) / FRAMES;
      return;
    }
    this.count += 1;
    // Plain means at first.
    this.moving += (counted - this.moving) / Math.min(FRAMES, this.count);
    this.movingLately += (counted - this.movingLately) / Math.min(LATELY, this.count);
  }

  /** Milliseconds of a scan thread that a frame takes when clips show one of `step` frames; 0 while that is not known. */
  at(step: number): number {
    return this.mean(step, this.moving);
  }

  /** The same as of the last few frames. */
  lately(step: number): number {
    return this.mean(step, this.movingLately);
  }

  private mean(step: number, moving: number): number {
    if (this.count < KNOWN) return 0;
    return (moving + (step - 1) * Math.max(this.standing, moving * STANDING_SHARE)) / step;
  }
}
