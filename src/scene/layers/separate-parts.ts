import type { Box } from '../../core/verdict.js';
import { crop, type Raster } from '../raster.js';
import type { BuiltSprite } from './build-context.js';

/** Parts closer than this stay together. */
const CELL_PX = 16;
/** More parts are not worth their draw items: the picture stays whole. */
const MAX_PARTS = 24;

/**
 * The parts of a picture that have clear space between them, each a sprite of its own: when a plane of lights moves,
 * the clear space is not damaged. The picture must have been judged whole.
 */
export function separateParts({ raster, dx, dy }: BuiltSprite): BuiltSprite[] {
  const boxes = partBoxes(raster);
  if (boxes.length > MAX_PARTS) return [{ raster, dx, dy }];
  return boxes.map(({ x, y, width, height }) => ({
    raster: crop(raster, x, y, width, height),
    dx: dx + x,
    dy: dy + y,
  }));
}

/** Boxes around connected cells that are not clear; boxes that overlap become one. */
function partBoxes({ rgba, width, height }: Raster): Box[] {
  const columns = Math.ceil(width / CELL_PX);
  const rows = Math.ceil(height / CELL_PX);
  const inked = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (rgba[(y * width + x) * 4 + 3] !== 0) inked[Math.floor(y / CELL_PX) * columns + Math.floor(x / CELL_PX)] = 1;
    }
  }
  let boxes: Box[] = [];
  for (let cell = 0; cell < inked.length; cell += 1) {
    if (inked[cell] === 1) boxes = withBox(boxes, connected(inked, columns, rows, cell, width, height));
  }
  return boxes;
}

/** The box of the cells connected to one, which are taken out of `inked`. */
function connected(
  inked: Uint8Array,
  columns: number,
  rows: number,
  first: number,
  width: number,
  height: number,
): Box {
  let [left, top, right, bottom] = [columns, rows, 0, 0];
  const open = [first];
  inked[first] = 0;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row + 1);
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y += 1) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1) {
        const next = y * columns + x;
        if (inked[next] === 0) continue;
        inked[next] = 0;
        open.push(next);
      }
    }
  }
  return {
    x: left * CELL_PX,
    y: top * CELL_PX,
    width: Math.min(width, right * CELL_PX) - left * CELL_PX,
    height: Math.min(height, bottom * CELL_PX) - top * CELL_PX,
  };
}

/** The boxes and one more, joined with those it overlaps. */
function withBox(boxes: readonly Box[], box: Box): Box[] {
  const over = boxes.find((one) => overlap(one, box));
  if (over === undefined) return [...boxes, box];
  const x = Math.min(over.x, box.x);
  const y = Math.min(over.y, box.y);
  const width = Math.max(over.x + over.width, box.x + box.width) - x;
  const height = Math.max(over.y + over.height, box.y + box.height) - y;
  return withBox(
    boxes.filter((one) => one !== over),
    { x, y, width, height },
  );
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
