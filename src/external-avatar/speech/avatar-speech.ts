import type { Closeable } from '../../core/closeable.js';
import type { AvatarSpeechState } from '../../config/api/avatar-handle.js';
import type { ShowCommand } from '../../show/show-command.js';

export type SpeakCommand = Extract<ShowCommand, { type: 'speak' }>;
export type CutCommand = Extract<ShowCommand, { type: 'cut' }>;

/** Sends the show's speech to the engine of an external avatar, so that its lips follow. */
export interface AvatarSpeech extends Closeable {
  take(command: ShowCommand): void;
  state(): AvatarSpeechState;
}

/** Whether the host's lips move: a voice without a face on stage has no lips, and the assistant has its own. */
export const movesHostLips = ({ mouth, role }: SpeakCommand): boolean =>
  mouth.viseme.length > 0 && role !== 'assistant';
