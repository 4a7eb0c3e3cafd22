import type { SourceStep } from './source-step.js';

export const SPEECH_LINKS = ['connecting', 'live', 'degraded', 'wedged', 'backoff', 'stopped'] as const;

/** Speech that is sent to the engine of an external avatar. */
export interface AvatarSpeechState {
  /** Lines that were sent. */
  readonly sent: number;
  /** Requests that failed, or connections that ended. */
  readonly failed: number;
  /** Lines that were not sent: others waited, or there was no connection. */
  readonly dropped: number;
  /** State of the connection; null where each line is a request of its own. */
  readonly link: (typeof SPEECH_LINKS)[number] | null;
  /** Last error in words, without secrets; empty before the first. */
  readonly lastError: string;
}

export interface AvatarState {
  /** Where the presenter's pictures come from. */
  readonly source: 'pack' | 'whip' | 'rtmp';
  /** What viewers see of it; null for a presenter of the room's own. */
  readonly step: SourceStep | null;
  readonly connected: boolean;
  /** Size of its pictures in the layer; null before the first one. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  /** Pictures that were decoded, and those of them that came too fast to be shown. */
  readonly received: number;
  readonly dropped: number;
  /** Packets and pictures that were lost on the way. */
  readonly lostPackets: number;
  readonly lostTags: number;
  /** Starts of the decoder. */
  readonly decoders: number;
  /** Null where no speech is sent. */
  readonly speech: AvatarSpeechState | null;
}

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
