// frame path
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { type FrameRate, millisecondsToFrames } from '../../core/time.js';
import { EFFORT, FINDERS_ONLY_SHIFT, MAX_JOB_RECTS } from '../frame/scan-memory.js';
import { AREA, type OpenAreas } from './open-areas.js';
import type { TileGrid } from './tile-grid.js';

/** Pixels around the damage that are looked at too, so that a mark that is half inside is seen whole. */
const MARGIN = 16;

/**
 * Every so many frames all that changed is read for every form of code. Three frames of the window are left for that
 * reading, which takes one when the machine is idle.
 */
export const fullEvery = (lookAheadFrames: number): number => Math.max(1, Math.min(5, lookAheadFrames - 3));

/**
 * What of a frame is scanned, and how.
 *
 * - Always, however busy the threads are: the search for finder patterns, with all readings of what it finds, in
 *   the damage with a margin and in every open area that may have changed.
 * - In every fifth frame code-like areas, whatever the form of the code, that touch what changed since the fifth
 *   before, and the search for finder patterns over the whole frame: a code may be put together of parts that
 *   changed long ago. In every other frame the same in tiles that change for the first time in one to two seconds: what
 *   flashes up is not missed. A frame leaves only when the next of these is judged, whose codes condemn it too. The scan follows
 *   areas beyond the damage, so that the last strip of a code brings the whole.
 * - The box of further looks (sharpened, enlarged), which cost as much again, is for what is new: tiles that were not
 *   damaged for one to two seconds. They get it in the fifth frames of the second in which they begin to change, and then what
 *   changed gets it once a second.
 */
export class ScanPlan {
  readonly rects = new RectList(MAX_JOB_RECTS);
  /** x, y, width, height. */
  readonly other = new Int32Array(4);
  /** The first so many of `rects` are read for every form of code; the others are searched for finder patterns. */
  readRects = 0;
  /** Bits of EFFORT. */
  effort: number = EFFORT.deep;
  private readonly second: number;
  private readonly maps: Int32Array;
  // Offsets of the maps: damaged in this second, in the one before, new lately, scratch.
  private readonly now = 0;
  private readonly before: number;
  private readonly fresh: number;
  private readonly scratch: number;
  private readonly since: number;
  private readonly unjudged: number;
  private readonly fullEvery: number;
  private readonly list = new RectList(MAX_JOB_RECTS >> 1);
  private changedSinceSweep = false;

  constructor(
    private readonly grid: TileGrid,
    lookAheadFrames: number,
    rate: FrameRate,
  ) {
    this.second = millisecondsToFrames(1000, rate);
    this.maps = new Int32Array(grid.words * 6);
    this.before = grid.words;
    this.fresh = grid.words * 2;
    this.scratch = grid.words * 3;
    this.since = grid.words * 4;
    this.unjudged = grid.words * 5;
    this.fullEvery = fullEvery(lookAheadFrames);
  }

  /** Fills `rects` and `other` for the frame whose damage is given, also as tiles at `at` of `tiles`. */
  make(sequence: number, damage: RectList, tiles: Int32Array, at: number, areas: OpenAreas): void {
    const { grid, rects, maps } = this;
    rects.clear();
    this.effort = EFFORT.deep;
    if (damage.count > 0) this.changedSinceSweep = true;
    if (sequence % this.second === 0) areas.recheckAll(AREA.violation);
    if (this.changedSinceSweep && sequence % this.fullEvery === 0) {
      this.changedSinceSweep = false;
      this.effort |= EFFORT.sweep;
      // Even where nothing changed in this frame, so that the sweep is asked for.
      if (damage.count === 0) rects.push(0, 0, 2, 2);
    }
    this.planOther(sequence, tiles, at);
    const full = sequence % this.fullEvery === 0;
    const least = full ? AREA.suspect : this.leastToRead(areas);
    areas.collect(tiles, at, rects, least);
    grid.add(maps, this.since, tiles, at);
    if (full) {
      grid.toRects(maps, this.since, this.list);
      grid.clear(maps, this.since);
    } else grid.toRects(maps, this.scratch, this.list);
    this.addGrown(this.list);
    this.readRects = rects.count;
    this.addGrown(damage);
    areas.collectMilder(tiles, at, rects, least);
    this.effort |= (rects.count - this.readRects) << FINDERS_ONLY_SHIFT;
  }

  /**
   * The mildest areas that are read between the full readings. Not suspects: a picture full of texture has them everywhere,
   * and read around each it would be read whole in every frame. What nobody judged is, as the room stands still until then,
   * unless it is most of the picture: then the threads are behind already, and would never catch up.
   */
  private leastToRead(areas: OpenAreas): number {
    const { grid, maps, unjudged } = this;
    grid.clear(maps, unjudged);
    areas.mark(AREA.unjudged, maps, unjudged);
    return grid.count(maps, unjudged) * 2 > grid.rows * grid.columns ? AREA.violation : AREA.unjudged;
  }

  private addGrown(damage: RectList): void {
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

  /** Leaves the tiles that are new in `scratch`, unless everything is read in this frame. */
  private planOther(sequence: number, tiles: Int32Array, at: number): void {
    const { grid, maps, now, before, fresh, scratch } = this;
    grid.filter(tiles, at, maps, before, false, maps, scratch);
    grid.filter(maps, scratch, maps, now, false, maps, scratch);
    if (sequence > 0 && sequence % this.second === 0) {
      // The second is over: what changed in it is looked at once, whatever it was.
      grid.add(maps, now, tiles, at);
      grid.bounds(maps, now, MARGIN, this.other);
      maps.copyWithin(before, now, now + grid.words);
      grid.clear(maps, now);
      grid.clear(maps, fresh);
      return;
    }
    grid.add(maps, fresh, maps, scratch);
    grid.add(maps, now, tiles, at);
    this.other.fill(0);
    if (sequence % this.fullEvery !== 0) return;
    grid.filter(tiles, at, maps, fresh, true, maps, scratch);
    grid.bounds(maps, scratch, MARGIN, this.other);
  }
}
