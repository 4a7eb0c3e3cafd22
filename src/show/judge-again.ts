import type { Utterance } from '../core/speech.js';
import type { TextHit, TextVerdict } from '../core/verdict.js';
import type { Listings } from './listings.js';
import { isSameFinding } from './products/former-listings.js';
import { judgeSpoken } from './judge-spoken.js';
import { withholds } from './line-actions.js';
import { voiceLanguage } from './line-voice.js';
import type { ReadyLine, ShowParts } from './show-parts.js';

type JudgeAgainParts = Pick<ShowParts, 'room' | 'judge' | 'speech'>;

/**
 * The withholding findings of a spoken line by the listings as they are now, as far as it did not have them when it was
 * prepared.
 */
export function newFindings({ room, judge, speech }: JudgeAgainParts, ready: ReadyLine, now: Listings): TextHit[] {
  const { line } = ready;
  const language = line.language ?? room.language;
  const spoken = speech.spoken(line.text, voiceLanguage(room, line.language, line.role));
  const entry = now.of(line.product ?? line.about, line.text);
  const { hits } = judgeSpoken(judge, line.text, spoken, { surface: line.judgedAs, language, entry });
  return hits.filter((hit) => withholds(hit) && !ready.speech.hits.some((known) => isSameFinding(known, hit)));
}

/** A ready line with its caption judged by the listings as they are now, and with findings added to its speech. */
export function withFindings(
  { room, judge }: Pick<ShowParts, 'room' | 'judge'>,
  ready: ReadyLine,
  now: Listings,
  found: readonly TextHit[],
): ReadyLine {
  const { line } = ready;
  const entry = now.of(line.product ?? line.about, line.text);
  const language = line.language ?? room.language;
  const speech: TextVerdict =
    found.length === 0
      ? ready.speech
      : { verdict: 'violation', hits: [...ready.speech.hits, ...found].toSorted(byStart) };
  const caption = ready.caption && judge.judge(line.caption, { surface: 'caption', language, entry });
  return { ...ready, speech, caption: caption === undefined ? undefined : merged(ready.caption!, caption) };
}

/** The first sample of a finding's words; of the whole line where the voice gave no times. */
export const firstSampleOf = ({ words }: Pick<Utterance, 'words'>, { start }: TextHit): number =>
  words.find(({ endChar }) => endChar > start)?.startSample ?? 0;

/** A rest was judged in its whole line: those findings stay. */
const merged = (before: TextVerdict, now: TextVerdict): TextVerdict => {
  const more = now.hits.filter((hit) => !before.hits.some((known) => isSameFinding(known, hit)));
  return more.length === 0 ? before : { verdict: now.verdict, hits: [...before.hits, ...more].toSorted(byStart) };
};

const byStart = (a: TextHit, b: TextHit): number => a.start - b.start;
