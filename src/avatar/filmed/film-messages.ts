/** Jobs and reports of the threads that make and read a decoded film. */

export interface FilmJob {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
  readonly frames: number;
}
export type FilmJobReport =
  | { readonly type: 'done' }
  | { readonly type: 'progress'; readonly frames: number }
  | { readonly type: 'failed'; readonly found: string };

export type FilmFeedReport = { readonly type: 'filled' } | { readonly type: 'failed'; readonly error: string };
