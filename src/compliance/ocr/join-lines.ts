import type { TextLine } from './ocr-messages.js';

/** Lines that belong together, in reading order, with the position of each in the joined text. */
export interface JoinedText {
  readonly text: string;
  readonly parts: readonly { readonly line: TextLine; readonly start: number; readonly end: number }[];
}

/** Lines share a row when their centres differ by less than this part of the smaller height. */
const SAME_ROW = 0.5;
/** Maximum gaps between pieces of a row, and between rows of a block, in heights. */
const GAP_IN_ROW = 2;
const GAP_OF_ROWS = 1.2;
/** Maximum ratio of heights in a block; a heading is not part of the paragraph below it. */
const HEIGHT_RATIO = 1.8;

/**
 * Joins pieces of text as a reader would: pieces of a row from left to right, then the rows of a block from top to
 * bottom. A number or an address broken over two lines, or cut by the detector, is thus judged whole.
 *
 * Distant pieces are not joined: a price on the left and a size on the right are not a telephone number.
 */
export function joinLines(lines: readonly TextLine[]): JoinedText[] {
  const rows = chain(
    sortBy(lines, (l) => l.box.x).map((l) => [l]),
    sameRow,
    GAP_IN_ROW,
  );
  const blocks = chain(
    sortBy(rows, (r) => r[0].box.y),
    sameBlock,
    GAP_OF_ROWS,
  );
  return blocks.map((block) => {
    let text = '';
    const parts: { line: TextLine; start: number; end: number }[] = [];
    for (const line of block) {
      if (text !== '') text += ' ';
      parts.push({ line, start: text.length, end: text.length + line.text.length });
      text += line.text;
    }
    return { text, parts };
  });
}

type Group = readonly TextLine[];

/** Appends each group to the first group whose last line it continues. */
function chain(groups: readonly Group[], continues: (a: TextLine, b: TextLine, gap: number) => boolean, gap: number) {
  const out: TextLine[][] = [];
  for (const group of groups) {
    const before = out.find((o) => o.some((line) => continues(line, group[0], gap)));
    if (before === undefined) out.push([...group]);
    else before.push(...group);
  }
  return out;
}

function sameRow(a: TextLine, b: TextLine, gap: number): boolean {
  const smaller = Math.min(a.box.height, b.box.height);
  const middles = Math.abs(a.box.y + a.box.height / 2 - b.box.y - b.box.height / 2);
  const between = b.box.x - (a.box.x + a.box.width);
  return middles < SAME_ROW * smaller && between < gap * smaller && similar(a, b);
}

function sameBlock(a: TextLine, b: TextLine, gap: number): boolean {
  const between = b.box.y - (a.box.y + a.box.height);
  const shared = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  return between < gap * Math.min(a.box.height, b.box.height) && shared > 0 && similar(a, b);
}

const similar = (a: TextLine, b: TextLine): boolean =>
  Math.max(a.box.height, b.box.height) < HEIGHT_RATIO * Math.min(a.box.height, b.box.height);

const sortBy = <T>(items: readonly T[], key: (item: T) => number): T[] => [...items].sort((a, b) => key(a) - key(b));
