import type { PhonemeTiming, Utterance } from '../core/speech.js';
import { integratedLoudness } from '../core/audio/loudness.js';
import { Resampler } from '../core/audio/resample.js';
import { shapeNatural, withoutRumble } from './shape-natural.js';
import { shapeVoice } from './shape-voice.js';
import type { SpeechChunk, WordMark } from './speech-provider.js';
import { wordTimeline } from './word-timeline.js';
import { wordsOf } from './words-of.js';

/**
 * Assembles a provider's chunks into one utterance at 48 kHz.
 *
 * Providers add silence of varying length around speech. It is cut to the same margins everywhere, so the schedule
 * decides about pauses, and every event moves with its sound: the first sample louder than −50 dBFS comes 10 ms in, the
 * last one 40 ms before the end, and chunks are 280 ms apart.
 */
const RATE_HZ = 48_000;
const AUDIBLE = 10 ** (-50 / 20);
/** Headroom for the tone control. */
const HEADROOM = 10 ** (-4 / 20);
const LEAD = 480;
const TAIL = 1920;
const BETWEEN = 13_440;

interface Placed {
  readonly pcm: Float32Array;
  readonly at: number;
}

export class UtteranceAssembler {
  private readonly placed: Placed[] = [];
  private readonly marks: WordMark[] = [];
  private readonly phonemes: PhonemeTiming[] = [];
  private length = 0;
  private aligned = false;
  private spokenBy: string | undefined;
  private resampler: { fromHz: number; by: Resampler } | undefined;

  constructor(private readonly request: { id: string; text: string; language: string; voice: string }) {}

  add(chunk: SpeechChunk): void {
    this.aligned ||= chunk.aligned === true;
    this.spokenBy ??= chunk.voice;
    const sound = this.toRate(chunk);
    const scale = sound.length / Math.max(1, chunk.pcm.length);
    const { from, to } = audibleRange(sound);
    if (to <= from) return;
    const at = this.length === 0 ? 0 : this.length + between(chunk.pauseMs);
    const pcm = cutWithMargins(sound, from, to);
    const move = (sample: number): number => at + Math.min(pcm.length, Math.max(0, Math.round(sample * scale) - from));
    for (const w of chunk.words) this.marks.push({ char: w.char, sample: move(w.sample) });
    for (const p of chunk.phonemes) {
      const startSample = move(p.startSample);
      const endSample = move(p.endSample);
      if (p.ipa !== '' && endSample > startSample) this.phonemes.push({ ipa: p.ipa, startSample, endSample });
    }
    this.placed.push({ pcm, at });
    this.length = at + pcm.length;
  }

  finish(): Utterance {
    const { id, text, language } = this.request;
    const voice = this.spokenBy ?? this.request.voice;
    const pcm = new Float32Array(new SharedArrayBuffer(this.length * Float32Array.BYTES_PER_ELEMENT));
    for (const part of this.placed) pcm.set(part.pcm, part.at);
    const words = wordTimeline(text, wordsOf(text, language), this.marks, this.phonemes, pcm.length);
    const utterance = { id, text, language, voice, pcm, words, phonemes: this.phonemes };
    const loudnessLufs = integratedLoudness(pcm, 1);
    return { ...utterance, ...(this.aligned ? { aligned: true } : {}), loudnessLufs };
  }

  private toRate(chunk: SpeechChunk): Float32Array {
    let sound = chunk.pcm;
    if (chunk.sampleRateHz === RATE_HZ) sound = sound.slice();
    else {
      if (this.resampler?.fromHz !== chunk.sampleRateHz)
        this.resampler = { fromHz: chunk.sampleRateHz, by: resamplerFor(chunk.sampleRateHz) };
      sound = this.resampler.by.convert(sound);
    }
    if (chunk.shape === 'even') withoutRumble(sound);
    else if (chunk.shape === 'natural') shapeNatural(sound);
    else shapeVoice(sound);
    // The same for every chunk, so levels stay equal across them; the mixer sets the loudness.
    for (let i = 0; i < sound.length; i += 1) sound[i] = Math.max(-1, Math.min(1, sound[i]! * HEADROOM));
    return sound;
  }
}

/** Silence between two chunks, beside their margins. */
const between = (pauseMs: number | undefined): number =>
  pauseMs === undefined ? BETWEEN : Math.max(0, Math.round((pauseMs * RATE_HZ) / 1000) - LEAD - TAIL);

/** A rate's filter bank takes 20 ms to compute and never changes. */
const resamplers = new Map<number, Resampler>();
function resamplerFor(fromHz: number): Resampler {
  let one = resamplers.get(fromHz);
  if (one === undefined) {
    one = new Resampler(fromHz, RATE_HZ);
    resamplers.set(fromHz, one);
  }
  return one;
}

function audibleRange(pcm: Float32Array): { from: number; to: number } {
  let first = 0;
  while (first < pcm.length && Math.abs(pcm[first]!) < AUDIBLE) first += 1;
  if (first === pcm.length) return { from: 0, to: 0 };
  let last = pcm.length - 1;
  while (Math.abs(pcm[last]!) < AUDIBLE) last -= 1;
  return { from: first - LEAD, to: last + 1 + TAIL };
}

/** A part of the sound; silent beyond either end. */
function cutWithMargins(sound: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array(to - from);
  out.set(sound.subarray(Math.max(0, from), Math.min(sound.length, to)), Math.max(0, -from));
  return out;
}
