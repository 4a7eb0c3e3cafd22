import { VoiceFault } from '../providers/voice-fault.js';
import type { SourceClip } from '../providers/voice-source.js';

/**
 * Refuses sound that cannot be the text: services cut a stream without an error, answer with silence, and neural voices
 * sometimes go on for minutes. The limits are far from real speech: 50 letters a second, one in two seconds.
 */
const MIN_SECONDS_PER_LETTER = 0.02;
const MAX_SECONDS_PER_LETTER = 2;
const MAX_SPARE_SECONDS = 5;
const AUDIBLE = 32_768 * 10 ** (-50 / 20);

export function refuseImplausible({ pcm, rateHz }: SourceClip, text: string, rate: number): void {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const seconds = (pcm.length / rateHz) * rate;
  const found = `${(pcm.length / rateHz).toFixed(2)} s of sound for ${letters} letters`;
  if (seconds < letters * MIN_SECONDS_PER_LETTER) throw new VoiceFault('passing', `${found}: it breaks off`);
  if (seconds > letters * MAX_SECONDS_PER_LETTER + MAX_SPARE_SECONDS)
    throw new VoiceFault('passing', `${found}: more than the text`);
  if (letters > 0 && !pcm.some((x) => Math.abs(x) > AUDIBLE)) throw new VoiceFault('passing', `${found}: silence`);
}
