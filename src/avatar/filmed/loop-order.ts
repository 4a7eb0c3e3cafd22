// frame path
import type { FrameRate } from '../../core/time.js';

/** Film and room whose rates differ by less than this play frame by frame: a slightly faster breath is not seen. */
const NEAR = 1.3;

/** Frames of the film per frame of the room, as a fraction. */
export function filmStep(film: FrameRate, room: FrameRate): FrameRate {
  const num = film.num * room.den;
  const den = film.den * room.num;
  const ratio = num / den;
  return ratio < NEAR && ratio > 1 / NEAR ? { num: 1, den: 1 } : { num, den };
}

/** The frame of the film after `played` frames of its loop, to and fro: the ends are shown once each. */
export function loopFrame(played: number, from: number, to: number): number {
  const last = to - from - 1;
  if (last <= 0) return from;
  const at = played % (2 * last);
  return from + (at <= last ? at : 2 * last - at);
}
