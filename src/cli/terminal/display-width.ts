import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns of a text on a terminal, without colours. */
export const displayWidth = (text: string): number => stringWidth(text);

/** A plain text cut to a width in columns, with … at the cut. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    const next = width + displayWidth(segment);
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
      const one = displayWidth(segment);
      if (width + one > room) end();
      line += segment;
      width += one;
    }
  }
  lines.push(line.trimEnd());
  return lines.join('\n');
}
