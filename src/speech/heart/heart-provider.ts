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
import { type Breath, isStress, planDelivery, takeRate } from './heart-delivery.js';
import { SPEAKERS, type Speaker, speakerOf, speakerVoice } from './speakers.js';

/** Bump whenever the same text would be spoken differently. */
const FORMAT = 2;
const MAX_CACHE_BYTES = 64 << 20;
const MAX_SPEED = 2;
const MIN_SPEED = 0.5;
/** Letters of another script, which the voice would skip. */
const NOT_LATIN = /[^\p{Script=Latin}\P{L}]/u;

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
  const pcm = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) pcm[i] = raw[i]! / 32_768;
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
