import type { Box, Canvas, Layer, Length, Shot } from './shapes.js';

/** A length along one side, in pixels. */
export function toPx(value: Length | undefined, side: number, canvas: Canvas): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const number = Number.parseFloat(value);
  if (value.endsWith('vmin')) return Math.round((number / 100) * Math.min(canvas.width, canvas.height));
  return value.endsWith('%') ? Math.round((number / 100) * side) : number;
}

const shareOf = (anchor: string, start: string, end: string): number =>
  anchor.includes(start) ? 0 : anchor.includes(end) ? 1 : 0.5;

/** A change of a layer's place: of the one that it has in this shot alone, where there is one. */
export interface Placing {
  readonly x?: number;
  readonly y?: number;
  readonly shots?: Layer['shots'];
}

const placed = (layer: Layer, shot: Shot, place: { readonly x: number; readonly y: number }): Placing => {
  const own = layer.shots?.[shot];
  return own?.x === undefined && own?.y === undefined
    ? place
    : { shots: { ...layer.shots, [shot]: { ...own, ...place } } };
};

/** The place of a layer whose box is to be there. */
export function placeFor(layer: Layer, box: Box, canvas: Canvas, shot: Shot): Placing {
  const anchor = layer.anchor ?? 'top-left';
  return placed(layer, shot, {
    x: Math.round(box.x - Math.round((canvas.width - box.width) * shareOf(anchor, 'left', 'right'))),
    y: Math.round(box.y - Math.round((canvas.height - box.height) * shareOf(anchor, 'top', 'bottom'))),
  });
}

/** The place of a layer that moves by so much. */
export function movedBy(layer: Layer, dx: number, dy: number, canvas: Canvas, shot: Shot): Placing {
  const own = layer.shots?.[shot];
  return placed(layer, shot, {
    x: Math.round(toPx(own?.x ?? layer.x, canvas.width, canvas) + dx),
    y: Math.round(toPx(own?.y ?? layer.y, canvas.height, canvas) + dy),
  });
}

/** Whether a layer is on the picture while this shot is. */
export const isInShot = (layer: Layer, shot: Shot): boolean => layer.shots === undefined || shot in layer.shots;

/** A layer that fills the picture is its background: it stays where it is until somebody unlocks it. */
export function isLocked(layer: Layer, box: Box | null, canvas: Canvas): boolean {
  if (layer.type === 'label') return true;
  if (layer.locked !== undefined) return layer.locked;
  return box !== null && box.width >= canvas.width * 0.98 && box.height >= canvas.height * 0.9;
}

export const meets = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const contains = (box: Box, x: number, y: number): boolean =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
