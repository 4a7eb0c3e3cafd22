import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import { SOURCE_STEPS } from '../../core/source-step.js';

const SPEECH_LINKS = ['connecting', 'live', 'degraded', 'wedged', 'backoff', 'stopped'] as const;

/** Speech that is sent to the engine of an external avatar. */
export const avatarSpeechState = z.object({
  sent: z.number().describe('Lines that were sent'),
  failed: z.number().describe('Requests that failed, or connections that ended'),
  dropped: z.number().describe('Lines that were not sent: others waited, or there was no connection'),
  link: z
    .enum(SPEECH_LINKS)
    .nullable()
    .describe('State of the connection; null where each line is a request of its own'),
  lastError: z.string().describe('Last error in words, without secrets; empty before the first'),
});
export type AvatarSpeechState = Shape<typeof avatarSpeechState>;

export const avatarState = z.object({
  source: z.enum(['pack', 'whip', 'rtmp']).describe("Where the presenter's pictures come from"),
  step: z.enum(SOURCE_STEPS).nullable().describe("What viewers see of it; null for a presenter of the room's own"),
  connected: z.boolean(),
  picture: z
    .object({ width: z.number(), height: z.number() })
    .nullable()
    .describe('Size of its pictures in the layer; null before the first one'),
  received: z.number().describe('Pictures that were decoded, and those of them that came too fast to be shown'),
  dropped: z.number(),
  lostPackets: z.number().describe('Packets and pictures that were lost on the way'),
  lostTags: z.number(),
  decoders: z.number().describe('Starts of the decoder'),
  speech: avatarSpeechState.nullable().describe('Null where no speech is sent'),
});
export type AvatarState = Shape<typeof avatarState>;

/** A presenter whose pictures come from another engine. */
export interface AvatarHandle {
  state(): AvatarState;
  /** Whether a key is the room's stream key; compared in constant time. */
  isKey(key: string): boolean;
  /** WHIP: takes the SDP offer of the engine that sends. Throws E_AVATAR_OFF, E_SDP_INVALID. */
  offer(sdp: string): Promise<{ readonly id: string; readonly answer: string }>;
  /** Throws E_NOT_FOUND. */
  hangUp(id: string): Promise<void>;
}
