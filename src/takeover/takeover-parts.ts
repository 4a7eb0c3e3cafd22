import type { Closeable } from '../core/closeable.js';
import type { TakeoverConfig } from '../config/sections/takeover.js';
import type { SayResult } from '../config/api/desk-handle.js';
import type { Log } from '../core/log.js';
import type { LedgerEntry, TextHit } from '../core/verdict.js';
import type { Recogniser } from '../speech/recogniser/speech-recogniser.js';
import type { Agenda } from '../show/agenda/agenda.js';
import type { ShowRunner } from '../show/show-runner.js';

/** A connected microphone. */
export interface VoiceLink extends Closeable {
  readonly connected: boolean;
  answer(offer: string): Promise<string>;
}

export interface VoiceLinkEvents {
  /** Mono, 48 kHz. */
  readonly onPcm: (pcm: Float32Array) => void;
  readonly onGone: (reason: string) => void;
}

export interface TakeoverParts {
  readonly config: TakeoverConfig;
  readonly agenda: Pick<Agenda, 'add' | 'hold' | 'cancel'>;
  readonly runner: Pick<ShowRunner, 'pause' | 'resume' | 'paused'>;
  /** Judges a typed line and queues it to interrupt. */
  readonly say: (text: string, language?: string) => Promise<SayResult>;
  /** Transcribes voices; undefined without a recogniser. */
  readonly recogniser: Recogniser | undefined;
  /** Why the recogniser is missing; empty when it is there. */
  readonly noVoice: string;
  /** BCP-47 language in which voices speak. */
  readonly language: () => string;
  /** Findings of recognised words. */
  readonly judge: (text: string) => readonly TextHit[];
  /** A recording as mono sound at 48 kHz. */
  readonly decode: (bytes: Buffer, signal: AbortSignal) => Promise<Float32Array>;
  readonly link: (events: VoiceLinkEvents) => Promise<VoiceLink>;
  /** The sound of an external avatar as a voice; undefined for a drawn or filmed presenter. */
  readonly avatarLink?: ((events: VoiceLinkEvents) => Promise<VoiceLink>) | undefined;
  readonly note: (entry: LedgerEntry) => void;
  /** Records a command of the operator. */
  readonly operated: (action: string, detail: Readonly<Record<string, string | number>>) => void;
  readonly log: Log;
  readonly nowMs: () => number;
}
