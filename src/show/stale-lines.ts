import { frameToSample, type FrameIndex } from '../core/time.js';
import type { FormerListings } from './products/former-listings.js';
import { firstSampleOf, newFindings, withFindings } from './judge-again.js';
import type { LinePlacer } from './placing/line-placer.js';
import type { PlacedLine } from './placing/placed-line.js';
import { sentenceAt, spokenSentences } from './placing/sentences-at.js';
import { isRefusedWhole } from './prepare-line.js';
import { isScript } from './returned-lines.js';
import type { ReadyLine, ShowParts } from './show-parts.js';
import type { UnspokenLines } from './unspoken-lines.js';

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
