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
import { Hysteresis } from './hysteresis.js';
import { PictureFigures } from './picture-figures.js';
import { TileFigures } from './tile-figures.js';
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
