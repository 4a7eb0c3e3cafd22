import type { TextLine } from './ocr-messages.js';

/** So much of a line lies within another one, of its own area. */
const MOSTLY = 0.6;
/** What is so much lower is a line of its own: small print on a large letter. */
const AS_HIGH = 0.4;

/**
 * Lines of a close look with those of one from further away. Of letters as large as half of the picture the close look has bits, which are left
 * out where the other read the whole as surely.
 */
export function withLargeLines(close: readonly TextLine[], large: readonly TextLine[]): TextLine[] {
  const isBit = (line: TextLine): boolean =>
    large.some(
      (l) =>
        l.confidence >= line.confidence - 0.1 &&
        line.box.height >= AS_HIGH * l.box.height &&
        line.text.length < l.text.length &&
        within(line, l) >= MOSTLY,
    );
  const kept = close.filter((line) => !isBit(line));
  const isKnown = (l: TextLine): boolean => kept.some((line) => line.text === l.text && within(l, line) >= MOSTLY);
  const more = large.filter((l) => !isKnown(l));
  return more.length === 0 ? kept : [...kept, ...more].toSorted((a, b) => a.box.y - b.box.y);
}

/** The share of a line's area that lies in another one. */
function within({ box: a }: TextLine, { box: b }: TextLine): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (a.width * a.height);
}
