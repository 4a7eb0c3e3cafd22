const BLOCK = 8;

/** See `Kernels.blockRanges`. */
export function blockRanges(
  plane: Uint8Array,
  width: number,
  column: number,
  row: number,
  columns: number,
  rows: number,
  low: Uint8Array,
  high: Uint8Array,
): void {
  const across = Math.floor(width / BLOCK);
  for (let v = row; v < row + rows; v += 1) {
    for (let u = column; u < column + columns; u += 1) {
      let least = 255;
      let most = 0;
      for (let y = 0; y < BLOCK; y += 2) {
        const from = (v * BLOCK + y) * width + u * BLOCK + ((y >> 1) & 1);
        for (let i = from; i < from + BLOCK; i += 2) {
          least = Math.min(least, plane[i]!);
          most = Math.max(most, plane[i]!);
        }
      }
      low[v * across + u] = least;
      high[v * across + u] = most;
    }
  }
}
