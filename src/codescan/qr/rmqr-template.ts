/*
 * rMQR (ISO/IEC 23941): one finder at the left, dark and light in turn along all four edges, a small finder at the lower
 * right, and columns of alignment marks.
 */

/** By width in modules: the columns in the middles of the alignment marks. */
export const ALIGNMENT_COLUMNS: Readonly<Record<number, readonly number[]>> = {
  27: [],
  43: [21],
  59: [19, 39],
  77: [25, 51],
  99: [23, 49, 75],
  139: [27, 55, 83, 111],
};
export const RMQR_WIDTHS = [27, 43, 59, 77, 99, 139] as const;
export const RMQR_HEIGHTS = [7, 9, 11, 13, 15, 17] as const;

/** Whether there is a symbol of that size. */
export const isRmqrSize = (width: number, height: number): boolean => width !== 27 || height === 11 || height === 13;

/** 1 dark, 0 light, of a module that is the same in all symbols of that size; undefined for data and format. */
export function rmqrModule(x: number, y: number, width: number, height: number): 0 | 1 | undefined {
  const dark = (is: boolean): 0 | 1 => (is ? 1 : 0);
  if (x < 8 && y < 7) {
    if (x === 7) return 0;
    return dark(Math.max(Math.abs(x - 3), Math.abs(y - 3)) !== 2);
  }
  if (x < 8 && y === 7 && height > 7) return 0;
  if (x >= width - 5 && y >= height - 5) {
    const ring = Math.max(Math.abs(x - width + 3), Math.abs(y - height + 3));
    return dark(ring !== 1);
  }
  const [top, bottom] = [y === 0, y === height - 1];
  for (const column of ALIGNMENT_COLUMNS[width] ?? []) {
    const away = Math.abs(x - column);
    if (away <= 1 && (y < 3 || y >= height - 3)) {
      const row = y < 3 ? Math.abs(y - 1) : Math.abs(height - 2 - y);
      return dark(away === 1 || row === 1);
    }
    if (away === 0) return dark(y % 2 === 0);
  }
  if (top || bottom) return dark(x % 2 === 0 || x === width - 2 || x === 1);
  if (x === 0 || x === width - 1) return dark(y % 2 === 0 || y === 1 || (x === 0 && y === height - 2));
  return undefined;
}
