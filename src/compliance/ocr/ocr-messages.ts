import type { Box } from '../../core/verdict.js';

/** What passes between the engine and its text reading process (Node IPC, advanced serialisation). */

/** One line of text found in a picture. */
export interface TextLine {
  readonly text: string;
  /** Mean probability of the characters, 0–1. */
  readonly confidence: number;
  /** Upright box around the line, in pixels of the picture as it came. */
  readonly box: Box;
}

export interface OcrJob {
  readonly id: number;
  /** Opaque RGBA, rows without padding. */
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type OcrReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly lines: readonly TextLine[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
