import type { SpeechService } from '../speech/speech-service.js';
import type { RundownLine } from './rundown.js';
import type { lineVoice } from './line-voice.js';

/** Of a line of the script, one a round; each is kept on the disk. */
export const TAKES = 3;

/** How many ways a voice has to say a line: a person says it a little differently each time, a machine does not. */
export const takesOf = (speech: Pick<SpeechService, 'isSlow'>, voice: ReturnType<typeof lineVoice>): number =>
  /^en\b/i.test(voice.language) || speech.isSlow(voice) ? TAKES : 1;

/** The take of a line that comes again, as the seed of its voice. */
export function takeOf({ position }: Pick<RundownLine, 'position'>, takes: number): { readonly seed?: number } {
  const take = (position?.round ?? 0) % takes;
  return take === 0 ? {} : { seed: take };
}
