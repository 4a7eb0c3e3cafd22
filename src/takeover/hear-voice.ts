import { heardSounds } from '../avatar/heard-sounds.js';
import { integratedLoudness } from '../core/audio/loudness.js';
import { Resampler } from '../core/audio/resample.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';
import type { Utterance } from '../core/speech.js';
import { heardWords } from '../speech/recogniser/heard-words.js';
import { RECOGNISER_RATE_HZ, type Recogniser } from '../speech/recogniser/recogniser.js';
import { silenceUnheard } from './silence-unheard.js';
import { levelOf } from './voice-chunker.js';

export interface HearVoiceOptions {
  readonly recogniser: Recogniser;
  /** BCP-47. */
  readonly language: string;
  /** Of the whole voice; default: of this piece. */
  readonly loudnessLufs?: number;
  /** Level of its room in dBFS; default: in this piece. */
  readonly roomDb?: number;
  readonly signal: AbortSignal;
}

/** A piece of voice with its words. */
export interface HeardVoice {
  readonly utterance: Utterance;
  /** Speech without a recognised word, which was silenced. */
  readonly silencedMs: number;
}

let toRecogniser: Resampler | undefined;

/**
 * Writes down a piece of voice. Speech that no recognised word covers is silenced, since nobody judged it. Undefined when
 * no word was recognised. Throws E_RECOGNISER_FAILED, also when words have no times, and the signal's reason.
 */
export async function hearVoice(
  pcm: Float32Array,
  { recogniser, language, loudnessLufs, roomDb, signal }: HearVoiceOptions,
): Promise<HeardVoice | undefined> {
  toRecogniser ??= new Resampler(SAMPLE_RATE_HZ, RECOGNISER_RATE_HZ);
  const transcript = await recogniser.recognise({ pcm: toRecogniser.convert(pcm), language, signal });
  const { text, words, muteGuardSamples } = heardWords(transcript, pcm.length);
  if (words.length === 0) return undefined;
  const shared = new Float32Array(new SharedArrayBuffer(pcm.length * Float32Array.BYTES_PER_ELEMENT));
  shared.set(pcm);
  const silenced = silenceUnheard(shared, words, roomDb);
  const utterance: Utterance = {
    id: 'voice',
    text,
    language,
    voice: 'a person',
    pcm: shared,
    words,
    phonemes: heardSounds(shared),
    loudnessLufs: loudnessLufs ?? loudnessOf(pcm),
    muteGuardSamples,
  };
  return { utterance, silencedMs: Math.round((silenced * 1000) / SAMPLE_RATE_HZ) };
}

/** A sound shorter than a block of BS.1770 has no integrated loudness; its level is near it. */
export function loudnessOf(pcm: Float32Array): number {
  const lufs = integratedLoudness(pcm, 1);
  return lufs === -Infinity ? Math.max(-70, levelOf(pcm) - 0.7) : lufs;
}
