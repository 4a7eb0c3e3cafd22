// frame path
import type { Box } from '../../core/verdict.js';
import { FLAG, type TileFigures } from './tile-figures.js';

/** Minimum share of black tiles in a row (or column) of a bar; a label may lie on it. */
const BAR_ROW_SHARE = 0.85;

/** Measurements of the whole picture, gathered from its tiles once per round, updated in place. */
export class PictureFigures {
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
