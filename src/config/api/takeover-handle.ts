import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import type { SayResult } from './desk-handle.js';

/** A person speaks in place of the script. */

export const TAKEOVER_MODES = ['text', 'audio', 'microphone', 'avatar'] as const;

export type TakeoverMode = (typeof TAKEOVER_MODES)[number];

const takeoverVoice = z.object({
  connected: z.boolean(),
  delayMs: z.number().describe('From the microphone to the show, as set'),
  lastDelayMs: z.number().nullable().describe('From the microphone to the first sample of the last piece'),
  pieces: z.number().describe('Pieces by their fate since the takeover began'),
  scheduled: z.number(),
  refused: z.number(),
  unjudged: z.number().describe('Without words in time'),
  wordless: z.number().describe('In which no word was recognised'),
  silencedMs: z.number().describe('Speech without a recognised word inside of pieces'),
});
export type TakeoverVoice = Shape<typeof takeoverVoice>;

export const takeoverSnapshot = z.object({
  on: z.boolean(),
  mode: z.enum(TAKEOVER_MODES).nullable(),
  lastedMs: z.number().describe('Since when, in milliseconds'),
  idleMs: z.number().describe('Since the person last said something'),
  repliesWait: z.boolean().describe('Answers to viewers wait until the takeover ends'),
  timedOut: z
    .boolean()
    .describe('The last takeover ended by itself, since the person was silent; false again after a minute'),
  recogniser: z.string().nullable().describe('Transcribes voices; null without a recogniser'),
  noVoice: z.string().describe('Why a voice cannot take over; empty when it can'),
  voice: takeoverVoice.nullable(),
  quickPhrases: z.array(z.object({ id: z.string(), text: z.string() })),
});
export type TakeoverSnapshot = Shape<typeof takeoverSnapshot>;

export const takeoverAudio = z.object({
  lines: z.number().describe('Lines that it became: one for each stretch between two pauses'),
  text: z.string().describe('The recognised words'),
  durationMs: z.number(),
  silencedMs: z.number().describe('Speech without a recognised word, which is not heard'),
  hits: z
    .array(z.object({ rule: z.string(), kind: z.string(), match: z.string(), action: z.string() }))
    .describe('Rules that its words break, with the silenced words'),
});
export type TakeoverAudio = Shape<typeof takeoverAudio>;

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
