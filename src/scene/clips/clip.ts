import type { Log } from '../../core/log.js';
import type { YuvaBitmap } from '../../core/media/picture.js';
import type { FrameRate } from '../../core/time.js';
import type { Raster } from '../raster.js';
import type { ClipFeeder } from './clip-feeder.js';
import type { ClipFile } from './clip-file.js';
import type { FittedClip } from './make-clip.js';

/** A clip that passed the judge. */
export interface LoadedClip {
  readonly file: ClipFile;
  readonly fitted: FittedClip;
  readonly opaque: boolean;
  /** The first frame: as the loop draws it, and as a picture. */
  readonly first: YuvaBitmap;
  readonly raster: Raster;
}

/** Judges a clip before it may be shown; throws E_ASSET_REFUSED with the time in the clip. */
export type AdmitClip = (clip: {
  readonly where: string;
  readonly file: ClipFile;
  readonly rate: FrameRate;
  /** A copy of a stored frame, I420. */
  frame(stored: number): Promise<Uint8Array<SharedArrayBuffer>>;
}) => Promise<void>;

/** The dependencies of clips beyond those of pictures. */
export interface ClipDeps {
  readonly ffmpeg: { readonly path: string; readonly version: string };
  readonly admit: AdmitClip;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Folder of decoded clips; see clip-cache.ts. */
  readonly cacheDir?: string;
  /** Reads ahead for the loop's thread; absent where frames are read one by one. */
  readonly feeder?: ClipFeeder;
}
