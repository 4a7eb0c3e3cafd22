import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { VoiceSnapshot } from '../../config/api/room-handle.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { withoutSecret } from '../../core/secrets.js';
import { TimeLimit } from '../../core/sleep.js';
import { alignSpeech } from '../align/align-speech.js';
import type { ClipCache } from '../clip-cache.js';
import { type HeardWord, type SourceClip, VoiceFault, type VoiceSource } from '../providers/voice-source.js';
import type { PhonemeMark, SpeakRequest, SpeechChunk, WordMark } from '../speech-provider.js';
import { splitText, spokenText, type SpokenText, type TextRange } from '../spoken-text.js';

/**
 * Characters sent to paid voices, by day (UTC) and voice. The file survives a restart, so a cap cannot be passed by a
 * room that starts again and again. Characters are code points, as most services count them.
 */
export class CharacterCount {
  private day = '';
  private today: Record<string, number> = {};
  private readonly totals = new Map<string, number>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string | undefined,
    private readonly nowMs: () => number,
  ) {}

  /** Reads the day's counts; a missing or damaged file begins at 0. */
  async open(): Promise<void> {
    if (this.file === undefined) return;
    try {
      const saved = JSON.parse(await readFile(this.file, 'utf8')) as { day?: unknown; characters?: unknown };
      if (typeof saved.day !== 'string' || typeof saved.characters !== 'object' || saved.characters === null) return;
      this.day = saved.day;
      for (const [voice, count] of Object.entries(saved.characters))
        if (typeof count === 'number' && count >= 0) this.today[voice] = (this.today[voice] ?? 0) + count;
    } catch {
      return;
    }
  }

  todayOf(voice: string): number {
    this.turn();
    return this.today[voice] ?? 0;
  }

  totalOf(voice: string): number {
    return this.totals.get(voice) ?? 0;
  }

  /** A negative count gives characters back that were never spoken. */
  add(voice: string, characters: number): void {
    this.turn();
    this.today[voice] = Math.max(0, (this.today[voice] ?? 0) + characters);
    this.totals.set(voice, Math.max(0, this.totalOf(voice) + characters));
    this.saving = this.saving.then(() => this.save()).catch(() => undefined); // counted in memory all the same
  }

  /** Resolves when all counts are on disk. */
  async close(): Promise<void> {
    await this.saving;
  }

  private turn(): void {
    const day = new Date(this.nowMs()).toISOString().slice(0, 10);
    if (day === this.day) return;
    this.day = day;
    this.today = {};
  }

  private async save(): Promise<void> {
    if (this.file === undefined) return;
    await mkdir(dirname(this.file), { recursive: true });
    await replaceFile(this.file, `${JSON.stringify({ day: this.day, characters: this.today })}\n`);
  }
}

/**
 * When a failing voice is tried again.
 *
 * Problem: a due line cannot wait for a service that does not answer, and a service that is asked by every line while
 * it is down, or over its limit, stays over it.
 * Rule: after a fault the voice rests, at first for 2 s, then twice as long each time, 5 minutes at most; a service
 * that asks for a longer pause gets it, an hour at most. A wrong key or voice rests for 5 minutes at once. A refused
 * text says nothing about the next one. One success ends it. A voice that no line has asked for in the 5 minutes after
 * its rest no longer counts as failing: nobody knows, and nobody needs it.
 */
const FIRST_REST_MS = 2000;
const MAX_REST_MS = 5 * 60_000;
const MAX_ASKED_MS = 60 * 60_000;
const FORGOTTEN_MS = 5 * 60_000;

class VoiceRest {
  private untilMs = 0;
  private failures = 0;
  lastError = '';

  constructor(private readonly nowMs: () => number) {}

  get restMs(): number {
    return Math.max(0, Math.ceil(this.untilMs - this.nowMs()));
  }

  get failing(): boolean {
    return this.failures > 0 && this.nowMs() < this.untilMs + FORGOTTEN_MS;
  }

  succeeded(): void {
    this.failures = 0;
    this.untilMs = 0;
    this.lastError = '';
  }

  failed({ kind, retryAfterMs = 0 }: VoiceFault, shown: string): void {
    this.lastError = shown;
    if (kind === 'text') return;
    const own = kind === 'setup' ? MAX_REST_MS : Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** this.failures);
    this.failures += 1;
    this.untilMs = this.nowMs() + Math.max(own, Math.min(MAX_ASKED_MS, retryAfterMs));
  }
}

/** Letters of a search window: a service may skip a few words, but must not jump to the end. */
const WINDOW_CHARS = 80;

/**
 * The places of a service's words in the text.
 *
 * Problem: services report words with or without punctuation, numbers as read, and characters one by one.
 * Rule: a word is looked for from the end of the one before it, without case; a word that is not found, such as a number
 * in words, gets no mark, and its time is then divided by letters. A word that is found far ahead is taken for a
 * mistake.
 */
function wordMarks(text: string, words: readonly HeardWord[], rateHz: number): WordMark[] {
  const lower = text.toLowerCase();
  const same = lower.length === text.length ? lower : text;
  const marks: WordMark[] = [];
  let from = 0;
  let lastMs = 0;
  for (const word of words) {
    if (!Number.isFinite(word.atMs) || word.atMs < lastMs) continue;
    const bare = word.text.toLowerCase().replace(/^[^\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
    if (bare === '') continue;
    const at = word.at ?? placeOf(bare, same, from);
    if (at < from || at >= text.length) continue;
    marks.push({ char: at, sample: Math.round((word.atMs * rateHz) / 1000) });
    lastMs = word.atMs;
    from = word.at === undefined ? at + bare.length : at;
  }
  return marks;
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]$/u;

/** In spaced scripts only where a word begins: "a" is not in "that". */
function placeOf(word: string, text: string, from: number): number {
  const anywhere = UNSPACED.test(word);
  for (let at = text.indexOf(word, from); at >= 0 && at < from + WINDOW_CHARS; at = text.indexOf(word, at + 1)) {
    if (anywhere || !LETTER.test(text.slice(Math.max(0, at - 2), at))) return at;
  }
  return -1;
}

/**
 * Refuses sound that cannot be the text: services cut a stream without an error, answer with silence, and neural voices
 * sometimes go on for minutes. The limits are far from real speech: 50 letters a second, one in two seconds.
 */
const MIN_SECONDS_PER_LETTER = 0.02;
const MAX_SECONDS_PER_LETTER = 2;
const MAX_SPARE_SECONDS = 5;
const AUDIBLE = 32_768 * 10 ** (-50 / 20);

function refuseImplausible({ pcm, rateHz }: SourceClip, text: string, rate: number): void {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const seconds = (pcm.length / rateHz) * rate;
  const found = `${(pcm.length / rateHz).toFixed(2)} s of sound for ${letters} letters`;
  if (seconds < letters * MIN_SECONDS_PER_LETTER) throw new VoiceFault('passing', `${found}: it breaks off`);
  if (seconds > letters * MAX_SECONDS_PER_LETTER + MAX_SPARE_SECONDS)
    throw new VoiceFault('passing', `${found}: more than the text`);
  if (letters > 0 && !pcm.some((x) => Math.abs(x) > AUDIBLE)) throw new VoiceFault('passing', `${found}: silence`);
}

/** Bump whenever the same answer would be used differently. */
const FORMAT = 1;
/** About 20 s of speech, as for the embedded voices. */
const PIECE_CHARS = 300;
/** Speaking ahead leaves the rest of the day's characters to answers. */
const AHEAD_SHARE = 0.8;

/** A spoken piece with its times; offsets count in the piece as written. */
export interface LinkClip {
  readonly pcm: Int16Array;
  readonly rateHz: number;
  readonly words: readonly WordMark[];
  readonly phonemes: readonly PhonemeMark[];
  readonly aligned: boolean;
}

/** Speaks a piece with known times, for the aligner. */
type Reference = (text: string, language: string, signal: AbortSignal) => Promise<SpeechChunk | undefined>;

interface VoiceLinkOptions {
  readonly provider: string;
  readonly name: string;
  readonly source: VoiceSource;
  /** Never shown. */
  readonly secrets: readonly string[];
  /** Counts characters. */
  readonly paid: boolean;
  /** Undefined: all. */
  readonly languages: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly maxCharactersPerDay: number | undefined;
  readonly clips: ClipCache<LinkClip>;
  readonly count: CharacterCount;
  readonly reference: Reference;
  /** Monotonic clock in ms. */
  readonly steadyMs: () => number;
}

interface Piece {
  readonly range: TextRange;
  readonly spoken: SpokenText;
  readonly key: unknown;
}

/** One service's or model's voice with its cache, rests, counts and times. */
export class VoiceLink {
  readonly id: string;
  private readonly rest: VoiceRest;
  private readonly running = new Map<string, Promise<LinkClip>>();
  private readonly figures = { spoken: 0, cached: 0, failed: 0 };

  constructor(private readonly options: VoiceLinkOptions) {
    this.id = `${options.provider}:${options.name}`;
    this.rest = new VoiceRest(options.steadyMs);
  }

  get provider(): string {
    return this.options.provider;
  }

  get name(): string {
    return this.options.name;
  }

  /** `zh` serves `zh-TW`, and `pt-BR` serves `pt`. */
  speaks(language: string): boolean {
    const base = language.toLowerCase().split(/[-_]/)[0]!;
    return this.options.languages?.some((one) => one.toLowerCase().split(/[-_]/)[0] === base) ?? true;
  }

  /** All pieces of a line, as a change of voice within it would be heard. Throws a VoiceFault. */
  async speak(request: SpeakRequest, signal: AbortSignal): Promise<SpeechChunk[]> {
    const chunks: SpeechChunk[] = [];
    for (const piece of this.pieces(request)) {
      const cached = await this.options.clips.read(piece.key);
      if (cached !== undefined) this.figures.cached += 1;
      chunks.push(this.toChunk(cached ?? (await this.fetch(piece, request, 1, signal)), piece));
    }
    return chunks;
  }

  /** Speaks missing pieces into the cache; false when nothing was done. */
  async keep(request: SpeakRequest, signal: AbortSignal): Promise<boolean> {
    let worked = false;
    for (const piece of this.pieces(request)) {
      if ((await this.options.clips.read(piece.key)) !== undefined) continue;
      await this.fetch(piece, request, AHEAD_SHARE, signal);
      worked = true;
    }
    return worked;
  }

  snapshot(): VoiceSnapshot {
    const { provider, name, count, maxCharactersPerDay: max = null } = this.options;
    const charactersToday = count.todayOf(this.id);
    const { restMs, failing } = this.rest;
    return {
      provider,
      voice: name,
      state: restMs > 0 ? 'resting' : max !== null && charactersToday >= max ? 'capped' : 'ready',
      restMs,
      failing,
      lastError: this.rest.lastError,
      ...this.figures,
      charactersToday,
      charactersTotal: count.totalOf(this.id),
      maxCharactersPerDay: max,
    };
  }

  async close(): Promise<void> {
    await this.options.source.close?.();
  }

  private pieces({ text, language, rate, pitch }: SpeakRequest): Piece[] {
    return splitText(text, PIECE_CHARS).flatMap((range) => {
      const spoken = spokenText(text.slice(range.start, range.end), language);
      if (!/[\p{L}\p{N}]/u.test(spoken.text)) return [];
      const key = [FORMAT, this.options.source.identity, spoken.text, language, rate, pitch];
      return [{ range, spoken, key }];
    });
  }

  /** One call for a piece, however many ask for it. */
  private fetch(piece: Piece, request: SpeakRequest, share: number, signal: AbortSignal): Promise<LinkClip> {
    const key = JSON.stringify(piece.key);
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const fetched = this.synthesise(piece, request, share, signal).finally(() => this.running.delete(key));
    this.running.set(key, fetched);
    return fetched;
  }

  private async synthesise(piece: Piece, request: SpeakRequest, share: number, signal: AbortSignal): Promise<LinkClip> {
    const { source, timeoutMs, clips, count, paid } = this.options;
    const characters = paid ? [...piece.spoken.text].length : 0;
    this.refuse(characters, share);
    const { language, rate, pitch } = request;
    const limit = new TimeLimit(timeoutMs, signal);
    if (paid) count.add(this.id, characters);
    try {
      const wanted = { text: piece.spoken.text.trim().replace(/\s+/g, ' '), language, rate, pitch };
      const heard = await source.synthesise(wanted, limit.signal);
      refuseImplausible(heard, wanted.text, rate);
      const clip = await this.timed(heard, wanted.text, piece, request, signal);
      this.rest.succeeded();
      this.figures.spoken += 1;
      await clips.write(piece.key, clip);
      return clip;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const fault = limit.isOver
        ? new VoiceFault('passing', `no whole answer within ${timeoutMs / 1000} s`)
        : error instanceof VoiceFault
          ? error
          : new VoiceFault('passing', error instanceof Error ? error.message : 'no answer');
      // A wrong key is not billed; of anything else it is not known.
      if (paid && fault.kind === 'setup') count.add(this.id, -characters);
      this.figures.failed += 1;
      const shown = this.shown(fault.message);
      this.rest.failed(fault, shown);
      throw new VoiceFault(fault.kind, shown, fault.retryAfterMs);
    } finally {
      limit.end();
    }
  }

  private refuse(characters: number, share: number): void {
    const { count, maxCharactersPerDay: max } = this.options;
    const { restMs } = this.rest;
    if (restMs > 0)
      throw new VoiceFault(
        'passing',
        `it rests for another ${Math.ceil(restMs / 1000)} s after "${this.rest.lastError}"`,
      );
    if (max !== undefined && count.todayOf(this.id) + characters > max * share)
      throw new VoiceFault('passing', `the day's ${max} characters are used up`);
  }

  /** Adds data that the service left out: times of words, and sounds for the mouth. */
  private async timed(
    heard: SourceClip,
    sent: string,
    { range, spoken }: Piece,
    { text, language }: SpeakRequest,
    signal: AbortSignal,
  ): Promise<LinkClip> {
    const { pcm, rateHz } = heard;
    const origin = originsOf(spoken, sent);
    const own = wordMarks(sent, heard.words, rateHz).map(({ char, sample }) => ({ char: origin[char]!, sample }));
    const phonemes = heard.phonemes;
    if (own.length > 0 && phonemes.length > 0) return { pcm, rateHz, words: own, phonemes, aligned: false };
    const reference = await this.options.reference(text.slice(range.start, range.end), language, signal);
    const float = toFloat(pcm);
    const aligned =
      reference === undefined
        ? undefined
        : await alignSpeech({ ...reference, rateHz: reference.sampleRateHz }, { pcm: float, rateHz }, signal);
    return {
      pcm,
      rateHz,
      // Without any times the assembler divides by letters, and a mute covers the whole line.
      words: own.length > 0 ? own : (aligned?.words ?? []),
      phonemes: phonemes.length > 0 ? phonemes : (aligned?.phonemes ?? []),
      aligned: own.length === 0,
    };
  }

  private toChunk({ pcm, rateHz, words, phonemes, aligned }: LinkClip, { range }: Piece): SpeechChunk {
    return {
      pcm: toFloat(pcm),
      sampleRateHz: rateHz,
      words: words.map(({ char, sample }) => ({ char: range.start + char, sample })),
      phonemes,
      startChar: range.start,
      endChar: range.end,
      aligned,
      voice: this.name,
      shape: 'natural',
    };
  }

  /** A service may repeat the key, and its words go to logs. */
  private shown(message: string): string {
    const hidden = this.options.secrets.reduce(withoutSecret, message);
    return hidden.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 200);
  }
}

/** For each UTF-16 unit of the sent text its offset in the piece: the sent text has runs of spaces joined. */
function originsOf({ text, offsets }: SpokenText, sent: string): number[] {
  const origins: number[] = [];
  let at = text.length - text.trimStart().length;
  for (const unit of sent) {
    for (let i = 0; i < unit.length; i += 1) origins.push(offsets[at + i]!);
    at += unit.length;
    if (unit === ' ') while (/\s/.test(text[at] ?? '')) at += 1;
  }
  return origins;
}

function toFloat(pcm: Int16Array): Float32Array {
  const out = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) out[i] = pcm[i]! / 32_768;
  return out;
}
