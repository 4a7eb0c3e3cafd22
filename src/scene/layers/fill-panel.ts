import type { PanelSheet } from './panel-sheet.js';

/** Letters of a panel that has room are made larger: most viewers look at a telephone. */
const SCALES = [1.5, 1.4, 1.3, 1.2, 1.1, 1];
/** Fewer rows are read more easily than small letters. */
const READABLE = 1.2;

/**
 * A table in a panel of a given height: rows and letters so that it fills the panel and does not leave it. `draw` draws that many
 * rows at a scale of letters. Down to `minRows` rows, and then the unit, are left out for letters of a readable size; fewer rows only where the smallest
 * letters do not fit either. A panel without a height grows with its rows.
 */
export async function fillPanel(
  rows: number,
  minRows: number,
  hasHeight: boolean,
  draw: (rows: number, scale: number) => Promise<PanelSheet>,
): Promise<PanelSheet> {
  if (!hasHeight) return draw(rows, 1);
  const least = Math.min(rows, minRows);
  const readable = SCALES.filter((scale) => scale >= READABLE);
  for (const [from, to, scales, crowded] of [
    [rows, least, readable, false],
    [rows, least, readable, true],
    [rows, 1, SCALES.slice(readable.length), true],
  ] as const) {
    for (let count = from; count >= to; count -= 1)
      for (const scale of scales) {
        const sheet = await draw(count, scale);
        if (sheet.fits && (crowded || !sheet.crowded)) return sheet;
      }
  }
  return draw(1, 1);
}
