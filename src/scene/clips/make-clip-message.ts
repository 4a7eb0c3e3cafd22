import type { ErrorCode } from '../../core/errors.js';

/** The decoding thread's job. */
export interface MakeClip {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  /** The output file. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly framesPerSecond: number;
  readonly maxFrames: number;
  readonly maxStored: number;
  readonly timeoutMs: number;
}

export type MakeClipReport =
  | { readonly type: 'progress'; readonly frames: number }
  | { readonly type: 'done'; readonly frames: number; readonly stored: number }
  | {
      readonly type: 'failed';
      readonly why: 'large' | 'invalid' | 'other';
      readonly code: ErrorCode;
      readonly found: string;
    };
