import type { LiveLine, ScriptContent } from '../../show/script/live-script.js';
import type { AddedWordings } from '../../show/script/wording-choice.js';
import { wordingsOf } from '../../config/sections/script.js';
import { baseLanguage } from '../../moderation/index.js';
import { lineSeconds } from '../draft.js';
import { sentencePlans } from '../plan-schema.js';

/** Enough for a line that comes every minute of two hours. */
export const MAX_PER_LINE = 128;

/**
 * Wordings that were written on air, by line. A line is never changed, only replaced, so an edited line begins without any,
 * and those of a removed one are freed with it.
 */
export class FreshWordings implements AddedWordings {
  private readonly lines = new WeakMap<LiveLine, string[]>();

  of(line: LiveLine): readonly string[] {
    return this.lines.get(line) ?? [];
  }

  add(line: LiveLine, wording: string): void {
    const list = this.lines.get(line);
    if (list === undefined) this.lines.set(line, [wording]);
    else if (list.length < MAX_PER_LINE) list.push(wording);
  }

  clear(line: LiveLine): void {
    this.lines.delete(line);
  }
}

const CHARS_PER_SECOND = 14;
/** Answers to viewers and pauses make a round longer, never shorter: this is on the safe side. */
const MARGIN = 1.1;

/** Wordings that each line needs so that none comes again within some hours, at the length of a round. */
export function wantedWordings(
  { segments, gapMs }: ScriptContent,
  room: string,
  hours: number,
  speaks: (segment: number) => boolean,
): number {
  const plans = sentencePlans();
  let seconds = 0;
  for (const [i, { lines }] of segments.entries()) {
    if (!speaks(i)) continue;
    for (const line of lines) {
      const rate = plans.get(baseLanguage(line.language ?? room))?.charsPerSecond ?? CHARS_PER_SECOND;
      seconds += lineSeconds({ wordings: wordingsOf(line) }, rate, line.pauseMs ?? gapMs);
    }
  }
  const rounds = (hours * 3600 * MARGIN) / Math.max(1, seconds);
  return Math.min(MAX_PER_LINE, Math.ceil(rounds) + 1);
}
