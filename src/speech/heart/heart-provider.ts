import { createHash } from 'node:crypto';
import { cacheFolder } from '../../core/files/own-folder.js';
import { EngineError, isEngineError } from '../../core/errors.js';
import {
  HEART_RATE_HZ,
  type HeartDone,
  type HeartJob,
  type Models,
  heartSymbols,
  openModels,
  type EnglishWord,
} from '../../models/index.js';
import { ClipCache } from '../clip-cache.js';
import { ipaOf } from '../kokoro/symbols.js';
import type {
  PhonemeMark,
  SpeakRequest,
  SpeechChunk,
  SpeechProvider,
  VoiceInfo,
  WordMark,
} from '../speech-provider.js';
import { spokenText, type SpokenText } from '../spoken-text.js';
import { SPEAKERS, type Speaker, speakerOf, speakerVoice } from './speakers.js';
import { hash01 } from '../../core/random.js';

/** Bump whenever the same text would be spoken differently. */
const FORMAT = 2;
const MAX_CACHE_BYTES = 64 << 20;
const MAX_SPEED = 2;
const MIN_SPEED = 0.5;
/** Letters of another script, which the voice would skip. */
const NOT_LATIN = /[^\p{Script=Latin}\P{L}]/u;

/**
 * How a host says a line.
 *
 * Problem: a network that learned from readers reads prices as fast as the rest, and says a line that comes again
 * exactly as before.
 * Rule: one breath to a sentence. Its first sentence and exclamations are livelier; amounts of money are slower and a
 * little higher; a question that begins with a verb rises at its end; the pauses of a list are equal. Each take has a
 * rate and breaths of its own, from its seed.
 */
interface Breath {
  /** Symbols of the network's alphabet, one a code point. */
  readonly symbols: string;
  /** The word of each symbol, as an index into the words; −1 between words. */
  readonly wordOf: Int32Array;
  /** Factor of the pitch's excursions. */
  readonly excursion: number;
  readonly stretch: readonly number[];
  readonly lift: readonly number[];
  /** Places of the commas of a list. */
  readonly even: readonly number[];
  /** Silence before it. */
  readonly pauseMs: number;
}

const LIVELY = 1.25;
const USUAL = 1.08;
const PRICE_STRETCH = 1.12;
const PRICE_LIFT = 1.05;
const RISE = 1.16;
const MIN_PAUSE_MS = 150;
const MAX_PAUSE_MS = 350;
/** Of the network, with room for the zeros at both ends. */
const MAX_SYMBOLS = 380;
const RATE_SPREAD = 0.03;
const ASKS = /^(?:am|are|is|was|were|do|does|did|have|has|can|could|will|would|should|shall|may|want|need|ready|any)$/i;

/** Its time belongs to the sound that follows. */
const isStress = (symbol: string): boolean => symbol === 'ˈ' || symbol === 'ˌ';

/** A take's own speed, within ±3 %. */
const takeRate = (seed: number): number => 1 + RATE_SPREAD * (2 * hash01(seed, 1) - 1);

/** @param text what was written, for the words that begin its questions */
function planDelivery(text: string, words: readonly EnglishWord[], seed: number): Breath[] {
  return sentencesOf(words).flatMap(({ first, end, isLive }, i) => {
    const breaths = fitting(words, first, end);
    return breaths.map(([from, to], part): Breath => {
      const isLast = part === breaths.length - 1;
      const share = hash01(seed, 100 + 8 * i + part);
      return {
        ...symbolsOf(text, words, from, to, isLast),
        excursion: isLive ? LIVELY : USUAL,
        pauseMs:
          i + part === 0
            ? 0
            : MIN_PAUSE_MS + (MAX_PAUSE_MS - MIN_PAUSE_MS) * (part === 0 ? 0.3 + 0.7 * share : 0.3 * share),
      };
    });
  });
}

interface Sentence {
  readonly first: number;
  readonly end: number;
  readonly isLive: boolean;
}

function sentencesOf(words: readonly EnglishWord[]): Sentence[] {
  const sentences: Sentence[] = [];
  let first = 0;
  for (const [i, { pause }] of words.entries()) {
    if (!/[.!?…]/.test(pause) && i < words.length - 1) continue;
    sentences.push({ first, end: i + 1, isLive: first === 0 || pause.includes('!') });
    first = i + 1;
  }
  return sentences;
}

/** Cuts a sentence that the network cannot take whole: at its marks, else between words. */
function fitting(words: readonly EnglishWord[], first: number, end: number): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  const length = (i: number): number => Array.from(words[i]!.symbols + words[i]!.pause).length + 1;
  let from = first;
  let size = 0;
  let mark = -1;
  for (let i = first; i < end; i += 1) {
    size += length(i);
    if (size > MAX_SYMBOLS && i > from) {
      const to = mark > from ? mark : i;
      out.push([from, to]);
      from = to;
      mark = -1;
      size = 0;
      for (let j = from; j <= i; j += 1) size += length(j);
    }
    if (words[i]!.pause !== '') mark = i + 1;
  }
  out.push([from, end]);
  return out;
}

function symbolsOf(
  text: string,
  words: readonly EnglishWord[],
  from: number,
  to: number,
  ends: boolean,
): Pick<Breath, 'symbols' | 'wordOf' | 'stretch' | 'lift' | 'even'> {
  const symbols: string[] = [];
  const wordOf: number[] = [];
  const stretch: number[] = [];
  const lift: number[] = [];
  const commas: number[] = [];
  for (let i = from; i < to; i += 1) {
    const { symbols: sounds, pause, price } = words[i]!;
    const add = (symbol: string, word: number): void => {
      symbols.push(symbol);
      wordOf.push(word);
      stretch.push(price && word >= 0 ? PRICE_STRETCH : 1);
      lift.push(price && word >= 0 ? PRICE_LIFT : 1);
    };
    for (const sound of sounds) add(sound, i);
    for (const mark of pause) {
      if (mark === ',') commas.push(symbols.length);
      add(mark, -1);
    }
    if (i < to - 1 && symbols.length > 0) add(' ', -1);
  }
  if (ends && words[to - 1]!.pause.includes('?') && ASKS.test(firstWord(text, words[from]!.at))) rise(symbols, lift);
  return {
    symbols: symbols.join(''),
    wordOf: Int32Array.from(wordOf),
    stretch,
    lift,
    even: commas.length >= 2 ? commas : [],
  };
}

const firstWord = (text: string, at: number): string => /^[\p{L}]+/u.exec(text.slice(at))?.[0] ?? '';

/** From the last stressed sound to the end. */
function rise(symbols: readonly string[], lift: number[]): void {
  const last = Math.max(0, symbols.findLastIndex(isStress));
  const steps = symbols.length - last;
  for (let i = last; i < symbols.length; i += 1) lift[i]! *= 1 + ((RISE - 1) * (i - last + 1)) / steps;
}

/** The English voice that comes with the package, and the speakers made from it. */
export class HeartProvider implements SpeechProvider {
  readonly id = 'heart';
  private readonly models: Models;
  private readonly clips: ClipCache<HeartDone>;
  private writing: Promise<unknown> = Promise.resolve();

  constructor({ cacheDir, models }: { cacheDir?: string | undefined; models?: Models | undefined } = {}) {
    this.models = models ?? openModels();
    this.clips = new ClipCache(cacheDir ?? cacheFolder('speech'), MAX_CACHE_BYTES);
  }

  /** The first line starts the process. */
  async start(): Promise<void> {}

  async voices(): Promise<readonly VoiceInfo[]> {
    return SPEAKERS.map(speakerVoice);
  }

  reads(text: string): boolean {
    return !NOT_LATIN.test(text);
  }

  spoken(text: string, language: string): SpokenText {
    return spokenText(text, language);
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    for await (const { breath, job, words } of this.jobs(request, signal)) {
      const done = (await this.clips.read([FORMAT, job])) ?? (await this.synthesise(job, signal));
      yield toChunk(breath, words, done, request.text.length);
    }
  }

  /** Synthesises a missing line into the cache; false when nothing was left to do. */
  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    await this.writing;
    let worked = false;
    for await (const { job } of this.jobs(request, signal)) {
      if ((await this.clips.read([FORMAT, job])) !== undefined) continue;
      await this.synthesise(job, signal);
      worked = true;
    }
    await this.writing;
    return worked;
  }

  /** Starts the process and loads what a line needs. */
  warm(): void {
    const ready = this.models.run('english', { text: 'Ready.' });
    const loaded = this.models.run('heart', { ids: heartSymbols('ɹˈɛdi.'), speed: 1, seed: 1 });
    // The line that needs it reports the fault.
    Promise.all([ready, loaded]).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.models.close();
    await this.writing;
  }

  private async *jobs(
    { text, rate, pitch, voice, seed: take = 0 }: SpeakRequest,
    signal: AbortSignal,
  ): AsyncGenerator<{ breath: Breath; job: HeartJob; words: readonly PlacedWord[] }> {
    const speaker = speakerOf(voice.name);
    const seed = seedOf(text, voice.name, take);
    const speed = Math.min(MAX_SPEED, Math.max(MIN_SPEED, rate * speaker.rate * takeRate(seed)));
    const spoken = spokenText(text, 'en');
    const { words } = await said(this.models.run('english', { text: spoken.text }, signal));
    const placed = words.map(({ at }) => ({ char: spoken.offsets[Math.min(at, spoken.offsets.length - 1)] ?? 0 }));
    for (const [i, breath] of planDelivery(spoken.text, words, seed).entries()) {
      if (!breath.wordOf.some((word) => word >= 0)) continue;
      signal.throwIfAborted();
      yield { breath, words: placed, job: jobOf(breath, speaker, { speed, pitch, seed: (seed + i) >>> 0 }) };
    }
  }

  private async synthesise(job: HeartJob, signal: AbortSignal): Promise<HeartDone> {
    const done = await said(this.models.run('heart', job, signal));
    // A line does not wait for the disk.
    this.writing = Promise.all([this.writing, this.clips.write([FORMAT, job], done)]);
    return done;
  }
}

interface PlacedWord {
  /** UTF-16 offset in the written text. */
  readonly char: number;
}

function jobOf(
  { symbols, excursion, stretch, lift, even }: Breath,
  { shape }: Speaker,
  { speed, pitch, seed }: { speed: number; pitch: number; seed: number },
): HeartJob {
  const isPlain = stretch.every((one) => one === 1) && lift.every((one) => one === 1) && even.length === 0;
  const own = shape ?? { formants: 1, pitch: 1, range: 1 };
  return {
    ids: heartSymbols(symbols),
    speed,
    seed,
    excursion,
    ...(shape === undefined && pitch === 1 ? {} : { speaker: { ...own, pitch: own.pitch * pitch } }),
    ...(isPlain ? {} : { stretch, lift, even }),
  };
}

function seedOf(text: string, voice: string, take: number): number {
  return createHash('sha256')
    .update(JSON.stringify([text, voice, take]))
    .digest()
    .readUInt32LE(0);
}

/** The faults of the process as those of a voice. */
async function said<T>(run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    if (!isEngineError(error) || error.code === 'E_CLOSED') throw error;
    throw new EngineError(error.code === 'E_TIMEOUT' ? 'E_SPEECH_TIMEOUT' : 'E_SPEECH_FAILED', {
      where: 'voice heart',
      expected: 'speech',
      found: error.found ?? error.message,
      todo: 'run `engine doctor`',
      cause: error,
    });
  }
}

function toChunk(
  { symbols, wordOf, pauseMs }: Breath,
  placed: readonly PlacedWord[],
  { pcm: raw, samples }: HeartDone,
  endChar: number,
): SpeechChunk {
  const pcm = fractions(raw);
  const words: WordMark[] = [];
  const phonemes: PhonemeMark[] = [];
  let sample = samples[0]!;
  let from = sample;
  let word = -1;
  for (const [i, symbol] of Array.from(symbols).entries()) {
    const end = sample + samples[i + 1]!;
    if (wordOf[i]! >= 0 && wordOf[i] !== word) {
      word = wordOf[i]!;
      words.push({ char: placed[word]!.char, sample });
    }
    if (!isStress(symbol)) {
      const ipa = ipaOf(symbol);
      if (ipa !== '') phonemes.push({ ipa, startSample: from, endSample: end });
      from = end;
    }
    sample = end;
  }
  return {
    pcm,
    sampleRateHz: HEART_RATE_HZ,
    words,
    phonemes,
    startChar: words[0]?.char ?? 0,
    endChar,
    shape: 'even',
    pauseMs,
  };
}

/** A function of its own: its loop stays compiled from line to line. */
function fractions(raw: Int16Array): Float32Array {
  const pcm = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) pcm[i] = raw[i]! / 32_768;
  return pcm;
}
