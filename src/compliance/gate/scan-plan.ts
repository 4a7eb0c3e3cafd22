// frame path
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { type FrameRate, millisecondsToFrames } from '../../core/time.js';
import { EFFORT, MAX_JOB_RECTS } from '../frame/scan-memory.js';
import { AREA, type OpenAreas } from './open-areas.js';
import type { TileGrid } from './tile-grid.js';

/** Pixels around the damage that are looked at too, so that a mark that is half inside is seen whole. */
const MARGIN = 32;

/**
 * What of a frame is scanned, and how.
 *
 * - Always: the damage with a margin, and every open area that may have changed.
 * - A whole sweep every k−2 frames in which something changed: a code larger than the margin that is
 *   uncovered strip by strip is in no single frame's damage, and a sweep inside the window catches it
 *   before its first frame leaves.
 * - The deep look, with every reading of what seems a code and with the codes outside the QR family, which
 *   have no cheap mark, costs ten times as much. It is for what is new: tiles that were not damaged for one
 *   to two seconds. They get it when they first change, every third frame for the rest of the second, and
 *   then what changed gets it once a second. Three frames are well inside the window.
 */
export class ScanPlan {
  readonly rects = new RectList(MAX_JOB_RECTS);
  /** x, y, width, height. */
  readonly other = new Int32Array(4);
  /** Bits of EFFORT. */
  effort = 0;
  private readonly sweepEvery: number;
  private readonly second: number;
  private readonly maps: Int32Array;
  // Offsets of the maps: damaged in this second, in the one before, new lately, scratch.
  private readonly now = 0;
  private readonly before: number;
  private readonly fresh: number;
  private readonly scratch: number;
  private changedSinceSweep = false;

  constructor(
    private readonly grid: TileGrid,
    lookAheadFrames: number,
    rate: FrameRate,
  ) {
    this.sweepEvery = Math.max(2, lookAheadFrames - 2);
    this.second = millisecondsToFrames(1000, rate);
    this.maps = new Int32Array(grid.words * 4);
    this.before = grid.words;
    this.fresh = grid.words * 2;
    this.scratch = grid.words * 3;
  }

  /** Fills `rects` and `other` for the frame whose damage is given, also as tiles at `at` of `tiles`. */
  make(sequence: number, damage: RectList, tiles: Int32Array, at: number, areas: OpenAreas): void {
    const { grid, rects } = this;
    rects.clear();
    if (damage.count > 0) this.changedSinceSweep = true;
    if (sequence % this.second === 0) areas.recheckAll(AREA.violation);
    if (this.changedSinceSweep && sequence % this.sweepEvery === 0) {
      this.changedSinceSweep = false;
      rects.push(0, 0, grid.width, grid.height);
    } else {
      this.addDamage(damage);
      areas.collect(tiles, at, rects);
    }
    this.planOther(sequence, tiles, at);
    // An area that this scan may clear has to be cleared of every kind of code.
    if (areas.extendOver(rects, AREA.unjudged, this.other)) this.effort |= EFFORT.deep | EFFORT.exact;
  }

  private addDamage(damage: RectList): void {
    const { width, height } = this.grid;
    for (let i = 0; i < damage.count; i += 1) {
      const r = i * RECT_STRIDE;
      const x = Math.max(0, damage.items[r]! - MARGIN);
      const y = Math.max(0, damage.items[r + 1]! - MARGIN);
      const right = Math.min(width, damage.items[r]! + damage.items[r + 2]! + MARGIN);
      const bottom = Math.min(height, damage.items[r + 1]! + damage.items[r + 3]! + MARGIN);
      if (right > x && bottom > y) this.rects.push(x, y, right - x, bottom - y);
    }
  }

  private planOther(sequence: number, tiles: Int32Array, at: number): void {
    const { grid, maps, now, before, fresh, scratch } = this;
    this.effort = 0;
    if (sequence > 0 && sequence % this.second === 0) {
      // The second is over: what changed in it is looked at once, whatever it was.
      grid.add(maps, now, tiles, at);
      grid.bounds(maps, now, MARGIN, this.other);
      if (this.other[2]! > 0) this.effort = EFFORT.deep;
      maps.copyWithin(before, now, now + grid.words);
      grid.clear(maps, now);
      grid.clear(maps, fresh);
      return;
    }
    const first = grid.isEmpty(maps, fresh);
    grid.filter(tiles, at, maps, before, false, maps, scratch);
    grid.filter(maps, scratch, maps, now, false, maps, scratch);
    grid.add(maps, fresh, maps, scratch);
    grid.add(maps, now, tiles, at);
    this.other.fill(0);
    if (!first && sequence % 3 !== 0) return;
    grid.filter(tiles, at, maps, fresh, true, maps, scratch);
    grid.bounds(maps, scratch, MARGIN, this.other);
    if (this.other[2]! > 0) this.effort = EFFORT.deep;
  }
}
