import { isEngineError } from '../../core/errors.js';
import type { Box, FrameHit, FrameVerdict, TextHit } from '../../core/verdict.js';
import type { TextContext, TextJudge } from '../../moderation/index.js';
import { joinLines } from './join-lines.js';
import { findMisreadLinks, isOwnAddress } from './misread-links.js';
import type { TextLine } from './ocr-messages.js';
import type { TextReader } from './text-reader.js';

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
