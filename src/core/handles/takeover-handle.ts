import type { SayResult } from './say-result.js';

/** A person speaks in place of the script. */

export const TAKEOVER_MODES = ['text', 'audio', 'microphone', 'avatar'] as const;
export type TakeoverMode = (typeof TAKEOVER_MODES)[number];

export interface TakeoverVoice {
  readonly connected: boolean;
  /** From the microphone to the show, as set. */
  readonly delayMs: number;
  /** From the microphone to the first sample of the last piece. */
  readonly lastDelayMs: number | null;
  /** Pieces by their fate since the takeover began. */
  readonly pieces: number;
  readonly scheduled: number;
  readonly refused: number;
  /** Without words in time. */
  readonly unjudged: number;
  /** In which no word was recognised. */
  readonly wordless: number;
  /** Speech without a recognised word inside of pieces. */
  readonly silencedMs: number;
}

export interface TakeoverSnapshot {
  readonly on: boolean;
  readonly mode: TakeoverMode | null;
  /** Since when, in milliseconds. */
  readonly lastedMs: number;
  /** Since the person last said something. */
  readonly idleMs: number;
  /** Answers to viewers wait until the takeover ends. */
  readonly repliesWait: boolean;
  /** The last takeover ended by itself, since the person was silent; false again after a minute. */
  readonly timedOut: boolean;
  /** Transcribes voices; null without a recogniser. */
  readonly recogniser: string | null;
  /** Why a voice cannot take over; empty when it can. */
  readonly noVoice: string;
  readonly voice: TakeoverVoice | null;
  readonly quickPhrases: readonly { readonly id: string; readonly text: string }[];
}

export interface TakeoverAudio {
  /** Lines that it became: one for each stretch between two pauses. */
  readonly lines: number;
  /** The recognised words. */
  readonly text: string;
  readonly durationMs: number;
  /** Speech without a recognised word, which is not heard. */
  readonly silencedMs: number;
  /** Rules that its words break, with the silenced words. */
  readonly hits: readonly {
    readonly rule: string;
    readonly kind: string;
    readonly match: string;
    readonly action: string;
  }[];
}

export interface TakeoverHandle {
  state(): TakeoverSnapshot;
  /** Holds the script. Throws E_RECOGNISER_MISSING for a voice without a recogniser. */
  begin(mode: TakeoverMode): Promise<TakeoverSnapshot>;
  /** Gives the show back; without a takeover nothing happens. */
  end(): Promise<TakeoverSnapshot>;
  /** A typed line or a quick phrase, spoken at once. Throws E_TAKEOVER_OFF, E_NOT_FOUND. */
  say(
    what: { readonly text: string; readonly language?: string | undefined } | { readonly phrase: string },
  ): Promise<SayResult>;
  /** A recording, spoken when all of its words are known and judged. `text` is only its caption. */
  audio(bytes: Buffer, text?: string): Promise<TakeoverAudio>;
  /** WHIP: takes the offer of a microphone. */
  offer(sdp: string): Promise<{ readonly id: string; readonly answer: string }>;
  hangUp(id: string): Promise<void>;
}
