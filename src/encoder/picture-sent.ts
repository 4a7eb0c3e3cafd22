import type { Encoder } from '../config/sections/encoder.js';
import { EngineError } from '../core/errors.js';
import type { FrameRate } from '../core/time.js';

/** What receivers get: size in pixels, and the rate after frames were left out. */
export interface PictureSent {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
}

/**
 * The picture that these settings send of a room of the given size and rate. Throws E_BAD_REQUEST for half a
 * size, one larger than the room's, or one of another shape (which would squeeze the presenter).
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
  if ((encoder.width === undefined) !== (encoder.height === undefined)) throw wrong('both or none');
  if (sent.width > width || sent.height > height) throw wrong(`at most the room's ${width} × ${height}`);
  // Even sides cannot hold every ratio exactly: a pixel pair either way is no change of shape.
  if (Math.abs(sent.width - (sent.height * width) / height) > 2) throw wrong(`the shape of ${width} × ${height}`);
  return sent;
}
