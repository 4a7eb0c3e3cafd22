import type { TakeoverVoice } from '../config/api/takeover-handle.js';
import type { Log } from '../core/log.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';
import type { LedgerEntry } from '../core/verdict.js';
import type { Recogniser } from '../speech/recogniser/speech-recogniser.js';
import type { LineOutcome, LineRequest } from '../show/agenda/agenda.js';
import { hearVoice, loudnessOf, type HeardVoice } from './hear-voice.js';
import { VoiceChunker, type VoicePiece } from './voice-chunker.js';

/**
 * A live voice in its delay window.
 *
 * Problem: nothing may be heard before it is judged, and a piece is judged only after its last word; yet the pauses of a
 * speaker must stay as they are.
 * Rule: each piece is due a fixed time after it was spoken. It is written down at once and, shortly before it is due,
 * becomes a line of the agenda, which judges it after the lines before it and mutes its forbidden words. Pieces keep their
 * order. A piece whose words are not known when it is due is never heard: no verdict is silence.
 * Numbers: pieces of 2–6 s; a line needs 600 ms from the agenda to its first sample; at most three pieces are at the
 * recogniser at once.
 */

/** From the agenda to the first sample: the schedule's lead and the judging. */
const LINE_LEAD_MS = 600;
const MAX_AT_ONCE = 3;
/** A jump of the sender's clock or a gap in its packets. */
const MAX_DRIFT_MS = 300;
/** The loudness follows the speaker over about this many pieces, so that pieces do not pump. */
const LOUDNESS_PIECES = 4;

export interface LiveVoiceOptions {
  readonly recogniser: Recogniser;
  readonly agenda: { add(request: LineRequest): { id: string } | undefined };
  /** BCP-47. */
  readonly language: () => string;
  readonly delayMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly note: (entry: LedgerEntry) => void;
  /** Somebody speaks. */
  readonly onSpeech: () => void;
}

export type VoiceCounts = Omit<TakeoverVoice, 'connected' | 'delayMs'>;

export class LiveVoice {
  private readonly chunker: VoiceChunker;
  private readonly stop = new AbortController();
  private order: Promise<void> = Promise.resolve();
  private samples = 0;
  private beganMs: number | undefined;
  private atOnce = 0;
  private first = true;
  private power: number | undefined;
  private readonly counters = { pieces: 0, scheduled: 0, refused: 0, unjudged: 0, wordless: 0, silencedMs: 0 };
  private lastDelayMs: number | null = null;

  constructor(private readonly options: LiveVoiceOptions) {
    this.chunker = new VoiceChunker((piece) => this.take(piece));
  }

  get counts(): VoiceCounts {
    return { ...this.counters, lastDelayMs: this.lastDelayMs };
  }

  /** The newest samples of the microphone: mono, 48 kHz. */
  push(pcm: Float32Array): void {
    this.samples += pcm.length;
    const beganMs = this.options.nowMs() - toMs(this.samples);
    if (this.beganMs === undefined || beganMs < this.beganMs || beganMs > this.beganMs + MAX_DRIFT_MS)
      this.beganMs = beganMs;
    this.chunker.push(pcm);
    if (this.chunker.isSpeaking) this.options.onSpeech();
  }

  /** The microphone is gone; the pieces so far are still heard. */
  end(): void {
    this.chunker.end();
  }

  /** Resolves when every piece so far is a line, or is not heard. */
  drained(): Promise<void> {
    return this.order;
  }

  /** Nothing more is heard. */
  close(): void {
    this.stop.abort();
  }

  private take({ pcm, startSample }: VoicePiece): void {
    const { nowMs, delayMs } = this.options;
    this.counters.pieces += 1;
    const spokenMs = (this.beganMs ?? nowMs()) + toMs(startSample);
    const dueMs = spokenMs + delayMs - LINE_LEAD_MS;
    const heard = this.hear(pcm, dueMs);
    // In order: a piece waits for the one before it.
    this.order = Promise.all([heard, this.order]).then(async ([voice]) => {
      await this.until(dueMs);
      if (voice !== undefined && !this.stop.signal.aborted) this.schedule(voice, spokenMs);
    });
  }

  private async hear(pcm: Float32Array, dueMs: number): Promise<HeardVoice | undefined> {
    const { recogniser, language, nowMs } = this.options;
    const inMs = dueMs - nowMs();
    if (inMs <= 0 || this.atOnce >= MAX_AT_ONCE) {
      this.drop('the recogniser is too slow', pcm);
      return undefined;
    }
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('no words in time')), inMs);
    this.atOnce += 1;
    try {
      const signal = AbortSignal.any([this.stop.signal, limit.signal]);
      const loudnessLufs = this.loudness(pcm);
      const voice = await unlessAborted(
        hearVoice(pcm, { recogniser, language: language(), loudnessLufs, signal }),
        signal,
      );
      if (voice === undefined) this.counters.wordless += 1;
      else this.counters.silencedMs += voice.silencedMs;
      return voice;
    } catch (error) {
      this.drop(error instanceof Error ? error.message : String(error), pcm);
      return undefined;
    } finally {
      clearTimeout(timer);
      this.atOnce -= 1;
    }
  }

  private drop(reason: string, pcm: Float32Array): void {
    if (this.stop.signal.aborted) return;
    this.counters.unjudged += 1;
    const { log, note } = this.options;
    const ms = Math.round(toMs(pcm.length));
    log.warn({ reason, ms }, 'a piece of voice has no verdict in time and is not heard');
    note({ kind: 'audio', action: 'mute', surface: 'speech', detail: { kind: 'unjudged-voice', ms } });
  }

  private schedule({ utterance }: HeardVoice, spokenMs: number): void {
    const { agenda, delayMs, nowMs } = this.options;
    const onOutcome = (outcome: LineOutcome): void => {
      if (outcome.outcome !== 'scheduled') {
        this.counters.refused += 1;
        return;
      }
      this.counters.scheduled += 1;
      this.lastDelayMs = Math.round(nowMs() - spokenMs);
    };
    const added = agenda.add({
      kind: 'takeover',
      text: utterance.text,
      voice: utterance,
      gesture: 'none',
      pauseMs: 0,
      maxWaitMs: delayMs,
      ...(this.first ? { interrupt: true } : {}),
      onOutcome,
    });
    this.first = false;
    if (added === undefined) this.counters.refused += 1;
  }

  /** Loudness of the speaker so far, as a mean of energies. */
  private loudness(pcm: Float32Array): number {
    const now = 10 ** (loudnessOf(pcm) / 10);
    this.power = this.power === undefined ? now : this.power + (now - this.power) / LOUDNESS_PIECES;
    return 10 * Math.log10(this.power);
  }

  private until(atMs: number): Promise<void> {
    const inMs = atMs - this.options.nowMs();
    const { signal } = this.stop;
    if (inMs <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, inMs);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** A recogniser may not know how to stop. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const toMs = (samples: number): number => (samples * 1000) / SAMPLE_RATE_HZ;
