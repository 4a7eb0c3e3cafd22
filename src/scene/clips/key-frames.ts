/*
 * Chooses the frames of a clip that get the hard scan and OCR, which take a second or two each.
 *
 * Demand: nothing that a viewer can read stays unread.
 * Rule: the first frame, the last one, at least one a second, and also frames in which much of the picture is new since
 * the last key frame or, at a cut, since the previous frame. Every other frame gets the scan that the gate gives to
 * frames.
 * Numbers: of every fourth pixel both ways, a change of 24 of 255 counts as new; "much" is 3 % of them since the last
 * key frame, at most five a second, or 30 % at once; beyond one a second, the 60 newest are kept.
 */
const STEP = 4;
const NEW_BY = 24;
const NEW_SHARE = 0.03;
const CUT_SHARE = 0.3;
const MAX_CHANGES = 60;
const CHANGES_PER_SECOND = 5;

export class KeyFrames {
  private readonly regular: number[] = [];
  private readonly changes: { frame: number; share: number }[] = [];
  private readonly lastKey: Uint8Array;
  private readonly before: Uint8Array;
  private readonly now: Uint8Array;
  private lastKeyAt = -1;
  private lastRegularAt = -1;
  private frames = 0;
  private readonly everyFrames: number;

  constructor(
    private readonly width: number,
    private readonly height: number,
    framesPerSecond: number,
  ) {
    const samples = Math.ceil(width / STEP) * Math.ceil(height / STEP);
    this.lastKey = new Uint8Array(samples);
    this.before = new Uint8Array(samples);
    this.now = new Uint8Array(samples);
    this.everyFrames = Math.max(1, Math.floor(framesPerSecond));
  }

  /** Adds a frame; `same` when it repeats the previous one. */
  take(frame: Uint8Array, same: boolean): void {
    const n = this.frames;
    this.frames += 1;
    if (!same) this.sample(frame);
    const regular = n === 0 || n - this.lastRegularAt >= this.everyFrames;
    if (regular) {
      this.regular.push(n);
      this.lastRegularAt = n;
    } else {
      if (same) return;
      const share = differing(this.now, this.lastKey);
      const cut = differing(this.now, this.before) > CUT_SHARE;
      const soon = n - this.lastKeyAt < this.everyFrames / CHANGES_PER_SECOND;
      if (!cut && (soon || share < NEW_SHARE)) {
        this.before.set(this.now);
        return;
      }
      this.changes.push({ frame: n, share: cut ? 1 + share : share });
    }
    this.lastKey.set(this.now);
    this.before.set(this.now);
    this.lastKeyAt = n;
  }

  /** In order, including the last frame. */
  list(): number[] {
    const most = this.changes.toSorted((a, b) => b.share - a.share || a.frame - b.frame).slice(0, MAX_CHANGES);
    const all = new Set([...this.regular, ...most.map((c) => c.frame)]);
    if (this.frames > 0) all.add(this.frames - 1);
    return [...all].sort((a, b) => a - b);
  }

  private sample(frame: Uint8Array): void {
    let to = 0;
    for (let y = 0; y < this.height; y += STEP) {
      const row = y * this.width;
      for (let x = 0; x < this.width; x += STEP) this.now[to++] = frame[row + x]!;
    }
  }
}

function differing(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 1) {
    const d = a[i]! - b[i]!;
    if (d >= NEW_BY || d <= -NEW_BY) count += 1;
  }
  return count / a.length;
}
