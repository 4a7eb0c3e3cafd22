// frame path
/**
 * Makes a rectangle of an I420 frame unreadable, in place.
 *
 * The rectangle becomes at most `BLOCKS` × `BLOCKS` means, shown as blocks or as a smooth blend of them. The smallest
 * symbols have more modules (a Data Matrix of 8 × 18, an rMQR of 7 × 27), so no code inside the rectangle survives,
 * whatever its size. Whether a code reaches out of it must be proven separately.
 */
const BLOCKS = 6;

/** Means of the blocks of one plane, in 1/16 levels, row by row. */
const means = new Int32Array(BLOCKS * BLOCKS);

/** x, y, w, h are even and inside the frame. */
export function obscure(
  frame: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  w: number,
  h: number,
  smooth: boolean,
): void {
  const luma = width * height;
  plane(frame, 0, width, x, y, w, h, smooth);
  plane(frame, luma, width >> 1, x >> 1, y >> 1, w >> 1, h >> 1, smooth);
  plane(frame, luma + (luma >> 2), width >> 1, x >> 1, y >> 1, w >> 1, h >> 1, smooth);
}

function plane(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  smooth: boolean,
): void {
  if (w < 1 || h < 1) return;
  const size = Math.max(1, Math.ceil(Math.max(w, h) / BLOCKS));
  const columns = Math.ceil(w / size);
  const rows = Math.ceil(h / size);
  for (let j = 0; j < rows; j += 1) {
    const top = j * size;
    const bottom = Math.min(h, top + size);
    for (let i = 0; i < columns; i += 1) {
      const left = i * size;
      const right = Math.min(w, left + size);
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        const at = base + (y + row) * stride + x;
        for (let column = left; column < right; column += 1) sum += data[at + column]!;
      }
      means[j * columns + i] = Math.round((sum * 16) / ((bottom - top) * (right - left)));
    }
  }
  if (smooth) blend(data, base, stride, x, y, w, h, size, columns, rows);
  else fill(data, base, stride, x, y, w, h, size, columns);
}

function fill(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  size: number,
  columns: number,
): void {
  for (let row = 0; row < h; row += 1) {
    const at = base + (y + row) * stride + x;
    const line = Math.floor(row / size) * columns;
    for (let left = 0, i = 0; left < w; left += size, i += 1) {
      data.fill((means[line + i]! + 8) >> 4, at + left, at + Math.min(w, left + size));
    }
  }
}

/** Bilinear interpolation between the blocks' centres. */
function blend(
  data: Uint8Array,
  base: number,
  stride: number,
  x: number,
  y: number,
  w: number,
  h: number,
  size: number,
  columns: number,
  rows: number,
): void {
  for (let row = 0; row < h; row += 1) {
    const v = Math.max(0, (row + 0.5) / size - 0.5);
    const j = Math.min(rows - 1, Math.floor(v));
    const down = j + 1 < rows ? Math.round((v - j) * 256) : 0;
    const a = j * columns;
    const b = down === 0 ? a : a + columns;
    const at = base + (y + row) * stride + x;
    for (let column = 0; column < w; column += 1) {
      const u = Math.max(0, (column + 0.5) / size - 0.5);
      const i = Math.min(columns - 1, Math.floor(u));
      const across = i + 1 < columns ? Math.round((u - i) * 256) : 0;
      const next = across === 0 ? i : i + 1;
      const above = means[a + i]! * (256 - across) + means[a + next]! * across;
      const below = means[b + i]! * (256 - across) + means[b + next]! * across;
      data[at + column] = (above * (256 - down) + below * down + (1 << 19)) >> 20;
    }
  }
}
