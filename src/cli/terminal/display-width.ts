const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** East Asian wide and full-width characters (UAX #11), and emoji that terminals draw as two columns. */
const WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;]*m/g;

const widthOf = (grapheme: string): number =>
  ZERO.test(grapheme) ? 0 : WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;

/** Columns of a text on a terminal, without colours. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text.replace(ESCAPES, ''))) width += widthOf(segment);
  return width;
}

/** A plain text cut to a width in columns, with … at the cut. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    const next = width + widthOf(segment);
    if (next > columns - 1) break;
    kept += segment;
    width = next;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** A text wrapped to a width in columns, at spaces where possible; the second and later lines begin with `indent`. */
export function wrapText(text: string, columns: number, indent: string): string {
  const room = Math.max(10, columns);
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const end = (): void => {
    lines.push(line.trimEnd());
    line = indent;
    width = indent.length;
  };
  for (const [token] of text.matchAll(/\s+|\S+/g)) {
    const tokenWidth = displayWidth(token);
    const fresh = width <= (lines.length === 0 ? 0 : indent.length);
    if (width + tokenWidth > room && !fresh && tokenWidth <= room - indent.length) end();
    if (/^\s/.test(token) && lines.length > 0 && width === indent.length) continue;
    if (width + tokenWidth <= room) {
      line += token;
      width += tokenWidth;
      continue;
    }
    for (const { segment } of GRAPHEMES.segment(token)) {
      const one = widthOf(segment);
      if (width + one > room) end();
      line += segment;
      width += one;
    }
  }
  lines.push(line.trimEnd());
  return lines.join('\n');
}
