import type { Script } from '../config/sections/script.js';
import { baseLanguage } from '../moderation/index.js';
import { Rundown } from '../show/rundown.js';
import { lineSeconds } from './draft.js';
import { sentencePlans } from './plan-schema.js';

const WINDOW_S = 2 * 3600;
const CHARS_PER_SECOND = 14;

export interface Repetition {
  /** Lines that were spoken. */
  readonly spoken: number;
  /** Share of them whose sentence had been said within the two hours before. */
  readonly repeatedShare: number;
  /** How often a sentence is said within the two hours that begin with it. */
  readonly mean: number;
  readonly p95: number;
  readonly maximum: number;
  /** Shortest time between two sayings of one sentence; Infinity where none comes again. */
  readonly shortestGapS: number;
}

/** Counts how often the sentences of a show come again; call `say` for each in turn. */
class RepetitionCount {
  private readonly said = new Map<string, number[]>();
  private at = 0;
  private spoken = 0;
  private repeated = 0;

  /** The time of the next sentence. */
  get seconds(): number {
    return this.at;
  }

  say(text: string, seconds: number): void {
    const times = this.said.get(text);
    this.spoken += 1;
    if (times === undefined) this.said.set(text, [this.at]);
    else {
      if (this.at - times.at(-1)! < WINDOW_S) this.repeated += 1;
      times.push(this.at);
    }
    this.at += seconds;
  }

  result(): Repetition {
    const counts: number[] = [];
    let shortestGapS = Infinity;
    for (const times of this.said.values()) {
      let end = 0;
      for (const [i, time] of times.entries()) {
        while (end < times.length && times[end]! < time + WINDOW_S) end += 1;
        // Windows that the show's end cuts short would look better than they are.
        if (time + WINDOW_S <= this.at) counts.push(end - i);
        if (i > 0) shortestGapS = Math.min(shortestGapS, time - times[i - 1]!);
      }
    }
    counts.sort((a, b) => a - b);
    return {
      spoken: this.spoken,
      repeatedShare: this.repeated / Math.max(1, this.spoken),
      mean: counts.reduce((sum, n) => sum + n, 0) / Math.max(1, counts.length),
      p95: counts[Math.floor(counts.length * 0.95)] ?? 0,
      maximum: counts.at(-1) ?? 0,
      shortestGapS,
    };
  }
}

/** Estimated time of one wording in a language, with the silence after it. */
export function spokenSeconds(text: string, language: string, gapMs: number): number {
  const rate = sentencePlans().get(baseLanguage(language))?.charsPerSecond ?? CHARS_PER_SECOND;
  return lineSeconds({ wordings: [text] }, rate, gapMs);
}

/**
 * Plays a rundown by estimated speaking times, without sound, and counts how often its sentences come again. `onLine` is
 * called before each line with the time of the show, for what works beside it.
 */
export async function playRepetition(
  rundown: Rundown,
  seconds: number,
  language: string,
  onLine: (atS: number) => Promise<void> = () => Promise.resolve(),
): Promise<Repetition> {
  const count = new RepetitionCount();
  const { gapMs } = rundown.script.content;
  while (count.seconds < seconds) {
    await onLine(count.seconds);
    const line = rundown.next();
    if (line === undefined) break;
    count.say(line.text, spokenSeconds(line.text, line.language ?? language, line.pauseMs ?? gapMs));
  }
  return count.result();
}

export const measureRepetition = (script: Script, seconds: number, language: string): Promise<Repetition> =>
  playRepetition(new Rundown(script), seconds, language);
