// frame path
/*
 * Measures the scan cost of a frame while large clips advance every `step` frames.
 *
 * Problem: the right clip rate must be known before a backlog builds up, and a faster rate before it is tried.
 * Rule: scan time is counted separately for frames with and without clip movement, and the mean cost at any other step
 * follows from both. Still frames cost something too, as changes are scanned round-robin; where none was scanned
 * lately, a quarter of a moving frame's cost is assumed (a third was measured, in film grain).
 * Numbers: means over about sixteen frames, which cover a full round (thirteen); short means over six. A scan counts as
 * at most 100 ms: longer ones are the first picture of a show, or code V8 has not compiled yet.
 */
const FRAMES = 16;
const LATELY = 6;
const KNOWN = 8;
const MAX_MS = 100;
const STANDING_SHARE = 0.25;
/** Frames whose scan may be unfinished; a power of two. */
const RING = 256;

export class ScanCost {
  private readonly moved = new Uint8Array(RING);
  private moving = 0;
  private movingLately = 0;
  private standing = 0;
  private count = 0;

  /** Records whether large clips advance in frame n. */
  note(n: number, moves: boolean): void {
    this.moved[n & (RING - 1)] = moves ? 1 : 0;
  }

  /** Records the scan time of frame n. */
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

  /** Scan thread time per frame in ms when clips advance every `step` frames; 0 while unknown. */
  at(step: number): number {
    return this.mean(step, this.moving);
  }

  /** The same for the last few frames. */
  lately(step: number): number {
    return this.mean(step, this.movingLately);
  }

  private mean(step: number, moving: number): number {
    if (this.count < KNOWN) return 0;
    return (moving + (step - 1) * Math.max(this.standing, moving * STANDING_SHARE)) / step;
  }
}
