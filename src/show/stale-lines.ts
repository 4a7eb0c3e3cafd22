import { frameToSample, type FrameIndex } from '../core/time.js';
import type { Utterance } from '../core/speech.js';
import type { TextHit, TextVerdict } from '../core/verdict.js';
import { type FormerListings, isSameFinding, type Listings } from './listings.js';
import type { LinePlacer } from './placing/line-placer.js';
import type { PlacedLine } from './placing/placed-line.js';
import { sentenceAt, spokenSentences } from './placing/sentences-at.js';
import { isRefusedWhole } from './prepare-line.js';
import { isScript } from './plan.js';
import type { ReadyLine, ShowParts } from './show-parts.js';
import type { UnspokenLines } from './unspoken-lines.js';
import { judgeSpoken } from './judge-spoken.js';
import { withholds } from './line-actions.js';
import { voiceLanguage } from './line-voice.js';

type JudgeAgainParts = Pick<ShowParts, 'room' | 'judge' | 'speech'>;

/**
 * The withholding findings of a spoken line by the listings as they are now, as far as it did not have them when it was
 * prepared.
 */
function newFindings({ room, judge, speech }: JudgeAgainParts, ready: ReadyLine, now: Listings): TextHit[] {
  const { line } = ready;
  const language = line.language ?? room.language;
  const spoken = speech.spoken(line.text, voiceLanguage(room, line.language, line.role));
  const entry = now.of(line.product ?? line.about, line.text);
  const { hits } = judgeSpoken(judge, line.text, spoken, { surface: line.judgedAs, language, entry });
  return hits.filter((hit) => withholds(hit) && !ready.speech.hits.some((known) => isSameFinding(known, hit)));
}

/** A ready line with its caption judged by the listings as they are now, and with findings added to its speech. */
function withFindings(
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
const firstSampleOf = ({ words }: Pick<Utterance, 'words'>, { start }: TextHit): number =>
  words.find(({ endChar }) => endChar > start)?.startSample ?? 0;

/** A rest was judged in its whole line: those findings stay. */
const merged = (before: TextVerdict, now: TextVerdict): TextVerdict => {
  const more = now.hits.filter((hit) => !before.hits.some((known) => isSameFinding(known, hit)));
  return more.length === 0 ? before : { verdict: now.verdict, hits: [...before.hits, ...more].toSorted(byStart) };
};

const byStart = (a: TextHit, b: TextHit): number => a.start - b.start;

export interface StaleLinesOptions {
  readonly parts: Pick<ShowParts, 'room' | 'judge' | 'speech'>;
  readonly listings: FormerListings;
  readonly unspoken: UnspokenLines;
  readonly placer: Pick<LinePlacer, 'reach' | 'from' | 'onAirBefore'>;
}

/** Judges lines that are spoken already, or are on air, by listings that have changed since. */
export class StaleLines {
  constructor(private readonly options: StaleLinesOptions) {}

  /**
   * The scheduled lines that are taken back after a change. Script lines are made anew in any case; others only for words
   * that have become false among the scheduled lines, since they begin later then; never the voice of a person, who speaks on.
   */
  givesWay(now: FrameIndex): (one: PlacedLine) => boolean {
    const { parts, listings, placer } = this.options;
    const reach = placer.reach(now);
    const isOutdated = placer
      .from(reach)
      .some(({ slot, ready }) => slot.startFrame >= reach && newFindings(parts, ready, listings.current).length > 0);
    return isOutdated ? ({ line }) => line.voice === undefined : isScript;
  }

  /** The line with its findings as they are now; undefined when it may not be spoken any more. */
  judged(ready: ReadyLine): ReadyLine | undefined {
    const { parts, listings, unspoken } = this.options;
    const found = newFindings(parts, ready, listings.current);
    // In the voice of a person the words are muted.
    if (found.length > 0 && (ready.line.kind === 'script' || isRefusedWhole(ready.line))) {
      unspoken.stale(ready.line, found[0]!);
      return undefined;
    }
    return withFindings(parts, ready, listings.current, found);
  }

  /** How the line on air ends before words that have become false and were not heard yet; undefined when it has none. */
  endOnAir(now: FrameIndex): 'at-once' | 'after-sentence' | undefined {
    const { parts, listings, unspoken, placer } = this.options;
    const reach = placer.reach(now);
    const onAir = placer.onAirBefore(reach);
    if (onAir === undefined || onAir.line.voice !== undefined) return undefined;
    const { line, ready, slot } = onAir;
    const into = frameToSample(reach, parts.room.rate) - slot.startSample;
    const { utterance } = ready;
    const ahead = newFindings(parts, ready, listings.current).filter((hit) => firstSampleOf(utterance, hit) >= into);
    if (ahead.length === 0) return undefined;
    unspoken.stale(line, ahead[0]!);
    const { endChar } = sentenceAt(spokenSentences(utterance), into);
    return ahead.some(({ start }) => start < endChar) ? 'at-once' : 'after-sentence';
  }
}
