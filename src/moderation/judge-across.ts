import type { TextHit } from '../core/verdict.js';
import { isRowOfFigures } from './numbers/figure-rows.js';
import type { TextContext, TextJudge } from './text-judge.js';

/** Maximum characters of the earlier text. */
const REACH = 80;
/** The contact rule: only its matches consist of parts that are harmless by themselves. */
const CONTACT_RULE = '3.2';
/** Maximum distance of a match's beginning from the seam. */
const MAX_SEAM_CHARS = 24;
/** Maximum letters of a split app name. */
const MAX_CUT_LETTERS = 10;
const STOP = /[.!?…。！？।؟][\s"'”’)\]]*$/u;
const END_SIGNS = /[\s.,;:!?…。，、；：！？।؟-]+$/u;
/** Scripts without blanks between words. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Features of account names that usual words lack. */
const NAME_LIKE = /[\d_@]|[零〇一二三四五六七八九幺]{4,}/u;

/** The last words that a viewer has seen or heard, as context for the next text. */
export const recentText = (before: string, text: string): string => `${before} ${text}`.slice(-REACH * 2).trim();

/**
 * Matches that only the end of one text and the beginning of the next show together: half a number in each, 微 and 信.
 * Offsets are those of `text`; the action is that of a frame. Empty where one of the texts matches by itself.
 *
 * Only contacts: two harmless lines too often form an absolute claim or an insult by chance.
 */
export function judgeAcross(
  judge: Pick<TextJudge, 'judge'>,
  before: string,
  text: string,
  language: string,
): TextHit[] {
  const head = before.slice(-REACH).replace(END_SIGNS, '').trimStart();
  // Nothing that begins before the seam reaches further.
  const tail = text.trimStart().slice(0, REACH * 2);
  if (head === '' || tail === '') return [];
  // On the picture surface lines are fragments of sentences: neither language nor overall sense is judged.
  const context: TextContext = { surface: 'frame', language };
  const contacts = (of: string): readonly TextHit[] =>
    judge.judge(of, context).hits.filter((h) => h.rule === CONTACT_RULE);
  const dense = DENSE.test(head.at(-1)!) && DENSE.test(tail[0]!);
  const joint = dense ? '' : ' ';
  const seam = head.length + joint.length;
  const skipped = text.length - text.trimStart().length;
  const across = contacts(head + joint + tail).filter(
    (h) =>
      h.start < head.length &&
      h.start >= head.length - MAX_SEAM_CHARS &&
      h.end > seam &&
      !(h.kind === 'phone' && isRowOfFigures(h.match)),
  );
  if (across.length === 0) return [];
  // After a stop or a match, only a name or a number may continue; otherwise a split name may as well.
  const ends = STOP.test(before) || contacts(head).some((h) => h.end === head.length);
  const isCut = (h: TextHit): boolean => !ends && h.kind === 'platform' && h.match.length <= MAX_CUT_LETTERS;
  const alone = contacts(tail);
  return across
    .filter((h) => h.kind === 'phone' || NAME_LIKE.test(tail.slice(0, h.end - seam)) || isCut(h))
    .map((h) => ({ ...h, start: 0, end: h.end - seam }))
    .filter(({ end }) => !alone.some((a) => a.start === 0 && a.end >= end))
    .map((h) => ({ ...h, start: skipped, end: h.end + skipped, match: tail.slice(0, h.end) }));
}
