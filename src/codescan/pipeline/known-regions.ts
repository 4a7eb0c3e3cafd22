import type { Kernels } from '../../core/kernels.js';

/** Number of means across and down that describe a region. */
const CELLS = 12;
const MEANS = CELLS * CELLS;
const PLACES = 64;
/** How far a region may have moved and grown since it was last seen, in samples. */
const MOVED = 24;
const GROWN = 4;
/** Differences of means, on average and at most, below which it is the same. */
const MEAN_DIFFERENCE = 4;
const MAX_DIFFERENCE = 20;
/** Pictures after which a region that was not seen again is forgotten. */
const LIFE = 40;
const STRIDE = 6;

/**
 * Regions that were read clean and are still there, slightly moved: a letter of a ticker, the edge of a product. A
 * region is identified by position, size and a coarse thumbnail, as fine as the reading, so a code that grows in one is
 * a different region.
 *
 * The halves of a code that slide together have the same thumbnail a pixel before they meet, so a region may be known
 * for `meetings` pictures only; then it must be read again.
 */
export class KnownRegions {
  private readonly drawings = new Uint8Array(PLACES * MEANS);
  /** x, y, width, height, the run in which it was last seen, and how often since it was read. */
  private readonly places = new Int32Array(PLACES * STRIDE);
  private readonly drawing = new Uint8Array(MEANS);
  private count = 0;
  private run = 0;

  constructor(
    private readonly kernels: Pick<Kernels, 'meanCells'>,
    private readonly meetings = Infinity,
  ) {}

  /** Starts a new picture. */
  begin(): void {
    this.run += 1;
  }

  /** Whether the region with its samples in `crop` is known. Call `add` only after this returned false. */
  has(crop: Uint8Array, x: number, y: number, w: number, h: number): boolean {
    const { places } = this;
    this.kernels.meanCells(crop, w, h, CELLS, this.drawing);
    for (let i = 0; i < this.count; i += 1) {
      const p = i * STRIDE;
      if (this.run - places[p + 4]! > LIFE) continue;
      if (Math.abs(places[p]! - x) > MOVED || Math.abs(places[p + 1]! - y) > MOVED) continue;
      if (Math.abs(places[p + 2]! - w) > GROWN || Math.abs(places[p + 3]! - h) > GROWN) continue;
      if (!this.isAlike(i)) continue;
      places[p + 5]! += 1;
      if (places[p + 5]! >= this.meetings) {
        places[p + 4] = this.run - LIFE - 1;
        continue;
      }
      places[p] = x;
      places[p + 1] = y;
      places[p + 4] = this.run;
      return true;
    }
    return false;
  }

  /** Records that the last region passed to `has` was read and is clean. */
  add(x: number, y: number, w: number, h: number): void {
    const { places } = this;
    let at = 0;
    if (this.count < PLACES) {
      at = this.count;
      this.count += 1;
    } else {
      for (let i = 1; i < PLACES; i += 1) if (places[i * STRIDE + 4]! < places[at * STRIDE + 4]!) at = i;
    }
    places.set([x, y, w, h, this.run, 0], at * STRIDE);
    this.drawings.set(this.drawing, at * MEANS);
  }

  private isAlike(i: number): boolean {
    const { drawing, drawings } = this;
    let sum = 0;
    for (let k = 0; k < MEANS; k += 1) {
      const difference = Math.abs(drawing[k]! - drawings[i * MEANS + k]!);
      if (difference > MAX_DIFFERENCE) return false;
      sum += difference;
    }
    return sum <= MEAN_DIFFERENCE * MEANS;
  }
}
