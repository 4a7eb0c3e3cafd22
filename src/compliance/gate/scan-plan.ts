// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameRate, millisecondsToFrames } from '../../core/time.js';
import {
  holder,
  joinRects,
  EFFORT,
  findersOnly,
  LOOKS,
  MAX_JOB_PARTS,
  MAX_JOB_RECTS,
  MAX_READ,
  MAX_SEARCHED,
  MAX_SLICED,
  slicedEffort,
} from '../../codescan/index.js';
import { AREA, type OpenAreas } from './open-areas.js';
import { OpenDamage } from './open-damage.js';
import { barsFrame, fullEvery, passFrames, SLICES, sliceFrame } from './scan-turns.js';
import type { TileGrid } from './buffers/tile-grid.js';

/** Pixels around the damage that are looked at too, so that a mark that is half inside is seen whole: a bull's eye with modules of 9 px. */
const MARGIN = 20;

/** More than this share of the picture that is new is looked at in turns as well. */
const LARGE_SHARE = 0.25;

/**
 * What of a frame is scanned, and how.
 *
 * The problem: to read all that moves costs ten times a search for finder patterns, and to look at it sharpened and enlarged
 * as much again; done in one frame it makes all that wait for that frame late. The rule: those are done in turns, so that
 * every frame costs about the same.
 *
 * - Always, however busy the threads are: the search for finder patterns, with all readings of what it finds, in
 *   the damage with a margin and in every open area that may have changed. What changes for the first time in one to two
 *   seconds, and what nobody judged, is read for every form of code at once: what flashes up is not missed.
 * - In turns of thirteen frames (of five with a look-ahead of eight): the code-like areas, whatever the form of the code, that
 *   touch what changed since the last turn, one plane a frame, and the search for finder patterns over the whole frame, unless all of it
 *   changed at once: a code may be put together of parts that changed long ago. A frame leaves only when the next of each is judged, whose codes condemn it too. The scan follows
 *   areas beyond the damage, so that the last strip of a code brings the whole.
 * - The further looks (sharpened, enlarged) are for what is new: tiles that were not damaged for one to two seconds. They
 *   get them in the turns of the second in which they begin to change, all in one frame unless they are much of the picture,
 *   and in the first turn of the next second where none came after they did; then what changed gets each once a second, one
 *   after the other. What nobody judged is like new: the looks that were to be taken there may be missing too. They work on each
 *   group of tiles by itself, as what lies between is not new.
 * - Once a second: stacked barcodes in all ways, in the luma of what changed since; and what carries its admission's verdict
 *   (`SettledAreas`), which is left out of all of the above but the search over the whole frame in all other frames.
 */
export class ScanPlan {
  readonly rects = new RectList(MAX_JOB_RECTS);
  /** The parts that get the enhanced passes: x, y, width, height each; width 0 ends the list. */
  readonly parts = new Int32Array(MAX_JOB_PARTS * RECT_STRIDE);
  /** The first so many of `rects` are read for every form of code at once; how many follow for the finder search and as this turn's slice stands in `effort`. */
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
  /** New after the last first frame of the turns, in the turns before that; what came new over from the second before. */
  private readonly thisTurn: number;
  private readonly lastTurn: number;
  private readonly carried: number;
  /** Changed since the last turn of a slice; the same for each further look. */
  private readonly slices: number;
  private readonly looks: number;
  /** Changed since stacked barcodes were read; changed since the last full second in what carries its admission's verdict. */
  private readonly bars: number;
  private readonly settled: number;
  /** Changed in this frame, without what carries its admission's verdict. */
  private readonly open: number;
  private readonly turns: number;
  /** The frame of a second in which stacked barcodes are read, and the one in which nothing is left out. */
  private readonly barsFrame: number;
  /** The frame of a second in which each of the further looks has its turn. */
  private readonly lookFrames: readonly number[];
  private readonly list = new RectList(MAX_JOB_RECTS >> 1);
  private readonly sliceList = new RectList(MAX_JOB_RECTS >> 1);
  /** Of one kind, before they are put into `rects`. */
  private readonly gathered = new RectList(MAX_JOB_RECTS * 2);
  /** Full with one: joins what is pushed. */
  private readonly last = new RectList(1);
  private readonly partList = new RectList(MAX_JOB_PARTS);
  /** The damage without what carries its admission's verdict. */
  private readonly openDamage: OpenDamage;
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
    this.thisTurn = words * 6;
    this.lastTurn = words * 7;
    this.carried = words * 8;
    this.slices = words * 9;
    this.looks = this.slices + words * SLICES.length;
    this.bars = this.looks + words * LOOKS;
    this.settled = this.bars + words;
    this.open = this.settled + words;
    this.maps = new Int32Array(this.open + words);
    this.openDamage = new OpenDamage(grid, this.maps, this.open, this.settled);
    this.turns = fullEvery(lookAheadFrames);
    this.barsFrame = barsFrame(this.second, this.turns);
    this.lookFrames = passFrames(this.second, this.turns);
  }

  /**
   * Fills `rects` and `parts` for the frame whose damage is given, also as tiles at `at` of `tiles`. What changed inside one of
   * `settled` carries the verdict of its admission.
   */
  make(sequence: number, damage: RectList, tiles: Int32Array, at: number, areas: OpenAreas, settled?: RectList): void {
    const { grid, maps, slices } = this;
    this.rects.clear();
    this.effort = EFFORT.deep;
    // Where all of it changed, all of it is searched, and stands in that search until something changes.
    if (damage.count > 0) this.changedSinceSweep = holder(damage, 0, 0, grid.width, grid.height) < 0;
    if (sequence % this.second === 0) areas.recheckAll(AREA.violation);
    const open = this.openDamage.take(damage, settled, sequence % this.second === 0);
    const looks = this.planLooks(sequence, maps, this.open, areas);
    const least = this.leastToRead(areas);
    const { gathered } = this;
    gathered.clear();
    areas.collect(tiles, at, gathered, least);
    grid.toRects(maps, this.scratch, this.list);
    this.addGrown(this.list);
    this.readRects = this.put(MAX_READ);
    // A violation that is looked at again has to be found again, whatever found it.
    if (this.readRects > 0 && areas.worst() === AREA.violation) this.effort |= EFFORT.bars;
    const milder = this.scratch;
    grid.clear(maps, milder);
    grid.add(maps, milder, maps, this.open);
    this.list.clear();
    areas.collectMilder(tiles, at, this.list, least, sequence, this.turns, maps, milder);
    for (let i = 0; i < SLICES.length; i += 1) grid.add(maps, slices + i * grid.words, maps, milder);
    grid.add(maps, this.bars, maps, milder);
    gathered.clear();
    this.addGrown(open);
    for (let i = 0; i < this.list.count; i += 1) pushRect(this.list.items, i, gathered);
    const searched = this.put(MAX_SEARCHED);
    gathered.clear();
    this.planSlice(sequence);
    this.effort |= slicedEffort(looks, this.put(MAX_SLICED)) | findersOnly(searched);
  }

  /**
   * Moves what was gathered to the end of `rects`, as `most` rectangles at most, of which the last takes in what is beyond;
   * returns how many they are. No kind may crowd out another: what was to be read and is not would count as clean.
   */
  private put(most: number): number {
    const { rects, gathered } = this;
    if (gathered.count > most) joinRects(gathered);
    const { items } = gathered;
    let kept = 0;
    for (; kept < gathered.count && kept < most - 1; kept += 1) pushRect(items, kept, rects);
    if (kept === gathered.count) return kept;
    this.last.clear();
    for (let i = kept; i < gathered.count; i += 1) pushRect(items, i, this.last);
    pushRect(this.last.items, 0, rects);
    return kept + 1;
  }

  /** Puts what changed since its last turn into `rects`, for the slices whose turn it is. */
  private planSlice(sequence: number): void {
    const { grid, maps, slices, boxed } = this;
    grid.clear(maps, boxed);
    for (let i = 0; i < SLICES.length; i += 1) {
      if (sequence % this.turns !== sliceFrame(i, this.turns)) continue;
      const map = slices + i * grid.words;
      this.effort |= SLICES[i]!;
      grid.add(maps, boxed, maps, map);
      grid.clear(maps, map);
    }
    if (sequence % this.second === this.barsFrame && !grid.isEmpty(maps, this.bars)) {
      this.effort |= EFFORT.bars;
      grid.add(maps, boxed, maps, this.bars);
      grid.clear(maps, this.bars);
    }
    if (this.changedSinceSweep && sequence % this.turns === 0) {
      this.changedSinceSweep = false;
      this.effort |= EFFORT.sweep;
    }
    grid.toRects(maps, boxed, this.sliceList);
    this.addGrown(this.sliceList);
  }

  /**
   * The mildest areas that are read at once. Not suspects: a picture full of texture has them everywhere,
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
      if (right > x && bottom > y) this.gathered.push(x, y, right - x, bottom - y);
    }
  }

  /** Keeps the maps of what is new up to this frame. */
  private noteNew(sequence: number, tiles: Int32Array, at: number, areas: OpenAreas): void {
    const { grid, maps, now, before, fresh, scratch, thisTurn, lastTurn, carried, looks, turns, second } = this;
    const { words } = grid;
    grid.filter(tiles, at, maps, before, false, maps, scratch);
    grid.filter(maps, scratch, maps, now, false, maps, scratch);
    grid.add(maps, now, tiles, at);
    if (sequence > 0 && sequence % second === 0) {
      maps.copyWithin(before, now, now + words);
      grid.clear(maps, now);
      maps.copyWithin(carried, thisTurn, thisTurn + words);
      if (this.isLarge()) grid.add(maps, carried, maps, lastTurn);
      maps.copyWithin(fresh, carried, carried + words);
    } else if (sequence % second === turns) {
      grid.filter(maps, fresh, maps, carried, false, maps, fresh);
      grid.add(maps, fresh, maps, thisTurn);
    }
    for (const map of [fresh, thisTurn]) {
      grid.add(maps, map, maps, scratch);
      areas.markAgain(AREA.unjudged, maps, map);
    }
    for (let i = 0; i < LOOKS; i += 1) {
      grid.add(maps, looks + i * words, tiles, at);
      areas.markAgain(AREA.unjudged, maps, looks + i * words);
    }
  }

  /** Each group of new tiles is a part of its own, with the margin. */
  private putParts(): void {
    const { grid, maps, boxed, partList, parts } = this;
    grid.groups(maps, boxed, MARGIN, partList);
    joinRects(partList);
    for (let i = 0; i < parts.length; i += 1) parts[i] = i < partList.count * RECT_STRIDE ? partList.items[i]! : 0;
  }

  private isLarge(): boolean {
    const { grid, maps, fresh } = this;
    return grid.count(maps, fresh) > LARGE_SHARE * grid.rows * grid.columns;
  }

  /** Fills `parts`, leaves the tiles that are new in `scratch`, and returns the bits of the looks that are taken. */
  private planLooks(sequence: number, tiles: Int32Array, at: number, areas: OpenAreas): number {
    const { grid, maps, fresh, boxed, thisTurn, lastTurn, looks, turns, second } = this;
    const { words } = grid;
    this.noteNew(sequence, tiles, at, areas);
    const large = this.isLarge();
    const turn = sequence % turns;
    const perTurn = Math.ceil(LOOKS / turns);
    let taken = 0;
    grid.clear(maps, boxed);
    for (let i = 0; i < LOOKS; i += 1) {
      const map = looks + i * words;
      if (sequence % second === this.lookFrames[i]) {
        if (grid.isEmpty(maps, map)) continue;
        grid.add(maps, boxed, maps, map);
        grid.clear(maps, map);
      } else if (large ? Math.floor(i / perTurn) === turn : turn === 0) {
        grid.filter(maps, map, maps, fresh, true, maps, this.unjudged);
        if (grid.isEmpty(maps, this.unjudged)) continue;
        grid.add(maps, boxed, maps, this.unjudged);
        grid.filter(maps, map, maps, fresh, false, maps, map);
      } else continue;
      taken |= 1 << i;
    }
    if (turn === 0) {
      maps.copyWithin(lastTurn, thisTurn, thisTurn + words);
      grid.clear(maps, thisTurn);
    }
    this.putParts();
    return taken;
  }
}

function pushRect(items: Int32Array, index: number, to: RectList): void {
  const r = index * RECT_STRIDE;
  to.push(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!);
}
