import { isEngineError } from '../../core/errors.js';
import type { Box, FrameHit, FrameVerdict, TextHit } from '../../core/verdict.js';
import type { TextContext, TextJudge } from '../../moderation/index.js';
import type { TextLine } from './ocr-messages.js';
import type { TextReader } from './text-reader.js';

/** Lines that belong together, in reading order, with the position of each in the joined text. */
interface JoinedText {
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
    sortBy(rows, (r) => r[0]!.box.y),
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
    const before = out.find((o) => o.some((line) => continues(line, group[0]!, gap)));
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

/** Half-open range of UTF-16 offsets. */
interface Range {
  readonly start: number;
  readonly end: number;
}

const ADDRESS = /(?:\bw{3}\s?[.,·。]\s?|\bhttps?\s?[:：;]\s?[/／]{1,2}\s?)[a-z0-9][a-z0-9.,·/_-]{2,}/gi;

/**
 * Web addresses whose ending was misread (`www.shop.cor`) or cut off by the picture's edge. The text rules identify an
 * address by its top-level domain, which text recognition often garbles. The beginning is sufficient.
 */
function findMisreadLinks(text: string): Range[] {
  return [...text.matchAll(ADDRESS)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
}

/** The platform's own addresses, which may be shown. */
const isOwnAddress = (match: string): boolean => /[./](?:alibaba|taobao|tmall|1688|aliexpress)[.,·]/i.test(match);

export interface PictureTextContext extends Omit<TextContext, 'surface'> {
  readonly surface: 'frame' | 'cover';
}

export interface PictureTextVerdict extends FrameVerdict {
  /** The recognised lines, for the report and the ledger. */
  readonly lines: readonly TextLine[];
}

/** A hit with less confidence is left to a person: it is not claimed. */
const SURE = 0.6;
/** Maximum length of evidence, in characters. */
const EVIDENCE_CHARACTERS = 200;

/**
 * Judges the text inside a picture (straight RGBA) by the text rules, line by line and joined.
 *
 * Fails closed: when the text could not be read (the process died, or took too long) the verdict is `review` with one
 * hit of kind `unread-text`, rule 3.2. The picture must not be shown until it was read or a person passed it. E_CLOSED
 * is thrown, because then nobody is left to judge for.
 */
export async function judgePictureText(
  reader: Pick<TextReader, 'read'>,
  judge: Pick<TextJudge, 'judge'>,
  picture: { readonly rgba: Uint8Array; readonly width: number; readonly height: number },
  context: PictureTextContext,
): Promise<PictureTextVerdict> {
  let lines: readonly TextLine[];
  try {
    lines = await reader.read(picture.rgba, picture.width, picture.height);
  } catch (error) {
    if (!isEngineError(error) || error.code === 'E_CLOSED') throw error;
    const hit = { rule: '3.2', kind: 'unread-text', text: error.message.slice(0, EVIDENCE_CHARACTERS) };
    return { verdict: 'review', hits: [hit], lines: [] };
  }
  return { ...judgeLines(judge, lines, context), lines };
}

/** The verdict on recognised lines. Boxes are those of the lines that contain a hit. */
export function judgeLines(
  judge: Pick<TextJudge, 'judge'>,
  lines: readonly TextLine[],
  context: PictureTextContext,
): FrameVerdict {
  let hits: FrameHit[] = [];
  let verdict: FrameVerdict['verdict'] = 'clean';
  const take = (text: string, parts: readonly { line: TextLine; start: number; end: number }[]): void => {
    for (const found of [...judge.judge(text, context).hits, ...misread(text)]) {
      const inside = parts.filter((p) => p.start < found.end && found.start < p.end).map((p) => p.line);
      if (inside.length === 0) continue;
      const { rule, kind, match } = found;
      const box = around(inside.map((l) => l.box));
      // A line and its block often match the same words; the larger box is kept.
      if (hits.some((h) => h.rule === rule && within(box, h.box!))) continue;
      hits = hits.filter((h) => h.rule !== rule || !within(h.box!, box));
      hits.push({ rule, kind, text: match.slice(0, EVIDENCE_CHARACTERS), box });
      const mild = found.action === 'warn' || found.action === 'review';
      if (!mild && inside.every((l) => l.confidence >= SURE)) verdict = 'violation';
      else if (verdict === 'clean') verdict = 'review';
    }
  };
  for (const line of lines) take(line.text, [{ line, start: 0, end: line.text.length }]);
  for (const { text, parts } of joinLines(lines)) if (parts.length > 1) take(text, parts);
  return { verdict, hits };
}

/** Addresses garbled by recognition, as hits of the link rule. */
const misread = (text: string): TextHit[] =>
  findMisreadLinks(text)
    .map(({ start, end }) => ({ start, end, match: text.slice(start, end) }))
    .filter(({ match }) => !isOwnAddress(match))
    .map((range) => ({ ...range, rule: '3.2', kind: 'link', action: 'blank' }));

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
