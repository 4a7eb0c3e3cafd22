import type { Encoder } from '../config/sections/encoder.js';
import { EngineError } from '../core/errors.js';
import type { FrameRate } from '../core/time.js';

/** The picture receivers get: size in pixels, and the rate after frames are skipped. */
export interface PictureSent {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
}

/**
 * The picture that these settings produce from a room of the given size and rate. Throws E_BAD_REQUEST when only one
 * side is given, when the size exceeds the room's, or when its aspect ratio differs (which would squeeze the
 * presenter).
 */
export function pictureSent(encoder: Encoder, width: number, height: number, rate: FrameRate): PictureSent {
  const step = encoder.frameStep ?? 1;
  const sent = {
    width: encoder.width ?? width,
    height: encoder.height ?? height,
    rate: step === 1 ? rate : { num: rate.num, den: rate.den * step },
  };
  const wrong = (expected: string): EngineError =>
    new EngineError('E_BAD_REQUEST', {
      where: 'encoder: width, height',
      expected,
      found: `${encoder.width ?? 'no width'} × ${encoder.height ?? 'no height'}`,
    });
  if ((encoder.width === undefined) !== (encoder.height === undefined)) throw wrong('both or neither');
  if (sent.width > width || sent.height > height) throw wrong(`at most the room's ${width} × ${height}`);
  // Even sides cannot hold every ratio exactly: two pixels of difference keep the aspect ratio.
  if (Math.abs(sent.width - (sent.height * width) / height) > 2)
    throw wrong(`the aspect ratio of ${width} × ${height}`);
  return sent;
}
