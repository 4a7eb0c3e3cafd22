// frame path
/** Side of a tile in pixels, of a cell in it, and cells along a side. */
export const TILE = 32;
export const CELL = 8;
export const TILE_CELLS = TILE / CELL;

/** State of the columns of a tile: low, high, direction. */
const columnState = new Uint8Array((TILE / 2) * 3);

/**
 * Counts the alternations of at least `swing` along every second row and column of a tile of at most 32×32 pixels at
 * `at`, each line from the tile's edge on, into `cells`: the number across, plus 65,536 times the number down. Cells
 * completely outside become 0.
 */
export function countTurns(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  cells.fill(0);
  countAcross(plane, at, stride, w, h, swing, cells);
  countDown(plane, at, stride, w, h, swing, cells);
}

function countAcross(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  for (let y = 0; y < h; y += 2) {
    const row = at + y * stride;
    const first = (y >> 3) * TILE_CELLS;
    let low = plane[row]!;
    let high = low;
    let rising = 0;
    for (let x = 1; x < w; x += 1) {
      const p = plane[row + x]!;
      if (p > high) high = p;
      if (p < low) low = p;
      if (rising >= 0 && high - p >= swing) {
        rising = -1;
        low = p;
        cells[first + (x >> 3)]! += 1;
      } else if (rising <= 0 && p - low >= swing) {
        rising = 1;
        high = p;
        cells[first + (x >> 3)]! += 1;
      }
    }
  }
}

/** Column by column would miss the cache: the state of all columns moves down the rows. */
function countDown(
  plane: Uint8Array,
  at: number,
  stride: number,
  w: number,
  h: number,
  swing: number,
  cells: Int32Array,
): void {
  for (let x = 0, s = 0; x < w; x += 2, s += 3) {
    columnState[s] = columnState[s + 1] = plane[at + x]!;
    columnState[s + 2] = 1; // 0 falling, 1 not known, 2 rising
  }
  for (let y = 1; y < h; y += 1) {
    const row = at + y * stride;
    const first = (y >> 3) * TILE_CELLS;
    for (let x = 0, s = 0; x < w; x += 2, s += 3) {
      const p = plane[row + x]!;
      const rising = columnState[s + 2]!;
      if (p > columnState[s + 1]!) columnState[s + 1] = p;
      if (p < columnState[s]!) columnState[s] = p;
      if (rising >= 1 && columnState[s + 1]! - p >= swing) {
        columnState[s + 2] = 0;
        columnState[s] = p;
        cells[first + (x >> 3)]! += 0x10000;
      } else if (rising <= 1 && p - columnState[s]! >= swing) {
        columnState[s + 2] = 2;
        columnState[s + 1] = p;
        cells[first + (x >> 3)]! += 0x10000;
      }
    }
  }
}
