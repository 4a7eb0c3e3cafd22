import { wordingsOf } from '../../config/sections/script.js';
import { baseLanguage } from '../../moderation/index.js';
import type { ScriptContent } from '../../show/script/live-script.js';
import { lineSeconds } from '../fit-minutes.js';
import { sentencePlans } from '../load-plans.js';
import { MAX_PER_LINE } from './fresh-wordings.js';

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
