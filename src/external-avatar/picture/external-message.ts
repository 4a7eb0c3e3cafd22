import type { ExternalAvatar } from '../../config/sections/presenter.js';
import type { ExternalSlots } from './external-ring.js';

/** The decoding thread starts with this. */
export interface ExternalStart {
  readonly slots: ExternalSlots;
  readonly ffmpegPath: string;
  readonly ffmpegMajor: number;
  readonly external: Pick<ExternalAvatar, 'key' | 'fit' | 'matrix' | 'idleClip'>;
  /** Pictures a second that the room can show. */
  readonly fps: number;
}

/** Main thread → decoding thread. */
export type ExternalRequest =
  /** Another source begins: its first tag is a configuration. */
  | { readonly type: 'open' }
  /** A whole FLV video tag. */
  | { readonly type: 'tag'; readonly bytes: Uint8Array }
  /** The source has ended. */
  | { readonly type: 'end' }
  | { readonly type: 'close' };

/** Decoding thread → main thread. */
export type ExternalReport =
  | { readonly type: 'picture'; readonly width: number; readonly height: number }
  | { readonly type: 'fault'; readonly what: 'source' | 'idle-clip'; readonly reason: string }
  | { readonly type: 'closed' };
