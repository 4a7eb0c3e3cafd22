import type { Log } from '../../core/log.js';
import { cacheFolder } from '../../core/files/own-folder.js';
import { openModels, type JapaneseWord, type Models } from '../../models/index.js';
import { isInstalled, weightsFolder } from '../../weights/index.js';
import { ClipCache } from '../clip-cache.js';
import { type EspeakProvider, positions } from '../espeak/espeak-provider.js';
import { findVoice } from '../find-voice.js';
import type {
  PhonemeMark,
  SpeakRequest,
  SpeechChunk,
  SpeechProvider,
  VoiceInfo,
  WordMark,
} from '../speech-provider.js';
import { splitSentences, spokenText, type SpokenText, type TextRange } from '../spoken-text.js';
import { espeakSymbols } from '../piper/piper-model.js';
import { chineseSymbols } from './chinese.js';
import { humanLanguage, kokoroVoice, kokoroVoices } from './human-voices.js';
import { japaneseSymbols } from './japanese.js';
import { KokoroClient, type KokoroClientOptions } from './kokoro-client.js';
import { KOKORO_RATE_HZ, MAX_IDS, type KokoroPriority } from './kokoro-messages.js';
import { idOf, ipaOf, isMark, type KokoroSymbol, kokoroLetters, withGlides } from './symbols.js';

/** Symbols of a text in any language of eSpeak, from its sounds. */
async function espeakFrontEnd(
  espeak: EspeakProvider,
  voice: string,
  language: string,
  { text, offsets }: SpokenText,
  signal: AbortSignal,
): Promise<KokoroSymbol[]> {
  // eSpeak reads the places behind a Russian comma one by one, as tenths.
  const said = language === 'ru' ? text.replace(/(\d),(\d\d)(?!\d)/gu, '$1 $2') : text;
  const job = { text: said.replaceAll('&', '&amp;'), voice, rate: 175, pitch: 50 };
  const { events } = await espeak.pool.run(job, signal);
  const at = positions(text, offsets, 0);
  const out: KokoroSymbol[] = [];
  for (const { text: sound, ipa, char, first } of espeakSymbols(text, events, at)) {
    const letters = ipa === '' ? sound : kokoroLetters(sound, language);
    let begins = first;
    for (const letter of letters) {
      // Kokoro heard neither two spaces nor a space before a comma.
      if (letter === ' ' && out.at(-1)?.text === ' ') continue;
      const isSound = ipa !== '' && !isMark(letter);
      out.push({ text: letter, ipa: isSound ? ipaOf(letter) : '', char, first: begins });
      begins = false;
    }
  }
  // eSpeak says the Polish word w as the sound of ł.
  const isLone = ({ text: letter, first }: KokoroSymbol, i: number): boolean =>
    letter === 'w' && first && out[i + 1]?.text === ' ';
  const own = language === 'pl' ? out.map((one, i) => (isLone(one, i) ? { ...one, text: 'v', ipa: 'v' } : one)) : out;
  return withGlides(own);
}

/** Bump whenever the same text would sound differently. */
const FORMAT = 6;
/** About four seconds: the model takes 40 MB more for each second of a piece, and speaks it only when it is whole. */
const PIECE_CHARS = { zh: 24, ja: 32, other: 70 } as const;
/** Silence behind a piece that ends at a comma, and at a word. */
const COMMA_PAUSE_MS = 160;
const WORD_PAUSE_MS = 60;
/** Steps of the sample rate that stands for another pitch: each rate needs a filter bank of its own. */
const RATE_STEP_HZ = 50;
const MAX_CACHE_BYTES = 512 << 20;
/** A price is said slower, and a call a little faster. */
const PRICE = /[$€£¥￥]\s?\d|\d\s?(?:元|块|美元|欧元|dollars|euros?|dólares|dollari|Dollar)/iu;
const PRICE_SPEED = 0.95;
const CALL = /[!！]\s*$/u;
const CALL_SPEED = 1.03;

/** Speeds of a line's takes: few, so that a show that loops has soon paid for all of them. */
const TAKES = [1, 0.97, 1.03] as const;

interface KokoroClip {
  readonly pcm: Int16Array;
  readonly rateHz: number;
  readonly words: readonly WordMark[];
  readonly phonemes: readonly PhonemeMark[];
}

interface Piece {
  readonly range: TextRange;
  readonly spoken: SpokenText;
}

export interface KokoroProviderOptions {
  readonly log: Log;
  readonly espeak: EspeakProvider;
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string | undefined;
  readonly client?: Pick<KokoroClientOptions, 'idleMs' | 'lonelyMs'>;
}

/**
 * When Kokoro's symbols are heard.
 *
 * Problem: the durations come from an aligner that attends to the middle of a sound, in frames of 25 ms. The sound itself begins
 * before, by how it is made: a hiss by 84 ms, a vowel by 50. A mute by one lead for all would miss the beginning of one word
 * and take the end of another.
 * Rule: each symbol begins by the lead of its kind before its duration says. Behind a pause the sound itself tells: a
 * word begins where the silence ends.
 */
const LEADS_MS: readonly (readonly [sounds: string, leadMs: number])[] = [
  ['sʃzʒɕʑʂʐfvθðxhçɣβɸS', 84],
  ['mnŋɲɴ', 72],
  ['lɹrjwʎɥʁɾɽʋT', 66],
  // Where the mouth closes; the burst comes 45 ms later.
  ['pbtdkgɡqcɟʔ', 60],
  ['ʤʧʦʣʨʥꭧ', 57],
];
const VOWEL_LEAD_MS = 50;
const LEADS = new Map(LEADS_MS.flatMap(([sounds, ms]) => Array.from(sounds, (sound) => [sound, ms] as const)));

/** Levels are of stretches so long. */
const STEP = KOKORO_RATE_HZ / 500;
/** Below the loud parts of the clip. */
const SILENT_DB = -38;
const LOUD_SHARE = 0.98;
const MIN_SILENCE = (0.04 * KOKORO_RATE_HZ) / STEP;
/** How far from its expected place the end of a pause is looked for. */
const REACH = 0.12 * KOKORO_RATE_HZ;
const PAUSES = new Set(';:,.!?—…"()“”');

const isStress = (symbol: string): boolean => symbol === 'ˈ' || symbol === 'ˌ';
const leadOf = (sound: string): number => ((LEADS.get(sound) ?? VOWEL_LEAD_MS) * KOKORO_RATE_HZ) / 1000;

/**
 * Words begin with their first symbol; marks last as long as the sound that they follow, stress as the next one.
 * @param samples of each symbol, with the silence before them
 */
export function symbolTimes(
  symbols: readonly KokoroSymbol[],
  samples: readonly number[],
  pcm: Int16Array,
): { words: WordMark[]; phonemes: PhonemeMark[] } {
  const starts = startsOf(symbols, samples, pcm);
  const words: WordMark[] = [];
  const phonemes: { ipa: string; startSample: number; endSample: number }[] = [];
  let stress: number | undefined;
  for (const [i, { text, ipa, char, first }] of symbols.entries()) {
    const start = starts[i]!;
    const end = starts[i + 1]!;
    if (first) words.push({ char, sample: start });
    if (ipa !== '') phonemes.push({ ipa, startSample: stress ?? start, endSample: end });
    else if (isMark(text) && !isStress(text) && phonemes.length > 0) phonemes.at(-1)!.endSample = end;
    stress = isStress(text) ? (stress ?? start) : undefined;
  }
  return { words, phonemes };
}

/** Start of each symbol and, behind the last, the end of the last. */
function startsOf(symbols: readonly KokoroSymbol[], samples: readonly number[], pcm: Int16Array): number[] {
  const ends = silencesOf(pcm);
  const starts: number[] = [];
  let told = samples[0] ?? 0;
  let behindPause = true;
  let least = 0;
  for (const [i, { text, ipa }] of symbols.entries()) {
    // A stress mark and a space belong to the sound behind them.
    const sound = ipa === '' ? symbols.slice(i).find((one) => one.ipa !== '')?.text : text;
    let start = told - leadOf(isMark(text) && !isStress(text) ? '' : (sound ?? ''));
    if (behindPause && sound !== undefined && !PAUSES.has(text)) start = nearest(ends, start) ?? start;
    if (ipa !== '') behindPause = false;
    else if (PAUSES.has(text)) behindPause = true;
    least = Math.min(pcm.length, Math.max(least, Math.round(start)));
    starts.push(least);
    told += samples[i + 1] ?? 0;
  }
  starts.push(Math.min(pcm.length, Math.max(least, Math.round(told - leadOf('')))));
  return starts;
}

/** Where the silences of a clip end. */
function silencesOf(pcm: Int16Array): number[] {
  const levels: number[] = [];
  for (let at = 0; at + STEP <= pcm.length; at += STEP) {
    let sum = 0;
    for (let i = at; i < at + STEP; i += 1) sum += pcm[i]! * pcm[i]!;
    levels.push(Math.sqrt(sum / STEP));
  }
  const loud = levels.toSorted((a, b) => a - b)[Math.floor((levels.length - 1) * LOUD_SHARE)] ?? 0;
  const silent = loud * 10 ** (SILENT_DB / 20);
  const ends: number[] = [];
  let since = -MIN_SILENCE;
  for (const [i, level] of levels.entries()) {
    if (level <= silent) continue;
    if (i - since > MIN_SILENCE) ends.push(i * STEP);
    since = i;
  }
  return ends;
}

function nearest(places: readonly number[], wanted: number): number | undefined {
  const near = places.filter((one) => Math.abs(one - wanted) <= REACH);
  return near.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}

/** Kokoro: human voices of a model that is installed beside the package. Clips are kept on disk by their content. */
export class KokoroProvider implements SpeechProvider {
  readonly id = 'kokoro';
  private readonly client: KokoroClient;
  private readonly clips: ClipCache<KokoroClip>;
  private readonly running = new Map<string, Promise<KokoroClip>>();
  private models: Models | undefined;

  constructor(private readonly options: KokoroProviderOptions) {
    const { env, client, cacheDir } = options;
    this.client = new KokoroClient({
      folder: weightsFolder('kokoro', env),
      ...(env === undefined ? {} : { env }),
      ...client,
    });
    this.clips = new ClipCache(cacheDir ?? cacheFolder('voices', env), MAX_CACHE_BYTES);
  }

  /** Whether the model is there now: it may be installed while a room is on air. */
  get installed(): boolean {
    return isInstalled('kokoro', this.options.env);
  }

  async start(): Promise<void> {
    return Promise.resolve();
  }

  voices(): Promise<readonly VoiceInfo[]> {
    return Promise.resolve(this.installed ? kokoroVoices() : []);
  }

  named(provider: string, name: string, language: string): VoiceInfo | undefined {
    const voice = provider === this.id ? kokoroVoice(name) : undefined;
    return voice === undefined ? undefined : { ...voice, languages: [language] };
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    for (const piece of this.pieces(request)) {
      signal.throwIfAborted();
      const clip = await this.clipOf(piece, request, request.priority ?? 'line', signal);
      yield { ...toChunk(clip, piece.range, request.voice.name), ...pauseBefore(request.text, piece.range.start) };
    }
  }

  /** Speaks missing pieces into the cache; false when nothing was done. */
  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    let worked = false;
    for (const piece of this.pieces(request)) {
      if ((await this.clips.read(this.keyOf(piece, request))) !== undefined) continue;
      await this.clipOf(piece, request, request.priority ?? 'ahead', signal);
      worked = true;
    }
    return worked;
  }

  warm(): void {
    if (this.installed) this.client.warm();
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.models?.close()]);
  }

  /** The symbols of a text, as the model gets them; for tools and tests. */
  async symbols(text: string, language: string, signal: AbortSignal): Promise<readonly KokoroSymbol[]> {
    return this.symbolsOf(spokenText(text, language), language, signal);
  }

  private pieces({ text, language }: SpeakRequest): Piece[] {
    const limit = isChinese(language) ? PIECE_CHARS.zh : /^ja\b/i.test(language) ? PIECE_CHARS.ja : PIECE_CHARS.other;
    return splitSentences(text, limit).flatMap((range) => {
      const spoken = spokenText(text.slice(range.start, range.end), language);
      return /[\p{L}\p{N}]/u.test(spoken.text) ? [{ range, spoken }] : [];
    });
  }

  private keyOf({ spoken }: Piece, { voice, language, rate, pitch, seed = 0 }: SpeakRequest): unknown {
    return ['kokoro', FORMAT, voice.name, language, spoken.text, rate, pitch, seed % TAKES.length];
  }

  /** One job for a piece, however many ask for it. */
  private async clipOf(
    piece: Piece,
    request: SpeakRequest,
    priority: KokoroPriority,
    signal: AbortSignal,
  ): Promise<KokoroClip> {
    const key = this.keyOf(piece, request);
    const cached = await this.clips.read(key);
    if (cached !== undefined) return cached;
    const name = `${priority === 'ahead'} ${JSON.stringify(key)}`;
    const running = this.running.get(name);
    if (running !== undefined) return running;
    const made = this.synthesise(piece, request, priority, signal)
      .then(async (clip) => {
        await this.clips.write(key, clip);
        return clip;
      })
      .finally(() => this.running.delete(name));
    this.running.set(name, made);
    return made;
  }

  private async synthesise(
    { spoken }: Piece,
    { voice, language, rate, pitch, seed = 0 }: SpeakRequest,
    priority: KokoroPriority,
    signal: AbortSignal,
  ): Promise<KokoroClip> {
    const symbols = fitting(await this.symbolsOf(spoken, language, signal));
    // Played faster for a higher pitch, so it is spoken slower by as much.
    const rateHz = Math.round((KOKORO_RATE_HZ * pitch) / RATE_STEP_HZ) * RATE_STEP_HZ;
    const manner = PRICE.test(spoken.text) ? PRICE_SPEED : CALL.test(spoken.text) ? CALL_SPEED : 1;
    const speed = rate * manner * TAKES[seed % TAKES.length]! * (KOKORO_RATE_HZ / rateHz);
    const ids = symbols.map(({ text }) => idOf(text)!);
    const { pcm, samples } = await this.client.speak({ ids, voices: voice.name.split('+'), speed, priority }, signal);
    return { pcm, rateHz, ...symbolTimes(symbols, samples, pcm) };
  }

  /** By the dictionary of the English voice, whose symbols are these. */
  private async english({ text, offsets }: SpokenText, signal: AbortSignal): Promise<KokoroSymbol[]> {
    this.models ??= openModels();
    const { words } = await this.models.run('english', { text }, signal);
    const out: KokoroSymbol[] = [];
    for (const { symbols, at, pause } of words) {
      const char = offsets[Math.min(at, offsets.length - 1)] ?? 0;
      if (out.length > 0 && symbols !== '') out.push({ text: ' ', ipa: '', char, first: false });
      let first = true;
      for (const letter of symbols) {
        out.push({ text: letter, ipa: ipaOf(letter), char, first });
        first = false;
      }
      for (const mark of pause) out.push({ text: mark, ipa: '', char, first: false });
    }
    return out;
  }

  private async symbolsOf(spoken: SpokenText, language: string, signal: AbortSignal): Promise<KokoroSymbol[]> {
    const { espeak } = this.options;
    if (isChinese(language))
      return chineseSymbols(spoken, (text) => this.english({ text, offsets: straight(text) }, signal));
    if (/^en\b/i.test(language)) return this.english(spoken, signal);
    if (/^ja\b/i.test(language)) {
      const wordsOf = async (text: string): Promise<readonly JapaneseWord[]> =>
        (await (this.models ??= openModels()).run('japanese', { text }, signal)).words;
      return japaneseSymbols(spoken, wordsOf, (text) => this.english({ text, offsets: straight(text) }, signal));
    }
    const voice = humanLanguage(language)?.espeak ?? findVoice(await espeak.voices(), language).name;
    return espeakFrontEnd(espeak, voice, language.toLowerCase().split('-')[0]!, spoken, signal);
  }
}

const straight = (text: string): Int32Array => Int32Array.from({ length: text.length }, (_, i) => i);

/** Mandarin; Cantonese has sounds of its own. */
const isChinese = (language: string): boolean =>
  /^(?:zh|cmn)\b/i.test(language) && !/^zh-(?:hk|mo|yue)/i.test(language);

/** Symbols that the model knows, as many as it takes. */
function fitting(symbols: readonly KokoroSymbol[]): KokoroSymbol[] {
  const known = symbols.filter(({ text }) => idOf(text) !== undefined).slice(0, MAX_IDS);
  while (known.at(-1)?.text === ' ') known.pop();
  return known;
}

/** A sentence's end leaves the pause to the line. */
function pauseBefore(text: string, at: number): { pauseMs?: number } {
  const before = text.slice(0, at).trimEnd();
  if (before === '' || /[.!?…。！？｡؟۔।॥]["'”’»)\]）」』]*$/u.test(before)) return {};
  return { pauseMs: /[\p{L}\p{N}]$/u.test(before) ? WORD_PAUSE_MS : COMMA_PAUSE_MS };
}

function toChunk({ pcm, rateHz, words, phonemes }: KokoroClip, range: TextRange, voice: string): SpeechChunk {
  const sound = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) sound[i] = pcm[i]! / 32_768;
  return {
    pcm: sound,
    sampleRateHz: rateHz,
    words: words.map(({ char, sample }) => ({ char: range.start + char, sample })),
    phonemes,
    startChar: range.start,
    endChar: range.end,
    voice,
    shape: 'natural',
  };
}
