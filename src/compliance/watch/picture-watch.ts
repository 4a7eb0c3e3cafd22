// frame path
/**
 * Detects a poor picture without any code or word in it: rules 5.8, 5.10 and 5.11.
 *
 * Problem: every part of the picture must be judged, including sharpness and block grid, and the loop has no millisecond
 * to spare. A fault must be reported soon, but a fade to black or a pause of the presenter is not a fault.
 *
 * Rule: the luma plane is a board of 32-pixel tiles. Each frame measures the next few tiles, so that a second covers all
 * of them, and only those damaged since their last measurement. Once a round the figures of all tiles are judged
 * together, and each fault must last before it is reported (`Hysteresis`). While the picture is black no other fault is
 * reported, and while it is frozen no fault about motion.
 *
 * Numbers: a 720p frame is 920 tiles, 31 a frame at 30 fps. Only events allocate memory. Motion means pixels that differ
 * between two measurements a second apart, so a motion with exactly that period counts as still. A block grid scaled to
 * another size is not detected.
 */
import type { PictureWatchThresholds } from '../../config/sections/compliance.js';
import type { Kernels } from '../../core/kernels.js';
import type { RectList } from '../../core/media/picture.js';
import { type FrameIndex, frameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import type { Box } from '../../core/verdict.js';
import { TileGrid } from '../../core/media/tile-grid.js';
import { Hysteresis } from './sound-watch.js';
import { TileFigures, FLAG } from './tile-figures.js';
import { WATCH_RULES, type WatchEvent, type WatchKind } from './watch-event.js';

export interface PictureWatchOptions {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly kernels: Pick<Kernels, 'planeStats'>;
  /** The presenter's position, in canvas pixels; may reach over the frame's edge. */
  readonly presenterBox: Box;
  readonly thresholds: PictureWatchThresholds;
  onEvent(event: WatchEvent): void;
}

/** Share of the threshold by which a figure must recover to count as good again. */
const MARGIN = 0.1;
/** Minimum tiles with contrast for judging sharpness or the block grid. */
const TILES_MIN = 12;

/** Minimum share of black tiles in a row (or column) of a bar; a label may lie on it. */
const BAR_ROW_SHARE = 0.85;

/** Measurements of the whole picture, gathered from its tiles once per round, updated in place. */
class PictureFigures {
  /** Share of black pixels. */
  black = 0;
  /** Black share of the frame's edge (its outermost tiles). */
  blackEdge = 0;
  /** The smaller of two opposite black bars, as a share of the frame; 0 without a pair. */
  bars = 0;
  /** Share of the picture that moved in the longer window. */
  moving = 0;
  detailed = 0;
  /** Tiles that agree on one phase of an 8×8 grid. */
  blocky = 0;
  boxTiles = 0;
  structuredInBox = 0;
  sharpInBox = 0;
  /** Tiles of the presenter's area that moved in the shorter window. */
  movedInBoxLately = 0;
  /** Share of the presenter's height with motion in the longer window. */
  movedRowsInBox = 0;
  /** Share of the frame covered by the presenter's area inside the safe area. */
  boxShare = 0;
  private readonly blackRows: Float32Array;
  private readonly blackColumns: Float32Array;
  private readonly phases = new Int32Array(64);
  /** First and one past the last column and row of tiles whose centre is in the presenter's area. */
  private left = 0;
  private right = 0;
  private top = 0;
  private bottom = 0;

  constructor(
    private readonly tiles: TileFigures,
    private readonly safeMargin: number,
  ) {
    this.blackRows = new Float32Array(tiles.rows);
    this.blackColumns = new Float32Array(tiles.columns);
  }

  setPresenterBox(box: Box): void {
    const { width, height, size, columns, rows } = this.tiles;
    const insetX = this.safeMargin * width;
    const insetY = this.safeMargin * height;
    const w = Math.min(box.x + box.width, width - insetX) - Math.max(box.x, insetX);
    const h = Math.min(box.y + box.height, height - insetY) - Math.max(box.y, insetY);
    this.boxShare = (Math.max(0, w) * Math.max(0, h)) / (width * height);
    this.left = clamp(Math.round(box.x / size), columns);
    this.right = clamp(Math.round((box.x + box.width) / size), columns);
    this.top = clamp(Math.round(box.y / size), rows);
    this.bottom = clamp(Math.round((box.y + box.height) / size), rows);
  }

  /** `lately` and `window`: the frames since which a tile must have moved, for the shorter and the longer window. */
  gather(lately: number, window: number): void {
    const { tiles, blackRows, blackColumns, phases } = this;
    const { columns, rows, flags, gridPhase, movedAt } = tiles;
    phases.fill(0);
    blackRows.fill(0);
    blackColumns.fill(0);
    let area = 0;
    let black = 0;
    let moving = 0;
    let blackRing = 0;
    this.detailed = 0;
    this.blocky = 0;
    this.structuredInBox = 0;
    this.sharpInBox = 0;
    this.movedInBoxLately = 0;
    this.boxTiles = 0;
    let movedRows = 0;
    for (let row = 0; row < rows; row += 1) {
      let movedInRow = 0;
      for (let column = 0; column < columns; column += 1) {
        const tile = row * columns + column;
        const pixels = tiles.area(tile);
        const flag = flags[tile]!;
        const moved = movedAt[tile]!;
        area += pixels;
        black += pixels * tiles.black[tile]!;
        if (moved > window) moving += pixels;
        if ((flag & FLAG.detailed) !== 0) this.detailed += 1;
        const phase = gridPhase[tile]!;
        if (phase >= 0) phases[phase]! += 1;
        if ((flag & FLAG.black) !== 0) {
          blackRows[row]! += 1;
          blackColumns[column]! += 1;
          if (row === 0 || row === rows - 1 || column === 0 || column === columns - 1) blackRing += 1;
        }
        if (row < this.top || row >= this.bottom || column < this.left || column >= this.right) continue;
        this.boxTiles += 1;
        if ((flag & FLAG.structured) !== 0) this.structuredInBox += 1;
        if ((flag & FLAG.sharp) !== 0) this.sharpInBox += 1;
        if (moved > lately) this.movedInBoxLately += 1;
        if (moved > window) movedInRow += 1;
      }
      if (movedInRow > 0) movedRows += 1;
    }
    for (let i = 0; i < phases.length; i += 1) this.blocky = Math.max(this.blocky, phases[i]!);
    this.black = black / area;
    this.moving = moving / area;
    this.movedRowsInBox = this.bottom > this.top ? movedRows / (this.bottom - this.top) : 0;
    this.blackEdge = blackRing / Math.min(columns * rows, 2 * (columns + rows) - 4);
    const across = bars(blackRows, rows, columns) / rows;
    const down = bars(blackColumns, columns, rows) / columns;
    this.bars = Math.max(across, down);
  }
}

const clamp = (value: number, max: number): number => Math.min(max, Math.max(0, value));

/** Lines of the thinner of the two bars at the ends of `black`, the number of black tiles per line. */
function bars(black: Float32Array, lines: number, perLine: number): number {
  const minBlack = perLine * BAR_ROW_SHARE;
  let first = 0;
  while (first < lines && black[first]! >= minBlack) first += 1;
  let last = 0;
  while (last < lines && black[lines - 1 - last]! >= minBlack) last += 1;
  return first + last >= lines ? 0 : Math.min(first, last);
}

export class PictureWatch {
  private readonly tiles: TileFigures;
  private readonly figures: PictureFigures;
  private readonly grid: TileGrid;
  /** Tiles damaged since their last measurement. */
  private readonly dirty: Int32Array;
  private readonly tilesPerLook: number;
  private readonly frozenFrames: number;
  private readonly movingFrames: number;
  private readonly alarms: Readonly<Record<PictureKind, Hysteresis>>;
  private next = 0;
  private firstFrame = -1;
  private roundBegan = 0;
  private looks = 0;

  constructor(private readonly options: PictureWatchOptions) {
    const { width, height, rate, kernels, presenterBox, thresholds } = options;
    this.tiles = new TileFigures(width, height, kernels);
    this.grid = new TileGrid(width, height);
    this.dirty = new Int32Array(this.grid.words);
    this.grid.fill(this.dirty, 0);
    this.figures = new PictureFigures(this.tiles, thresholds.safeMargin);
    this.figures.setPresenterBox(presenterBox);
    this.tilesPerLook = Math.ceil(this.tiles.count / millisecondsToFrames(1000, rate));
    this.frozenFrames = millisecondsToFrames(thresholds.frozenMs, rate);
    this.movingFrames = millisecondsToFrames(thresholds.movingWindowMs, rate);
    const hold = millisecondsToFrames(thresholds.holdMs, rate);
    const clear = millisecondsToFrames(thresholds.clearMs, rate);
    this.alarms = {
      black: new Hysteresis(hold, clear),
      frozen: new Hysteresis(0, clear),
      blurred: new Hysteresis(hold, clear),
      blocky: new Hysteresis(hold, clear),
      'low-fps': new Hysteresis(hold, clear),
      still: new Hysteresis(0, clear),
      'presenter-small': new Hysteresis(hold, clear),
      'presenter-absent': new Hysteresis(0, clear),
      'black-margin': new Hysteresis(hold, clear),
      letterbox: new Hysteresis(hold, clear),
    };
  }

  /** Sets the presenter's position. */
  setPresenterBox(box: Box): void {
    this.figures.setPresenterBox(box);
  }

  /**
   * Takes frame n: the I420 canvas and the rectangles that changed since the call before. Only drawn frames are passed;
   * skipped numbers count as frames not drawn.
   */
  look(n: FrameIndex, canvas: Uint8Array, damage: RectList): void {
    const { tiles, grid, dirty } = this;
    if (this.firstFrame < 0) {
      this.firstFrame = n;
      this.roundBegan = n;
    }
    grid.mark(dirty, 0, damage);
    this.looks += 1;
    const end = Math.min(tiles.count, this.next + this.tilesPerLook);
    for (let tile = this.next; tile < end; tile += 1) {
      const column = tile % tiles.columns;
      const word = Math.floor(tile / tiles.columns) * grid.wordsPerRow + (column >> 5);
      const bit = 1 << (column & 31);
      if ((dirty[word]! & bit) === 0) continue;
      dirty[word]! &= ~bit;
      tiles.measure(tile, n, canvas);
    }
    this.next = end;
    if (end < tiles.count) return;
    this.next = 0;
    this.judge(n);
    this.roundBegan = n + 1;
    this.looks = 0;
  }

  private judge(n: FrameIndex): void {
    const { figures: f, options, alarms } = this;
    const t = options.thresholds;
    f.gather(n - this.frozenFrames, n - this.movingFrames);
    const slots = n - this.roundBegan + 1;
    this.report('low-fps', n, this.looks / slots, t.drawnShare, true);

    this.report('black', n, f.black, t.blackShare, false);
    const dark = f.black >= t.blackShare || alarms.black.active;
    this.reportIf(!dark, 'letterbox', n, f.bars, t.letterboxShare, false);
    this.reportIf(!dark && f.bars < t.letterboxShare, 'black-margin', n, f.blackEdge, t.blackEdgeShare, false);
    const softness = f.structuredInBox < TILES_MIN ? 1 : f.sharpInBox / f.structuredInBox;
    this.reportIf(!dark, 'blurred', n, softness, t.sharpTileShare, true);
    const grid = f.detailed < TILES_MIN ? 0 : f.blocky / f.detailed;
    this.reportIf(!dark, 'blocky', n, grid, t.blockyTileShare, false);

    this.report('presenter-small', n, f.boxShare, t.presenterShare, true);
    const frozenKnown = n - this.firstFrame >= this.frozenFrames;
    const windowKnown = n - this.firstFrame >= this.movingFrames;
    const stopped = f.boxTiles > 0 && f.movedInBoxLately === 0;
    if (frozenKnown) this.reportIf(!dark, 'frozen', n, stopped ? 0 : 1, 0.5, true);
    const alive = !dark && windowKnown && !stopped && !alarms.frozen.active;
    this.reportIf(alive, 'presenter-absent', n, f.movedRowsInBox, t.presenterRows, true);
    this.reportIf(!dark && windowKnown, 'still', n, f.moving, t.movingShare, true);
  }

  /** Judges only when `known`; a fault that cannot be measured now keeps its state. */
  private reportIf(known: boolean, kind: PictureKind, n: FrameIndex, value: number, limit: number, low: boolean): void {
    if (known) this.report(kind, n, value, limit, low);
    else this.update(kind, n, value, false, false);
  }

  /** `low`: values below the limit are bad. */
  private report(kind: PictureKind, n: FrameIndex, value: number, limit: number, low: boolean): void {
    const bad = low ? value < limit : value >= limit && limit > 0;
    const good = low ? value >= Math.min(1, limit * (1 + MARGIN)) || limit === 0 : value < limit * (1 - MARGIN);
    this.update(kind, n, value, bad, good);
  }

  private update(kind: PictureKind, n: FrameIndex, value: number, bad: boolean, good: boolean): void {
    const alarm = this.alarms[kind];
    const change = alarm.step(n, bad, good);
    if (change === 0) return;
    // A windowed figure has been bad since the beginning of its window.
    const before = change < 0 ? 0 : kind === 'frozen' ? this.frozenFrames : WINDOWED.has(kind) ? this.movingFrames : 0;
    const since = frameIndex(alarm.since - before);
    this.options.onEvent({ kind, rule: WATCH_RULES[kind], active: change > 0, since, frame: n, value });
  }
}

/** Kinds judged over the longer motion window. */
const WINDOWED: ReadonlySet<WatchKind> = new Set<WatchKind>(['still', 'presenter-absent']);

type PictureKind = Exclude<WatchKind, 'silent' | 'clipped' | 'dead-air'>;
