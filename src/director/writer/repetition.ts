import type { Script } from '../../config/sections/script.js';
import { baseLanguage } from '../../moderation/index.js';
import { Rundown } from '../rundown.js';
import { lineSeconds } from './fit-minutes.js';
import { sentencePlans } from './load-plans.js';

const WINDOW_S = 2 * 3600;
const CHARS_PER_SECOND = 14;

export interface Repetition {
  /** How often a sentence is said within the two hours that begin with it. */
  readonly mean: number;
  readonly p95: number;
  readonly maximum: number;
  /** Shortest time between two sayings of one sentence; Infinity where none comes again. */
  readonly shortestGapS: number;
}

/** Plays a script's rundown by estimated speaking times, without sound, and counts how often its sentences come again. */
export function measureRepetition(script: Script, seconds: number, language: string): Repetition {
  const rundown = new Rundown(script);
  const rate = sentencePlans().get(baseLanguage(language))?.charsPerSecond ?? CHARS_PER_SECOND;
  const said = new Map<string, number[]>();
  let at = 0;
  for (let line = rundown.next(); line !== undefined && at < seconds; line = rundown.next()) {
    const times = said.get(line.text);
    if (times === undefined) said.set(line.text, [at]);
    else times.push(at);
    at += lineSeconds({ wordings: [line.text] }, rate, line.pauseMs ?? script.gapMs);
  }
  const counts: number[] = [];
  let shortestGapS = Infinity;
  for (const times of said.values()) {
    let end = 0;
    for (const [i, time] of times.entries()) {
      while (end < times.length && times[end]! < time + WINDOW_S) end += 1;
      // Windows that the show's end cuts short would look better than they are.
      if (time + WINDOW_S <= at) counts.push(end - i);
      if (i > 0) shortestGapS = Math.min(shortestGapS, time - times[i - 1]!);
    }
  }
  counts.sort((a, b) => a - b);
  return {
    mean: counts.reduce((sum, n) => sum + n, 0) / Math.max(1, counts.length),
    p95: counts[Math.floor(counts.length * 0.95)] ?? 0,
    maximum: counts.at(-1) ?? 0,
    shortestGapS,
  };
}
