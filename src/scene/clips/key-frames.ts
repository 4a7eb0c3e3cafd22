import { roundCorners } from '../assets/load-picture.js';

/** Alpha of a clip with rounded corners, and the premultiplying of the pixels in them. */
export class ClipCorners {
  /** A w·h, then AC w/2·h/2, as in a YuvaBitmap. */
  readonly alpha: Uint8Array;
  /** Samples of Y, then of U and V, that are partly transparent, and their alpha × 4. */
  private readonly luma: number[] = [];
  private readonly chroma: number[] = [];

  constructor(
    private readonly width: number,
    private readonly height: number,
    radius: number,
  ) {
    const rgba = new Uint8Array(width * height * 4).fill(255);
    roundCorners({ rgba, width, height }, radius);
    const pixels = width * height;
    this.alpha = new Uint8Array(pixels + pixels / 4);
    for (let i = 0; i < pixels; i += 1) {
      const a = rgba[i * 4 + 3]!;
      this.alpha[i] = a;
      if (a !== 255) this.luma.push(i, a * 4);
    }
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        const at = y * width + x;
        const { alpha } = this;
        const sum = alpha[at]! + alpha[at + 1]! + alpha[at + width]! + alpha[at + width + 1]!;
        const i = (y >> 1) * (width >> 1) + (x >> 1);
        alpha[pixels + i] = (sum + 2) >> 2;
        if (sum !== 1020) this.chroma.push(i, sum);
      }
    }
  }

  /** In place. */
  premultiply(frame: Uint8Array): void {
    const pixels = this.width * this.height;
    fade(frame, this.luma, 0);
    fade(frame, this.chroma, pixels);
    fade(frame, this.chroma, pixels + pixels / 4);
  }
}

/** `parts`: pairs of index and alpha × 4. */
function fade(frame: Uint8Array, parts: readonly number[], from: number): void {
  for (let i = 0; i < parts.length; i += 2) {
    const at = from + parts[i]!;
    frame[at] = Math.floor((frame[at]! * parts[i + 1]! + 510) / 1020);
  }
}

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
