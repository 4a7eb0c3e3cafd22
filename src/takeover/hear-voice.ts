import { heardSounds } from '../avatar/heard-sounds.js';
import { integratedLoudness } from '../core/audio/loudness.js';
import { Resampler } from '../core/audio/resample.js';
import type { Utterance, WordTiming } from '../core/speech.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';
import { heardWords } from '../speech/recogniser/heard-words.js';
import { type Recogniser, RECOGNISER_RATE_HZ } from '../speech/recogniser/speech-recogniser.js';
import { levelOf, VOICE_FRAME } from './voice-chunker.js';

/*
 * Problem: recognisers leave out words, above all mumbled ones and those of another language. Such a word has no verdict,
 * and its sound often stands in the time of the word before or after it.
 * Rule: a word covers the speech in its time, and no more of it than its letters can take; in a time with more than twice
 * as much it covers none, since nothing shows where in it the word is. All other sound that is louder than the room is
 * silenced.
 * Numbers: a letter takes 120 ms at most (75 ms are usual), a syllable of Chinese or Korean 350 ms, a mora of Japanese
 * 250 ms, a digit 600 ms ("seventy-seven" for two), a capital of an abbreviation 300 ms, a sign that is read out 500 ms;
 * each word 250 ms more, for slow speech. Recognised times are off by 250 ms at most. The room is the quietest fiftieth of
 * the frames, since speech of seconds has that many closures; sound is 6 dB above it, and in any case above −45 dBFS,
 * but never below −64 dBFS. Sound above −30 dBFS counts as speech in a word's time even in a noisy room.
 */

const REACH = (250 * SAMPLE_RATE_HZ) / 1000;
const MIN_FRAMES = 5;
const ROOM_QUANTILE = 0.02;
const ABOVE_ROOM_DB = 6;
const MIN_SOUND_DB = -64;
const MAX_SOUND_DB = -45;
const MAX_SPEECH_DB = -30;
const MAX_FILLED = 2;
const RAMP = 240;

const WORD_MS = 250;
const LETTER_MS: readonly (readonly [of: RegExp, ms: number])[] = [
  [/[\p{Script=Han}\p{Script=Hangul}]/u, 350],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 250],
  [/\p{N}/u, 600],
  [/\p{L}/u, 120],
  [/[\p{Sc}%&@#+=°]/u, 500],
];
const CAPITAL_MS = 300;
const ABBREVIATION = /^\p{Lu}{2,5}$/u;

/** The longest time that somebody may take to say a word. */
export function maxSpokenMs(word: string, isInMixedCase: boolean): number {
  if (isInMixedCase && ABBREVIATION.test(word)) return WORD_MS + CAPITAL_MS * word.length;
  let ms = WORD_MS;
  for (const letter of word) ms += LETTER_MS.find(([of]) => of.test(letter))?.[1] ?? 0;
  return ms;
}

/** Level of the room in a voice, in dBFS. */
export const roomLevelOf = (levels: Float64Array): number =>
  levels.toSorted()[Math.floor(levels.length * ROOM_QUANTILE)] ?? -Infinity;

const aboveRoom = (roomDb: number, most: number): number =>
  Math.min(most, Math.max(MIN_SOUND_DB, roomDb + ABOVE_ROOM_DB));

/** Levels of a voice, frame by frame. */
export const levelsOf = (pcm: Float32Array): Float64Array =>
  Float64Array.from({ length: Math.ceil(pcm.length / VOICE_FRAME) }, (_, i) =>
    levelOf(pcm.subarray(i * VOICE_FRAME, (i + 1) * VOICE_FRAME)),
  );

/**
 * Silences, in place, sound that no word covers; returns how many samples.
 *
 * @param roomDb from `roomLevelOf`, of the whole voice; default: of this piece
 */
function silenceUnheard(pcm: Float32Array, words: readonly WordTiming[], roomDb?: number): number {
  const levels = levelsOf(pcm);
  const room = roomDb ?? roomLevelOf(levels);
  const threshold = aboveRoom(room, MAX_SOUND_DB);
  const speech = aboveRoom(room, MAX_SPEECH_DB);
  const covered = new Uint8Array(levels.length);
  const isInMixedCase = words.some(({ text }) => /\p{Ll}/u.test(text));
  for (const word of words) cover(covered, levels, speech, word, maxSpokenMs(word.text, isInMixedCase));
  const isUnheard = (i: number): boolean => levels[i]! > threshold && covered[i] === 0;
  let silenced = 0;
  for (let i = 0; i < levels.length; i += 1) {
    if (!isUnheard(i)) continue;
    let end = i + 1;
    // Short dips belong to the speech around them.
    while (end < levels.length && (isUnheard(end) || (end + 1 < levels.length && isUnheard(end + 1)))) end += 1;
    if (end - i >= MIN_FRAMES) {
      const to = Math.min(pcm.length, end * VOICE_FRAME);
      silence(pcm, i * VOICE_FRAME, to);
      silenced += to - i * VOICE_FRAME;
    }
    i = end;
  }
  return silenced;
}

/** Marks the frames that a word covers. */
function cover(
  covered: Uint8Array,
  levels: Float64Array,
  speechDb: number,
  { startSample, endSample }: WordTiming,
  maxMs: number,
): void {
  const maxFrames = Math.ceil((maxMs * SAMPLE_RATE_HZ) / 1000 / VOICE_FRAME);
  const first = Math.floor(startSample / VOICE_FRAME);
  const last = Math.min(levels.length, Math.ceil(endSample / VOICE_FRAME));
  let filled = 0;
  let end = last;
  for (let i = first; i < last; i += 1) {
    if (levels[i]! <= speechDb) continue;
    filled += 1;
    if (filled === maxFrames) end = i + 1;
  }
  if (filled > MAX_FILLED * maxFrames) return;
  const from = Math.max(0, Math.floor((startSample - REACH) / VOICE_FRAME));
  // Sound follows that is not the word's.
  const to = filled > maxFrames ? end : Math.ceil((endSample + REACH) / VOICE_FRAME);
  covered.fill(1, from, Math.min(levels.length, to));
}

/** With short fades outside of the silent part. */
function silence(pcm: Float32Array, from: number, to: number): void {
  pcm.fill(0, from, to);
  for (let k = 1; k <= RAMP; k += 1) {
    const gain = k / (RAMP + 1);
    if (from - k >= 0) pcm[from - k]! *= gain;
    if (to + k - 1 < pcm.length) pcm[to + k - 1]! *= gain;
  }
}

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
