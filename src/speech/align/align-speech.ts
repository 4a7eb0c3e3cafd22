import { Resampler } from '../../core/audio/resample.js';
import type { PhonemeMark, WordMark } from '../speech-provider.js';
import { mfcc, MFCC_HOP, MFCC_RATE_HZ } from './mfcc.js';
import { warpPath } from './warp-path.js';

/**
 * Times of words and sounds for a voice that reports none.
 *
 * Problem: captions, lips and the mute of a forbidden word need to know when each word is heard, and many voices do not
 * say it.
 * Rule: eSpeak speaks the same text, with known times; both recordings are compared by their sounds, and its times are
 * carried over. Both are cut to the audible part, so silence at the ends does not count.
 * Numbers: word starts are off by 15 to 23 ms in the middle, 250 ms at worst in 95 of 100, so a mute of aligned words
 * is 300 ms wider on either side.
 */
export interface TimedSpeech {
  /** Mono, −1…1. */
  readonly pcm: Float32Array;
  readonly rateHz: number;
  readonly words: readonly WordMark[];
  readonly phonemes: readonly PhonemeMark[];
}

export interface AlignedTimes {
  readonly words: WordMark[];
  readonly phonemes: PhonemeMark[];
}

const AUDIBLE = 10 ** (-45 / 20);

/** Undefined when there is nothing to compare. Word offsets are in the reference. */
export async function alignSpeech(
  reference: TimedSpeech,
  target: Pick<TimedSpeech, 'pcm' | 'rateHz'>,
  signal?: AbortSignal,
): Promise<AlignedTimes | undefined> {
  const a = audible(reference);
  const b = audible(target);
  if (a === undefined || b === undefined) return undefined;
  const known = mfcc(a.pcm);
  // 20 s of sound take 15 ms: other work goes between.
  await new Promise(setImmediate);
  const heard = mfcc(b.pcm);
  const path = await warpPath(known, heard, signal);
  const move = (sample: number): number => {
    const at = ((sample / reference.rateHz) * MFCC_RATE_HZ - a.from) / MFCC_HOP;
    const frame = Math.min(path.length - 1, Math.max(0, at));
    const low = Math.floor(frame);
    const next = path[Math.min(path.length - 1, low + 1)]!;
    const warped = path[low]! + (frame - low) * (next - path[low]!);
    return Math.min(
      target.pcm.length,
      Math.max(0, Math.round(((warped * MFCC_HOP + b.from) / MFCC_RATE_HZ) * target.rateHz)),
    );
  };
  return {
    words: reference.words.map(({ char, sample }) => ({ char, sample: move(sample) })),
    phonemes: reference.phonemes.map(({ ipa, startSample, endSample }) => ({
      ipa,
      startSample: move(startSample),
      endSample: move(endSample),
    })),
  };
}

/** The heard part at 16 kHz; `from` is its place there. */
function audible({
  pcm,
  rateHz,
}: Pick<TimedSpeech, 'pcm' | 'rateHz'>): { pcm: Float32Array; from: number } | undefined {
  const sound = rateHz === MFCC_RATE_HZ ? pcm : resamplerFor(rateHz).convert(pcm);
  let peak = 0;
  for (const x of sound) peak = Math.max(peak, Math.abs(x));
  const floor = peak * AUDIBLE;
  if (peak === 0) return undefined;
  let from = 0;
  while (Math.abs(sound[from]!) < floor) from += 1;
  let to = sound.length;
  while (Math.abs(sound[to - 1]!) < floor) to -= 1;
  return { pcm: sound.subarray(from, to), from };
}

/** A rate's filter bank takes 20 ms to compute and never changes. */
const resamplers = new Map<number, Resampler>();
function resamplerFor(fromHz: number): Resampler {
  let one = resamplers.get(fromHz);
  if (one === undefined) {
    one = new Resampler(fromHz, MFCC_RATE_HZ);
    resamplers.set(fromHz, one);
  }
  return one;
}
