import type { TextHit } from '../core/verdict.js';
import { isRowOfFigures } from './numbers/figure-rows.js';
import type { TextContext, TextJudge } from './text-judge.js';

/** Of what came before, so much is looked at. */
const REACH = 80;
/** The rule of contacts: its matter alone is made of parts that say nothing by themselves. */
const CONTACT_RULE = '3.2';
/** So near to the seam what is found begins. */
const NEAR = 24;
/** Letters of an app's name, cut in two. */
const LONGEST_CUT = 10;
const STOP = /[.!?…。！？।؟][\s"'”’)\]]*$/u;
const END_SIGNS = /[\s.,;:!?…。，、；：！？।؟-]+$/u;
/** Signs that are written without blanks between words. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** What an account's name has and a usual word has not. */
const NAME_LIKE = /[\d_@]|[零〇一二三四五六七八九幺]{4,}/u;

/** What a viewer has seen or heard last, as far as the next text may go on with it. */
export const recentText = (before: string, text: string): string => `${before} ${text}`.slice(-REACH * 2).trim();

/**
 * What only the end of one text and the beginning of the next give away together: half a number in each, 微 and 信. Offsets are
 * those of `text`, from its beginning on; the action is that of a frame. Empty where either says it alone.
 *
 * Only contacts: two harmless lines make an absolute claim or an insult by chance too often.
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
  // On the surface of a picture lines are bits of sentences: neither their language nor their sense as a whole is judged.
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
      h.start >= head.length - NEAR &&
      h.end > seam &&
      !(h.kind === 'phone' && isRowOfFigures(h.match)),
  );
  if (across.length === 0) return [];
  // Behind a stop, or behind what was found there by itself, only a name or a number goes on; else a name cut in two as well.
  const ends = STOP.test(before) || contacts(head).some((h) => h.end === head.length);
  const isCut = (h: TextHit): boolean => !ends && h.kind === 'platform' && h.match.length <= LONGEST_CUT;
  const alone = contacts(tail);
  return across
    .filter((h) => h.kind === 'phone' || NAME_LIKE.test(tail.slice(0, h.end - seam)) || isCut(h))
    .map((h) => ({ ...h, start: 0, end: h.end - seam }))
    .filter(({ end }) => !alone.some((a) => a.start === 0 && a.end >= end))
    .map((h) => ({ ...h, start: skipped, end: h.end + skipped, match: tail.slice(0, h.end) }));
}
