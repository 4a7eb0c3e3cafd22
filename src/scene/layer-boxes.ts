import type { Layer } from '../config/sections/layer.js';
import type { Box } from '../core/verdict.js';

export const areaOf = (box: Box): number => Math.max(0, box.width) * Math.max(0, box.height);

/** Intersection of two boxes; empty when they are apart. */
export function meet(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** Maximum distance in pixels by which the first box reaches beyond the second. */
export const beyond = (inner: Box, outer: Box): number =>
  Math.max(
    0,
    outer.x - inner.x,
    outer.y - inner.y,
    inner.x + inner.width - (outer.x + outer.width),
    inner.y + inner.height - (outer.y + outer.height),
  );

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
export const placeOf = ({ x, y, width, height }: Box): string => `${width}×${height} at ${x},${y}`;

/** Offsets count to the right and down from every anchor, but people write `y: 280` for 280 px above the bottom. */
export function turnedOffset({ anchor, x, y }: Layer): { todo?: string } {
  const turned = (key: string, value: Layer['x'], side: string): string | undefined =>
    anchor.includes(side) && Number.parseFloat(String(value)) > 0
      ? `with anchor "${anchor}" use "${key}": ${JSON.stringify(typeof value === 'number' ? -value : `-${value}`)}`
      : undefined;
  const todo = turned('y', y, 'bottom') ?? turned('x', x, 'right');
  return todo === undefined ? {} : { todo };
}
