import type { PhonemeTiming, Utterance, WordTiming } from '../core/speech.js';
import {
  Biquad,
  type BiquadCoefficients,
  highPass,
  highShelf,
  integratedLoudness,
  peaking,
} from '../core/audio/loudness.js';
import { Resampler } from '../core/audio/resample.js';
import type { SpeechChunk, WordMark } from './speech-provider.js';
import type { TextRange } from './spoken-text.js';

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

const RATE_HZ = 48_000;

const MAX_DEESS_DB = 6;
/** An s is heard as sharp when its band is this strong against the whole voice. */
const ESS_SHARE = 0.35;
const OVER_DB = 6;
const RATIO = 2;
const MAX_HOLD_DB = 6;
const coefficient = (ms: number): number => Math.exp(-1 / ((RATE_HZ * ms) / 1000));
const ATTACK = coefficient(5);
const RELEASE = coefficient(120);
const ESS_ATTACK = coefficient(1);
const ESS_RELEASE = coefficient(40);
const decibels = (db: number): number => 10 ** (db / 20);

/** Shapes mono 48 kHz sound in place, from silence. Nothing gains. */
export function shapeNatural(pcm: Float32Array): void {
  withoutRumble(pcm);
  soften(pcm);
  hold(pcm);
}

function withoutRumble(pcm: Float32Array): void {
  new Biquad(highPass(70, Math.SQRT1_2, RATE_HZ)).process(pcm, 0, pcm.length, 1);
}

/** The band of s, as the difference to the sound without it, so that the rest passes unchanged. */
function soften(pcm: Float32Array): void {
  const band = Float32Array.from(pcm);
  new Biquad(peaking(6300, -18, 1.1, RATE_HZ)).process(band, 0, band.length, 1);
  let ess = 0;
  let voice = 0;
  const floor = 1 - decibels(-MAX_DEESS_DB);
  for (let i = 0; i < pcm.length; i += 1) {
    const part = pcm[i]! - band[i]!;
    ess = follow(ess, Math.abs(part), ESS_ATTACK, ESS_RELEASE);
    voice = follow(voice, Math.abs(pcm[i]!), ATTACK, RELEASE);
    const share = ess / (voice + 1e-6);
    pcm[i] = pcm[i]! - part * floor * Math.min(1, Math.max(0, (share - ESS_SHARE) / ESS_SHARE));
  }
}

function hold(pcm: Float32Array): void {
  const threshold = level(pcm) * decibels(OVER_DB);
  if (threshold === 0) return;
  let envelope = 0;
  const least = decibels(-MAX_HOLD_DB);
  for (let i = 0; i < pcm.length; i += 1) {
    envelope = follow(envelope, Math.abs(pcm[i]!), ATTACK, RELEASE);
    if (envelope > threshold) pcm[i]! *= Math.max(least, (threshold / envelope) ** (1 - 1 / RATIO));
  }
}

const follow = (now: number, next: number, attack: number, release: number): number => {
  const keep = next > now ? attack : release;
  return keep * now + (1 - keep) * next;
};

/** The middle RMS of the 20 ms that are speech: at most 30 dB below the loudest. */
function level(pcm: Float32Array): number {
  const block = RATE_HZ / 50;
  const powers: number[] = [];
  for (let from = 0; from < pcm.length; from += block) {
    let sum = 0;
    const to = Math.min(pcm.length, from + block);
    for (let i = from; i < to; i += 1) sum += pcm[i]! * pcm[i]!;
    powers.push(sum / (to - from));
  }
  const loudest = powers.reduce((a, b) => Math.max(a, b), 0);
  const heard = powers.filter((power) => power > loudest / 1000).sort((a, b) => a - b);
  return heard.length === 0 ? 0 : Math.sqrt(heard[heard.length >> 1]!);
}

/**
 * Assembles a provider's chunks into one utterance at 48 kHz.
 *
 * Providers add silence of varying length around speech. It is cut to the same margins everywhere, so the schedule
 * decides about pauses, and every event moves with its sound: the first sample louder than −50 dBFS comes 10 ms in, the
 * last one 40 ms before the end, and chunks are 280 ms apart.
 */
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

/**
 * The time range of each word of a text.
 *
 * Problem: a synthesiser reports where words begin, but not always: it joins small words ("of the"), reports a long
 * number in several parts, and gives one event for a whole clause of kana.
 * Rule: every word of the text gets a range; ranges are ordered, do not overlap and lie inside the sound. A start comes
 * from the synthesiser where it reported one for that word; words that share one event divide its time by their
 * letters, at boundaries of phonemes, and are marked inexact. A word ends where its last phoneme ends, so pauses belong
 * to no word.
 */
export function wordTimeline(
  text: string,
  words: readonly TextRange[],
  marks: readonly WordMark[],
  phonemes: readonly PhonemeTiming[],
  lengthSamples: number,
): WordTiming[] {
  if (words.length === 0) return [];
  const starts = reportedStarts(words, marks, lengthSamples);
  const timings: WordTiming[] = [];
  let i = 0;
  while (i < words.length) {
    let next = i + 1;
    while (next < words.length && starts[next] === -1) next += 1;
    const from = starts[i] === -1 ? (phonemes[0]?.startSample ?? 0) : starts[i]!;
    const to = next < words.length ? starts[next]! : lengthSamples;
    divide(text, words, i, next, from, to, starts[i] !== -1, phonemes, timings);
    i = next;
  }
  return timings;
}

/** First reported sample of each word, −1 where none came. */
function reportedStarts(words: readonly TextRange[], marks: readonly WordMark[], lengthSamples: number): Float64Array {
  const starts = new Float64Array(words.length).fill(-1);
  let word = 0;
  let lastSample = 0;
  for (const mark of marks) {
    // A mark that points back, like the parts of a number, does not show where a word begins.
    if (mark.char < words[word]!.start && starts[word] !== -1) continue;
    let at = word;
    while (at < words.length - 1 && words[at]!.end <= mark.char) at += 1;
    if (words[at]!.end <= mark.char) continue;
    const sample = Math.min(Math.max(mark.sample, lastSample), lengthSamples);
    if (starts[at] === -1) starts[at] = sample;
    word = at;
    lastSample = sample;
  }
  return starts;
}

function divide(
  text: string,
  words: readonly TextRange[],
  first: number,
  next: number,
  from: number,
  to: number,
  firstExact: boolean,
  phonemes: readonly PhonemeTiming[],
  out: WordTiming[],
): void {
  const inside = phonemes.filter((p) => p.startSample >= from && p.startSample < to);
  const speechEnd = Math.min(to, Math.max(from, inside.at(-1)?.endSample ?? to));
  let weight = 0;
  for (let i = first; i < next; i += 1) weight += letters(words[i]!);
  let start = from;
  let sum = 0;
  for (let i = first; i < next; i += 1) {
    const { start: startChar, end: endChar } = words[i]!;
    sum += letters(words[i]!);
    const last = i === next - 1;
    const boundary = last
      ? speechEnd
      : boundaryNear(from + ((speechEnd - from) * sum) / weight, inside, start, speechEnd);
    const end = last ? boundary : endBefore(boundary, inside, start);
    const exact = i === first && firstExact;
    out.push({
      text: text.slice(startChar, endChar),
      startChar,
      endChar,
      startSample: Math.round(start),
      endSample: Math.round(Math.max(start, end)),
      ...(exact ? {} : { exact: false }),
    });
    start = boundary;
  }
}

/** UTF-16 units serve as well as letters here: only their proportion counts. */
const letters = (word: TextRange): number => word.end - word.start;

/** The start of the phoneme nearest to `sample`, never before `floor`. */
function boundaryNear(sample: number, phonemes: readonly PhonemeTiming[], floor: number, ceiling: number): number {
  let best = -1;
  for (const p of phonemes) {
    if (p.startSample <= floor) continue;
    if (best === -1 || Math.abs(p.startSample - sample) < Math.abs(best - sample)) best = p.startSample;
  }
  return Math.min(ceiling, best === -1 ? Math.max(floor, sample) : best);
}

/** End of the sound before a boundary, excluding a pause in front of it. */
function endBefore(boundary: number, phonemes: readonly PhonemeTiming[], floor: number): number {
  let end = floor;
  for (const p of phonemes) if (p.startSample < boundary) end = Math.max(end, Math.min(p.endSample, boundary));
  return end === floor ? boundary : end;
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
    // One gain for every chunk, so levels stay equal across them; the mixer sets the loudness.
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
