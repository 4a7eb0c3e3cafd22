import type { ConsentRecord } from '../avatar/filmed/film-manifest.js';
import type { GestureName } from '../cast/pack-voices.js';
import type { Log } from '../core/log.js';

export interface FilmPresenterOptions {
  /** The person at rest, silent. */
  readonly base: string;
  /** The person reading the text. */
  readonly talk?: string | undefined;
  /** The text read aloud, and its language; without them mouths are sorted by their shape alone. */
  readonly text?: string | undefined;
  readonly language?: string | undefined;
  readonly out: string;
  readonly name: string;
  readonly title?: string | undefined;
  readonly consent: ConsentRecord;
  readonly ageYears?: number | undefined;
  readonly matte: 'auto' | 'green' | 'person' | 'none';
  readonly gestures: readonly { readonly name: GestureName; readonly fromMs: number; readonly toMs: number }[];
  /** Share of the talk, at its end, that is kept out of the bank to measure with. */
  readonly holdOut?: number | undefined;
  readonly ffmpegPath: string;
  /** Decodes the footage. */
  readonly decoderPath: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, of: number, what: string) => void;
}

export interface FilmedResult {
  readonly dir: string;
  readonly frames: number;
  readonly usable: number;
  readonly loopMs: readonly [number, number];
  readonly mouths: number;
  readonly source: 'warp' | 'talk';
  readonly always: boolean;
  readonly alpha: boolean;
  readonly report: string;
  /** Correlation of the lip opening with the person's own, over the part of the talk that was held out. */
  readonly correlation: number | undefined;
  readonly warnings: readonly string[];
}
