import type { TextLine } from './ocr-messages.js';

/** Share of a line's own area inside another line from which it counts as contained. */
const MOSTLY = 0.6;
/** Maximum height ratio of a separate line: small print on a large letter. */
const AS_HIGH = 0.4;

/**
 * Merges the lines of a close reading with those of a distant one. The close reading sees only fragments of letters as
 * large as half of the picture; they are dropped where the distant reading has the whole with equal confidence.
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

/** The share of a line's area inside another one. */
function within({ box: a }: TextLine, { box: b }: TextLine): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (a.width * a.height);
}
