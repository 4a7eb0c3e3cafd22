import type { Box } from '../../core/verdict.js';

/** Messages between the engine and its text reading process (Node IPC, advanced serialisation). */

/** One line of text found in a picture. */
export interface TextLine {
  readonly text: string;
  /** Mean probability of the characters, 0–1. */
  readonly confidence: number;
  /** Upright box around the line, in pixels of the original picture. */
  readonly box: Box;
}

export interface OcrJob {
  /** Opaque RGBA, rows without padding. */
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}
