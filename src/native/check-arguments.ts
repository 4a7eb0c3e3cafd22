// frame path
import { RECT_STRIDE, i420Size, type DrawList, type RectList } from '../core/picture.js';
import { packedLimit } from '../core/kernels.js';
import { badArgument } from './kernel-errors.js';

/** Throws unless width and height are positive and even and the buffer holds such a frame. */
export function checkFrame(where: string, frame: Uint8Array, width: number, height: number): void {
  if (
    !Number.isInteger(width) ||
    !Number.isInteger(height) ||
    width <= 0 ||
    height <= 0 ||
    ((width | height) & 1) !== 0
  )
    throw badArgument(where, 'an even frame size', `${width}×${height}`);
  if (frame.length < i420Size(width, height))
    throw badArgument(where, `${i420Size(width, height)} bytes for a frame of ${width}×${height}`, `${frame.length}`);
}

/** Throws unless the rectangle lies inside a plane of the given stride and the plane's length. */
export function checkPlane(where: string, plane: Uint8Array, stride: number, rows: number): void {
  if (!Number.isInteger(stride) || !Number.isInteger(rows) || stride <= 0 || rows <= 0 || plane.length < stride * rows)
    throw badArgument(where, 'a plane of stride × rows bytes', `${plane.length} bytes for ${stride}×${rows}`);
}

/** Throws when a list claims more entries than it has. */
export function checkLists(where: string, rects: RectList, list?: DrawList): void {
  if (rects.count < 0 || rects.count * RECT_STRIDE > rects.items.length)
    throw badArgument(where, 'a rectangle count within its capacity', `${rects.count}`);
  if (list !== undefined && (list.count < 0 || list.count > list.capacity))
    throw badArgument(where, 'an item count within its capacity', `${list.count}`);
}

/** Throws unless the frames are equally long and the changes of any such frame fit. */
export function checkPacking(where: string, from: Uint8Array, to: Uint8Array, out: Uint8Array): void {
  if (from.length !== to.length) throw badArgument(where, `${from.length} bytes`, `${to.length}`);
  if (out.length < packedLimit(to.length))
    throw badArgument(where, `${packedLimit(to.length)} bytes for the changes`, `${out.length}`);
}
