import type { Log } from '../../core/log.js';
import type {
  PhonemeMark,
  SpeakRequest,
  SpeechChunk,
  SpeechProvider,
  VoiceInfo,
  WordMark,
} from '../speech-provider.js';
import { splitText, spokenText, type SpokenText, type TextRange } from '../spoken-text.js';
import { SynthesiserPool } from '../synthesiser/synthesiser-pool.js';
import type { EspeakDone, EspeakJob, EspeakReady, EspeakVoice } from './espeak-messages.js';

/**
 * espeak-ng names sounds in IPA with its own additions: stress marks, language names in brackets when it switches, and
 * for some languages (Mandarin, Cantonese, Thai) its internal ASCII names.
 */
const ASCII_NAMES: Readonly<Record<string, string>> = {
  'ts.': 'ʈʂ',
  'tsh.': 'ʈʂʰ',
  's.': 'ʂ',
  'z.': 'ʐ',
  'i.': 'ɨ',
  'i[': 'ɨ',
  'o-': 'ɤ',
  kh: 'kʰ',
  ph: 'pʰ',
  th: 'tʰ',
  tsh: 'tsʰ',
  tɕh: 'tɕʰ',
  'l^': 'ʎ',
  'n^': 'ɲ',
  't.': 'ʈ',
  'd.': 'ɖ',
  'n.': 'ɳ',
  'l.': 'ɭ',
};

/** A phoneme as plain IPA without stress and tone; empty for pauses and language switches. */
export function plainIpa(name: string): string {
  if (name.startsWith('(')) return '';
  const bare = name.replace(/[ˈˌ'ˑ|_\d˥-˩]/gu, '').replace(/^[,%=]+/u, '');
  return ASCII_NAMES[bare] ?? bare;
}

/** True for marks without duration, such as a language switch. */
export const isSwitch = (name: string): boolean => name.startsWith('(');

/** Maximum piece of text for the synthesiser: about 20 s of speech, 0.1 s of work. */
const PIECE_CHARS = 300;
/** espeak-ng's default is 175; salespeople speak a little slower. */
const WORDS_PER_MINUTE = 165;
/** Speaker variants pleasant enough to offer; they combine with every language. */
const VARIANTS = ['f1', 'f2', 'f3', 'f4', 'f5', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'klatt4'];

/** The embedded synthesiser: every language of espeak-ng, without network or account. */
export class EspeakProvider implements SpeechProvider {
  readonly id = 'espeak';
  readonly pool: SynthesiserPool<EspeakJob, EspeakReady, EspeakDone>;
  private list: Promise<readonly VoiceInfo[]> | undefined;

  constructor(options: { log: Log; processes: number; timeoutMs: number; idleTimeoutMs?: number }) {
    const here = import.meta.url;
    const module = new URL(here.endsWith('.ts') ? './espeak-process.ts' : './espeak-process.js', here);
    this.pool = new SynthesiserPool({
      ...options,
      program: { name: 'espeak', module, package: '@echogarden/espeak-ng-emscripten', heapMib: 64 },
    });
  }

  async start(): Promise<void> {
    await this.voices();
  }

  voices(): Promise<readonly VoiceInfo[]> {
    this.list ??= this.pool.start().then(({ voices, variants }) => {
      const offered = VARIANTS.filter((v) => variants.includes(v));
      return voices.flatMap((voice) => [info(voice), ...offered.map((variant) => info(voice, variant))]);
    });
    // The next request retries a failed start.
    this.list.catch(() => {
      this.list = undefined;
    });
    return this.list;
  }

  spoken(text: string, language: string): SpokenText {
    const parts = pieces(text, language);
    return {
      text: parts.map(({ spoken }) => spoken.text).join(''),
      offsets: Int32Array.from(parts.flatMap(({ range, spoken }) => [...spoken.offsets].map((at) => range.start + at))),
    };
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const { text, language, voice, rate, pitch } = request;
    for (const { range, spoken } of pieces(text, language)) {
      signal.throwIfAborted();
      if (spoken.text.trim() === '') continue;
      const done = await this.pool.run(
        {
          // The text is read as SSML: only the ampersand needs an entity.
          text: spoken.text.replaceAll('&', '&amp;'),
          voice: voice.name,
          rate: Math.round(Math.min(450, Math.max(80, WORDS_PER_MINUTE * rate))),
          // The 100 steps of pitch run from an octave below to an octave above.
          pitch: Math.round(Math.min(99, Math.max(0, 50 + 50 * Math.log2(pitch)))),
        },
        signal,
      );
      yield toChunk(done, spoken.text, spoken.offsets, range);
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

const pieces = (text: string, language: string): { range: TextRange; spoken: SpokenText }[] =>
  splitText(text, PIECE_CHARS).map((range) => ({
    range,
    spoken: spokenText(text.slice(range.start, range.end), language),
  }));

function info(voice: EspeakVoice, variant?: string): VoiceInfo {
  const person =
    variant === undefined ? '' : `, ${variant.startsWith('f') ? 'female' : 'male'} ${variant.replace(/^[fm]/, '')}`;
  return {
    name: variant === undefined ? voice.identifier : `${voice.identifier}+${variant}`,
    title: `${voice.name}${person}`,
    languages: voice.languages,
    provider: 'espeak',
  };
}

/** UTF-16 offset in the written text of each sent code point. */
export function positions(spoken: string, offsets: Int32Array, start: number): Int32Array {
  const out: number[] = [];
  let unit = 0;
  for (const char of spoken) {
    const at = start + offsets[unit]!;
    out.push(at);
    if (char === '&') out.push(at, at, at, at);
    unit += char.length;
  }
  return Int32Array.from(out);
}

function toChunk(done: EspeakDone, spoken: string, offsets: Int32Array, range: TextRange): SpeechChunk {
  const { rateHz, pcm: raw, events } = done;
  const pcm = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) pcm[i] = raw[i]! / 32_768;
  const at = positions(spoken, offsets, range.start);
  const toSample = (ms: number): number => Math.min(pcm.length, Math.round((ms * rateHz) / 1000));
  const words: WordMark[] = [];
  const phonemes: PhonemeMark[] = [];
  let open: { ipa: string; startSample: number } | undefined;
  for (const event of events) {
    const sample = toSample(event.ms);
    if (event.type === 'word') {
      const char = at[Math.min(event.position, at.length - 1)];
      if (char !== undefined) words.push({ char, sample });
      continue;
    }
    if (event.type === 'phoneme' && isSwitch(event.name)) continue;
    if (open !== undefined && sample > open.startSample) phonemes.push({ ...open, endSample: sample });
    open = event.type === 'phoneme' ? { ipa: plainIpa(event.name), startSample: sample } : undefined;
  }
  if (open !== undefined) phonemes.push({ ...open, endSample: pcm.length });
  return { pcm, sampleRateHz: rateHz, words, phonemes, startChar: range.start, endChar: range.end };
}
