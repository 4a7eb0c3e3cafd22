import type { Layer } from '../config/sections/layer.js';
import { SHOTS } from '../config/sections/shots.js';
import type { Box } from '../core/verdict.js';
import type { CompiledPlaces } from './compiled-layer.js';
import { alongX, alongY, type Canvas } from './place-box.js';

export const ALL_SHOTS = (1 << SHOTS.length) - 1;

const shotsIn = (layer: Layer) => ('shots' in layer ? layer.shots : undefined);

/** How far a layer is moved in a shot; even, since a layer at rest is drawn for even positions only. */
export function shiftIn(layer: Layer, shot: (typeof SHOTS)[number], canvas: Canvas): { dx: number; dy: number } {
  const placing = shotsIn(layer)?.[shot];
  const x = placing?.x === undefined ? 0 : alongX(placing.x, canvas) - alongX(layer.x, canvas);
  const y = placing?.y === undefined ? 0 : alongY(placing.y, canvas) - alongY(layer.y, canvas);
  return { dx: x & ~1, dy: y & ~1 };
}

/** The window of a layer in a shot; undefined for the whole frame. */
export function windowIn(layer: Layer, shot: (typeof SHOTS)[number], canvas: Canvas): Box | undefined {
  const window = shotsIn(layer)?.[shot]?.window;
  if (window === undefined) return undefined;
  return {
    x: alongX(window.x, canvas) & ~1,
    y: alongY(window.y, canvas) & ~1,
    width: alongX(window.width, canvas) & ~1,
    height: alongY(window.height, canvas) & ~1,
  };
}

/** The shots that a layer is in, and its place in each. */
export function compileShots(layer: Layer, canvas: Canvas): { shots: number; places: CompiledPlaces | null } {
  const named = shotsIn(layer);
  if (named === undefined) return { shots: ALL_SHOTS, places: null };
  let shots = 0;
  const dx = new Int32Array(SHOTS.length);
  const dy = new Int32Array(SHOTS.length);
  const windows = new Int32Array(SHOTS.length * 4);
  for (const [i, shot] of SHOTS.entries()) {
    if (named[shot] !== undefined) shots |= 1 << i;
    const shift = shiftIn(layer, shot, canvas);
    dx[i] = shift.dx;
    dy[i] = shift.dy;
    const { x, y, width, height } = windowIn(layer, shot, canvas) ?? { x: 0, y: 0, ...canvas };
    windows.set([x, y, x + width, y + height], i * 4);
  }
  return { shots, places: { dx, dy, windows } };
}
