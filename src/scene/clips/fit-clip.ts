import type { PictureRequest } from '../assets/load-picture.js';
import { boxFor } from '../assets/load-picture.js';
import type { ClipShape } from './clip-command.js';

/** A clip in its box. */
export interface FittedClip extends ClipShape {
  /** Size of the box. */
  readonly boxWidth: number;
  readonly boxHeight: number;
  /** Position of the clip in the box. */
  readonly dx: number;
  readonly dy: number;
}

const even = (n: number): number => Math.max(2, 2 * Math.round(n / 2));
/** An odd box is covered to its last pixel. */
const evenUp = (n: number): number => Math.max(2, (n + 1) & ~1);

/** Fits a clip like a picture; all sizes and positions are even, as frames require. */
export function fitClip(request: PictureRequest, naturalWidth: number, naturalHeight: number): FittedClip {
  const box = boxFor(request, naturalWidth, naturalHeight);
  const base = { boxWidth: box.width, boxHeight: box.height };
  const [width, height] = [evenUp(box.width), evenUp(box.height)];
  if (request.fit === 'fill') return { ...base, scaleWidth: width, scaleHeight: height, width, height, dx: 0, dy: 0 };
  const [across, down] = [width / naturalWidth, height / naturalHeight];
  if (request.fit === 'cover') {
    const grow = Math.max(across, down);
    const scaleWidth = Math.max(width, even(naturalWidth * grow));
    const scaleHeight = Math.max(height, even(naturalHeight * grow));
    return { ...base, scaleWidth, scaleHeight, width, height, dx: 0, dy: 0 };
  }
  const grow = Math.min(across, down);
  const shownWidth = Math.min(width, even(naturalWidth * grow));
  const shownHeight = Math.min(height, even(naturalHeight * grow));
  return {
    ...base,
    scaleWidth: shownWidth,
    scaleHeight: shownHeight,
    width: shownWidth,
    height: shownHeight,
    dx: ((width - shownWidth) >> 2) * 2,
    dy: ((height - shownHeight) >> 2) * 2,
  };
}
