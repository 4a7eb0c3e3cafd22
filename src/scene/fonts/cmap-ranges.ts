/** First and last code point, both included. */
export type CodePointRange = readonly [first: number, last: number];

/**
 * The code points that a font's "cmap" table maps to a glyph, by the two forms in use: 4 (basic plane) and 12 (all of
 * Unicode). Throws a RangeError for a table that ends early.
 *
 * Source: OpenType 1.9.1, "cmap". Segments of form 4 with a glyph array may map single characters to glyph 0; those are
 * left out.
 */
export function cmapRanges(cmap: DataView): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  const subtables = cmap.getUint16(2);
  const seen = new Set<number>();
  for (let i = 0; i < subtables; i += 1) {
    const record = 4 + i * 8;
    const platform = cmap.getUint16(record);
    const encoding = cmap.getUint16(record + 2);
    const at = cmap.getUint32(record + 4);
    if (!(platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))) || seen.has(at)) continue;
    seen.add(at);
    const form = cmap.getUint16(at);
    if (form === 4) segments(cmap, at, ranges);
    else if (form === 12) groups(cmap, at, ranges);
  }
  return ranges;
}

function segments(cmap: DataView, at: number, ranges: CodePointRange[]): void {
  const bytes = cmap.getUint16(at + 6);
  const ends = at + 14;
  const starts = ends + bytes + 2;
  const deltas = starts + bytes;
  const offsets = deltas + bytes;
  for (let i = 0; i < bytes; i += 2) {
    const first = cmap.getUint16(starts + i);
    const last = cmap.getUint16(ends + i);
    if (first === 0xffff) continue;
    const delta = cmap.getUint16(deltas + i);
    const offset = cmap.getUint16(offsets + i);
    const isMapped = (code: number): boolean =>
      offset === 0 ? ((code + delta) & 0xffff) !== 0 : cmap.getUint16(offsets + i + offset + 2 * (code - first)) !== 0;
    let from = -1;
    for (let code = first; code <= last + 1; code += 1) {
      const mapped = code <= last && isMapped(code);
      if (mapped && from < 0) from = code;
      if (!mapped && from >= 0) {
        ranges.push([from, code - 1]);
        from = -1;
      }
    }
  }
}

function groups(cmap: DataView, at: number, ranges: CodePointRange[]): void {
  const count = cmap.getUint32(at + 12);
  for (let i = 0; i < count; i += 1) {
    const group = at + 16 + i * 12;
    const glyph = cmap.getUint32(group + 8);
    const first = cmap.getUint32(group) + (glyph === 0 ? 1 : 0);
    const last = cmap.getUint32(group + 4);
    if (first <= last) ranges.push([first, last]);
  }
}
