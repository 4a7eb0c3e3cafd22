import { EngineError } from '../../core/errors.js';

/*
 * Limits of a clip. It is decoded once and kept as raw frames on the disk, so the loop reads it without decoding: 41 MB
 * a second for a whole frame of 720p at 30 a second, less where frames repeat.
 */
export const MAX_CLIP_FILE_BYTES = 256 * 1024 * 1024;
export const MAX_CLIP_SECONDS = 120;
/** Maximum frame of the file: 4096×2304. */
export const MAX_CLIP_PIXELS = 4096 * 2304;
/** Raw frames of one clip; repeated frames count once. */
export const MAX_CLIP_RAW_BYTES = 2 * 1024 ** 3;
/** Read-ahead of all clips on the picture together. */
export const MAX_RING_BYTES = 96 * 1024 * 1024;

const mb = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** E_ASSET_TOO_LARGE that names all limits. */
export const clipTooLarge = (where: string, found: string): EngineError =>
  new EngineError('E_ASSET_TOO_LARGE', {
    where,
    expected:
      `a clip of at most ${MAX_CLIP_SECONDS} s, ${mb(MAX_CLIP_FILE_BYTES)}, ${(MAX_CLIP_PIXELS / 1e6).toFixed(1)} megapixels and ` +
      `${MAX_CLIP_RAW_BYTES / 1024 ** 3} GB of raw frames`,
    found,
    todo: 'trim it, or show it smaller',
  });

export const clipInvalid = (where: string, found: string, cause?: unknown): EngineError =>
  new EngineError('E_ASSET_INVALID', {
    where,
    expected: 'an intact MP4, MOV, WebM or MKV clip',
    found,
    todo: 'save it again as MP4 with H.264',
    cause,
  });
