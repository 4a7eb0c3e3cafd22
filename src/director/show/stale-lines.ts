import { frameToSample, type FrameIndex } from '../../core/time.js';
import type { FormerListings } from '../products/former-listings.js';
import { firstSampleOf, newFindings, withFindings } from './judge-again.js';
import type { PlacedLine } from './placing/placed-line.js';
import { sentenceAt, spokenSentences } from './placing/sentences-at.js';
import { isRefusedWhole } from './prepare-line.js';
import type { ReadyLine, ShowParts } from './show-parts.js';
import type { UnspokenLines } from './unspoken-lines.js';

export interface StaleLinesOptions {
  readonly parts: Pick<ShowParts, 'room' | 'judge' | 'speech'>;
  readonly listings: FormerListings;
  readonly unspoken: UnspokenLines;
}

/** Judges lines that are spoken already, or are on air, by listings that have changed since. */
export class StaleLines {
  constructor(private readonly options: StaleLinesOptions) {}

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
  endOf({ line, ready, slot }: PlacedLine, reach: FrameIndex): 'at-once' | 'after-sentence' | undefined {
    const { parts, listings, unspoken } = this.options;
    if (line.voice !== undefined) return undefined;
    const into = frameToSample(reach, parts.room.rate) - slot.startSample;
    const { utterance } = ready;
    const ahead = newFindings(parts, ready, listings.current).filter((hit) => firstSampleOf(utterance, hit) >= into);
    if (ahead.length === 0) return undefined;
    unspoken.stale(line, ahead[0]!);
    const { endChar } = sentenceAt(spokenSentences(utterance), into);
    return ahead.some(({ start }) => start < endChar) ? 'at-once' : 'after-sentence';
  }
}
