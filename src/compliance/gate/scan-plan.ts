// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameRate, millisecondsToFrames } from '../../core/time.js';
import {
  holder,
  mergeRects,
  EFFORT,
  findersOnly,
  ENHANCED_PASSES,
  MAX_JOB_PARTS,
  MAX_JOB_RECTS,
  MAX_READ,
  MAX_SEARCHED,
  MAX_SLOT,
  slotEffort,
} from '../../codescan/index.js';
import { AREA, type OpenAreas } from './open-areas.js';
import { OpenDamage, RestedTiles } from './open-damage.js';
import { barsFrame, cycleFrames, passFrames, SLOTS, slotFrame } from './frame-gate.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

/** Pixels around the damage that are scanned too, so that a locator that is half inside is seen whole: a bull's eye with modules of 9 px. */
const MARGIN = 20;

/** Of the enhanced passes and the stacked barcodes, how many go over own and admitted damage each second: all of them take half a scan more. */
const TURNS_A_SECOND = 2;

/** Beyond this share of the picture, enhanced passes over new parts are spread over a cycle. */
const LARGE_SHARE = 0.25;

/**
 * Decides which parts of a frame are scanned, and how thoroughly.
 *
 * Problem: reading everything that moves costs ten times a search for finder patterns, and reading it sharpened and
 * enlarged costs as much again. If one frame did all of it, the frames behind would be late.
 * Rule: expensive work is spread over the frames of a cycle, so that every frame costs about the same.
 *
 * - Damage falls in three kinds. Foreign: all that pictures, clips and strangers' presenters change. Own: what only the
 *   engine's own drawings and judged words change (`moved` leaves it out). Admitted: own changes before a single admitted
 *   picture (`SettledAreas`, `AdmittedTiles`), which carry that admission. "Changes" below are foreign ones.
 * - In every frame, however busy the threads are: the search for finder patterns and outlines, with all readings of its findings, in
 *   the damage that is not admitted, with a margin and in every open area that may have changed. Parts that change for the first time in one
 *   to two seconds, parts that come to rest (`RestedTiles`), and parts without a verdict are read for every form of code at once, so no
 *   short flash is missed.
 * - Once in a cycle of thirteen frames (five with a look-ahead of eight) in which something foreign changed: the candidate regions of every form that touch
 *   changes since the last cycle, one plane a frame, and the finder search over the whole frame, unless all of it changed
 *   at once, since a code may be composed of parts that changed long ago. A frame leaves only after the next round-robin
 *   slot of each plane is judged, and a code found there condemns it too. The scan follows areas beyond the damage, so
 *   the last strip of a code brings the whole.
 * - Enhanced passes (sharpened, enlarged) are for new parts: tiles without damage for one to two seconds. They run in the
 *   cycles of the second in which the tiles begin to change, in one frame unless the tiles are much of the picture, and
 *   in the first cycle of the next second if none came after the change. From then on each pass runs once a second, one
 *   after the other. Parts without a verdict count as new, since their passes may be missing too. Each group of tiles is
 *   a part of its own, because the space between groups is not new.
 * - Once a second: stacked barcodes in all ways, in the luma of the changes since; and all own and admitted damage of that
 *   second, which is in no slot otherwise: finders at once and in the search over the whole frame, each plane in its slot,
 *   and two of the enhanced passes and the stacked barcodes, in turn.
 */
export class ScanPlan {
  readonly rects = new RectList(MAX_JOB_RECTS);
  /** The parts that get the enhanced passes: x, y, width, height each; width 0 ends the list. */
  readonly parts = new Int32Array(MAX_JOB_PARTS * RECT_STRIDE);
  /** The first `readRects` of `rects` are read for every form of code at once. `effort` holds how many follow for the finder search and in this frame's slot. */
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
  private readonly unjudged: number;
  private readonly boxed: number;
  /** New since the last cycle began, in the cycle before it, and carried over from the second before. */
  private readonly thisCycle: number;
  private readonly lastCycle: number;
  private readonly carried: number;
  /** Changed since each slot was last read, and since each enhanced pass last ran. */
  private readonly slots: number;
  private readonly passes: number;
  /** Changed since stacked barcodes were read; changed since the last full second in areas with their admission's verdict. */
  private readonly bars: number;
  private readonly settled: number;
  /** Changed in this frame, without areas that carry their admission's verdict; those areas in a frame that reads them again. */
  private readonly open: number;
  private readonly swept: number;
  private readonly cycle: number;
  /** The frame of a second in which stacked barcodes are read, and the one in which nothing is left out. */
  private readonly barsFrame: number;
  /** The frame of a second in which each enhanced pass runs. */
  private readonly framesOfPasses: readonly number[];
  private readonly list = new RectList(MAX_JOB_RECTS >> 1);
  private readonly slotList = new RectList(MAX_JOB_RECTS >> 1);
  /** Of one kind, before they are put into `rects`. */
  private readonly gathered = new RectList(MAX_JOB_RECTS * 2);
  /** Full with one rectangle: merges all that are pushed. */
  private readonly last = new RectList(1);
  private readonly partList = new RectList(MAX_JOB_PARTS);
  /** The damage without areas that carry their admission's verdict. */
  private readonly openDamage: OpenDamage;
  private readonly rested: RestedTiles;
  private changedSinceSweep = false;

  constructor(
    private readonly grid: TileGrid,
    lookAheadFrames: number,
    rate: FrameRate,
  ) {
    const { words } = grid;
    this.second = millisecondsToFrames(1000, rate);
    this.before = words;
    this.fresh = words * 2;
    this.scratch = words * 3;
    this.unjudged = words * 4;
    this.boxed = words * 5;
    this.thisCycle = words * 6;
    this.lastCycle = words * 7;
    this.carried = words * 8;
    this.slots = words * 9;
    this.passes = this.slots + words * SLOTS.length;
    this.bars = this.passes + words * ENHANCED_PASSES;
    this.settled = this.bars + words;
    this.open = this.settled + words;
    this.swept = this.open + words;
    this.maps = new Int32Array(this.swept + words);
    this.openDamage = new OpenDamage(grid, this.maps, this.open, this.settled, this.swept);
    this.rested = new RestedTiles(grid, this.second);
    this.cycle = cycleFrames(lookAheadFrames);
    this.barsFrame = barsFrame(this.second, this.cycle);
    this.framesOfPasses = passFrames(this.second, this.cycle);
  }

  /**
   * Fills `rects` and `parts` for the frame whose damage is given, also as tiles at `at` of `tiles`. Changes inside one of
   * `settled` carry the verdict of its admission; `moved` is the foreign damage, by default all; `repeats`: nothing was drawn.
   */
  make(
    sequence: number,
    damage: RectList,
    tiles: Int32Array,
    at: number,
    areas: OpenAreas,
    settled?: RectList,
    moved?: RectList,
    repeats = false,
  ): void {
    const { grid, maps, slots } = this;
    this.rects.clear();
    this.effort = EFFORT.deep;
    if (sequence % this.second === 0) areas.recheckAll(AREA.violation);
    const full = sequence % this.second === 0;
    const open = this.openDamage.take(damage, settled, full);
    this.splitQuiet(moved);
    if (full) this.sweepAdmitted(sequence / this.second);
    if (!grid.isEmpty(maps, this.open) || !grid.isEmpty(maps, this.swept)) {
      // A frame that changed as a whole is searched as a whole; until the next change that search holds.
      this.changedSinceSweep = damage.count === 0 || holder(damage, 0, 0, grid.width, grid.height) < 0;
    }
    const passes = this.planPasses(sequence, maps, this.open, areas);
    this.rested.add(sequence, maps, this.open, this.scratch, moved, repeats);
    const mildest = this.mildestToRead(areas);
    const { gathered } = this;
    gathered.clear();
    areas.collect(tiles, at, gathered, mildest);
    grid.toRects(maps, this.scratch, this.list);
    this.addGrown(this.list);
    this.readRects = this.put(MAX_READ);
    // A violation that is scanned again must be found again, whichever reading found it.
    if (this.readRects > 0 && areas.worst() === AREA.violation) this.effort |= EFFORT.bars;
    const milder = this.scratch;
    grid.clear(maps, milder);
    grid.add(maps, milder, maps, this.open);
    this.list.clear();
    areas.collectMilder(tiles, at, this.list, mildest, sequence, this.cycle, maps, milder);
    for (let i = 0; i < SLOTS.length; i += 1) grid.add(maps, slots + i * grid.words, maps, milder);
    grid.add(maps, this.bars, maps, milder);
    gathered.clear();
    this.addGrown(open);
    for (let i = 0; i < this.list.count; i += 1) pushRect(this.list.items, i, gathered);
    const searched = this.put(MAX_SEARCHED);
    gathered.clear();
    this.planSlot(sequence);
    this.effort |= slotEffort(passes, this.put(MAX_SLOT)) | findersOnly(searched);
  }

  /**
   * Takes the tiles that only the engine's own drawings changed out of `open`: they are searched for locators in this frame, and read
   * with the admitted areas.
   */
  private splitQuiet(moved: RectList | undefined): void {
    if (moved === undefined) return;
    const { grid, maps, open, settled, scratch } = this;
    grid.clear(maps, scratch);
    for (let r = 0; r < moved.count * RECT_STRIDE; r += RECT_STRIDE) {
      const { items } = moved;
      grid.markRect(
        maps,
        scratch,
        items[r]! - MARGIN,
        items[r + 1]! - MARGIN,
        items[r + 2]! + 2 * MARGIN,
        items[r + 3]! + 2 * MARGIN,
      );
    }
    for (let i = 0; i < grid.words; i += 1) {
      maps[settled + i]! |= maps[open + i]! & ~maps[scratch + i]!;
      maps[open + i]! &= maps[scratch + i]!;
    }
  }

  /**
   * Own and admitted areas once a second: every plane in its slot, and two of the enhanced passes and the stacked barcodes in all ways.
   */
  private sweepAdmitted(second: number): void {
    const { grid, maps, slots, swept } = this;
    for (let i = 0; i < SLOTS.length; i += 1) grid.add(maps, slots + i * grid.words, maps, swept);
    for (let i = 0; i < TURNS_A_SECOND; i += 1) {
      const turn = (second * TURNS_A_SECOND + i) % (ENHANCED_PASSES + 1);
      grid.add(maps, turn === ENHANCED_PASSES ? this.bars : this.passes + turn * grid.words, maps, swept);
    }
  }

  /**
   * Moves the gathered rectangles to the end of `rects`, at most `max` of them, the last of which covers all the others;
   * returns their number. No kind may crowd out another: an area that was due and is not read would count as clean.
   */
  private put(max: number): number {
    const { rects, gathered } = this;
    if (gathered.count > max) mergeRects(gathered);
    const { items } = gathered;
    let kept = 0;
    for (; kept < gathered.count && kept < max - 1; kept += 1) pushRect(items, kept, rects);
    if (kept === gathered.count) return kept;
    this.last.clear();
    for (let i = kept; i < gathered.count; i += 1) pushRect(items, i, this.last);
    pushRect(this.last.items, 0, rects);
    return kept + 1;
  }

  /** Gathers the changes since the last reading of the slots that are due. */
  private planSlot(sequence: number): void {
    const { grid, maps, slots, boxed } = this;
    grid.clear(maps, boxed);
    for (let i = 0; i < SLOTS.length; i += 1) {
      if (sequence % this.cycle !== slotFrame(i, this.cycle)) continue;
      const map = slots + i * grid.words;
      this.effort |= SLOTS[i]!;
      grid.add(maps, boxed, maps, map);
      grid.clear(maps, map);
    }
    if (sequence % this.second === this.barsFrame && !grid.isEmpty(maps, this.bars)) {
      this.effort |= EFFORT.bars;
      grid.add(maps, boxed, maps, this.bars);
      grid.clear(maps, this.bars);
    }
    if (this.changedSinceSweep && sequence % this.cycle === 0) {
      this.changedSinceSweep = false;
      this.effort |= EFFORT.sweep;
    }
    grid.toRects(maps, boxed, this.slotList);
    this.addGrown(this.slotList);
  }

  /**
   * The mildest areas that are read at once. Suspects are not: a picture full of texture has them everywhere and would be
   * read whole in every frame. Areas without a verdict are, since the room stands still until they have one, unless they
   * are most of the picture: then the threads are behind already and would never catch up.
   */
  private mildestToRead(areas: OpenAreas): number {
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
      if (right > x && bottom > y) this.gathered.push(x, y, right - x, bottom - y);
    }
  }

  /** Updates the maps of new tiles. */
  private noteNew(sequence: number, tiles: Int32Array, at: number, areas: OpenAreas): void {
    const { grid, maps, now, before, fresh, scratch, thisCycle, lastCycle, carried, passes, cycle, second } = this;
    const { words } = grid;
    grid.filter(tiles, at, maps, before, false, maps, scratch);
    grid.filter(maps, scratch, maps, now, false, maps, scratch);
    grid.add(maps, now, tiles, at);
    if (sequence > 0 && sequence % second === 0) {
      maps.copyWithin(before, now, now + words);
      grid.clear(maps, now);
      maps.copyWithin(carried, thisCycle, thisCycle + words);
      if (this.isLarge()) grid.add(maps, carried, maps, lastCycle);
      maps.copyWithin(fresh, carried, carried + words);
    } else if (sequence % second === cycle) {
      grid.filter(maps, fresh, maps, carried, false, maps, fresh);
      grid.add(maps, fresh, maps, thisCycle);
    }
    for (const map of [fresh, thisCycle]) {
      grid.add(maps, map, maps, scratch);
      areas.markAgain(AREA.unjudged, maps, map);
    }
    for (let i = 0; i < ENHANCED_PASSES; i += 1) {
      grid.add(maps, passes + i * words, tiles, at);
      areas.markAgain(AREA.unjudged, maps, passes + i * words);
    }
  }

  /** Each group of new tiles is a part of its own, with the margin. */
  private putParts(): void {
    const { grid, maps, boxed, partList, parts } = this;
    grid.groups(maps, boxed, MARGIN, partList);
    mergeRects(partList);
    for (let i = 0; i < parts.length; i += 1) parts[i] = i < partList.count * RECT_STRIDE ? partList.items[i]! : 0;
  }

  private isLarge(): boolean {
    const { grid, maps, fresh } = this;
    return grid.count(maps, fresh) > LARGE_SHARE * grid.rows * grid.columns;
  }

  /** Fills `parts`, leaves the tiles that are new in `scratch`, and returns the bits of the passes that run. */
  private planPasses(sequence: number, tiles: Int32Array, at: number, areas: OpenAreas): number {
    const { grid, maps, fresh, boxed, thisCycle, lastCycle, passes, cycle, second } = this;
    const { words } = grid;
    this.noteNew(sequence, tiles, at, areas);
    const large = this.isLarge();
    const inCycle = sequence % cycle;
    const perFrame = Math.ceil(ENHANCED_PASSES / cycle);
    let taken = 0;
    grid.clear(maps, boxed);
    for (let i = 0; i < ENHANCED_PASSES; i += 1) {
      const map = passes + i * words;
      if (sequence % second === this.framesOfPasses[i]) {
        if (grid.isEmpty(maps, map)) continue;
        grid.add(maps, boxed, maps, map);
        grid.clear(maps, map);
      } else if (large ? Math.floor(i / perFrame) === inCycle : inCycle === 0) {
        grid.filter(maps, map, maps, fresh, true, maps, this.unjudged);
        if (grid.isEmpty(maps, this.unjudged)) continue;
        grid.add(maps, boxed, maps, this.unjudged);
        grid.filter(maps, map, maps, fresh, false, maps, map);
      } else continue;
      taken |= 1 << i;
    }
    if (inCycle === 0) {
      maps.copyWithin(lastCycle, thisCycle, thisCycle + words);
      grid.clear(maps, thisCycle);
    }
    this.putParts();
    return taken;
  }
}

function pushRect(items: Int32Array, index: number, to: RectList): void {
  const r = index * RECT_STRIDE;
  to.push(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!);
}
