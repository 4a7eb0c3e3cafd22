import type { PhonemeTiming, Utterance } from '../core/speech.js';
import { integratedLoudness } from '../core/audio/loudness.js';
import { Resampler } from '../core/audio/resample.js';
import { Biquad, highPass, highShelf, peaking, type BiquadCoefficients } from '../core/audio/biquad.js';
import { shapeNatural, withoutRumble } from './shape-natural.js';
import type { SpeechChunk, WordMark } from './speech-provider.js';
import { wordTimeline } from './word-timeline.js';
import type { TextRange } from './split-text.js';

/** Scripts written without spaces: a run of them is cut by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** A token with none of these is punctuation and not a word. */
const SPOKEN = /[\p{L}\p{N}\p{Sc}&@#%+=*/\\~^°]/u;
const EDGE = /^[^\p{L}\p{N}\p{M}\p{Sc}&@#%+=*/\\~^°]+|[^\p{L}\p{N}\p{M}\p{Sc}&@#%+=*/\\~^°]+$/gu;

/**
 * The words of a text as ranges: tokens between spaces without the punctuation around them, and within scripts without
 * spaces the words of the ICU dictionary. Signs that are read out (`&`, `%`, `$`, `@`) belong to words.
 */
export function wordsOf(text: string, language: string): TextRange[] {
  const words: TextRange[] = [];
  for (const token of text.matchAll(/\S+/gu)) {
    if (!UNSPACED.test(token[0])) {
      add(words, token[0], token.index);
      continue;
    }
    for (const { segment, index } of segmenter(language).segment(token[0])) add(words, segment, token.index + index);
  }
  return words;
}

function add(words: TextRange[], token: string, at: number): void {
  if (!SPOKEN.test(token)) return;
  let start = 0;
  let end = token.length;
  for (const edge of token.matchAll(EDGE)) {
    if (edge.index === 0) start = edge[0].length;
    else end = edge.index;
  }
  if (end > start) words.push({ start: at + start, end: at + end });
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let one = segmenters.get(language);
  if (one === undefined) {
    let locale = 'und';
    try {
      locale = Intl.getCanonicalLocales(language)[0] ?? locale;
    } catch {
      // An unknown tag for ICU: its root rules cut every script.
    }
    one = new Intl.Segmenter(locale, { granularity: 'word' });
    segmenters.set(language, one);
  }
  return one;
}

/**
 * Tone control that makes a formant synthesiser easier to listen to for hours.
 *
 * Measured in third octaves against the average spectrum of speech (Byrne et al., JASA 96, 1994), levelled at 500 Hz,
 * the English voice of espeak-ng is about 5 dB too strong from 1 to 4 kHz, which sounds hard and nasal, 2 dB too strong
 * at 8 kHz, and has rumble under its voice. Half of that is corrected, so consonants stay clear over music.
 */
const SECTIONS: readonly BiquadCoefficients[] = [
  highPass(70, Math.SQRT1_2, 48_000),
  peaking(220, 2.5, 0.8, 48_000),
  peaking(1800, -3, 0.6, 48_000),
  highShelf(7000, -2, 48_000),
];

/** Shapes mono 48 kHz sound in place, from silence. No frequency gains more than 2.5 dB. */
export function shapeVoice(pcm: Float32Array): void {
  for (const section of SECTIONS) new Biquad(section).process(pcm, 0, pcm.length, 1);
}

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
