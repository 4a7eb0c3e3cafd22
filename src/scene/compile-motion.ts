import type { Easing, Layer, Motion, Transition } from '../config/sections/layer.js';
import { SHOTS } from '../config/sections/shots.js';
import { type FrameRate, millisecondsToFrames } from '../core/time.js';
import type { Box } from '../core/verdict.js';
import {
  type CompiledMotion,
  type CompiledPlaces,
  type CompiledTransition,
  EASING,
  TRANSITION,
} from './compiled-layer.js';
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

const EASINGS: Readonly<Record<Easing, number>> = {
  linear: EASING.linear,
  'ease-in': EASING.easeIn,
  'ease-out': EASING.easeOut,
  'ease-in-out': EASING.easeInOut,
  'back-out': EASING.backOut,
};

export const NO_TRANSITION: CompiledTransition = {
  kind: TRANSITION.none,
  frames: 0,
  easing: 0,
  dx: 0,
  dy: 0,
  stepFrames: 1,
};

/**
 * A transition in frames. A slide names the direction of travel: entering by "slide-left" comes from beyond the right
 * edge, leaving by it goes beyond the left one. `canPop` is false for layers with several moving parts, which fade
 * instead.
 */
export function compileTransition(
  transition: Transition | undefined,
  entering: boolean,
  box: Box,
  canvas: Canvas,
  rate: FrameRate,
  canPop: boolean,
): CompiledTransition {
  if (transition === undefined || transition.type === 'none' || transition.durationMs === 0) return NO_TRANSITION;
  const frames = millisecondsToFrames(transition.durationMs, rate);
  const easing = EASINGS[transition.easing];
  const toLeft = -(box.x + box.width);
  const toRight = canvas.width - box.x;
  const toTop = -(box.y + box.height);
  const toBottom = canvas.height - box.y;
  const stepFrames = transition.stepMs === undefined ? 1 : Math.max(1, millisecondsToFrames(transition.stepMs, rate));
  const slide = (dx: number, dy: number): CompiledTransition => ({
    kind: TRANSITION.slide,
    frames,
    easing,
    dx,
    dy,
    stepFrames,
  });
  const plain = (kind: number): CompiledTransition => ({ kind, frames, easing, dx: 0, dy: 0, stepFrames });
  switch (transition.type) {
    case 'slide-left':
      return slide(entering ? toRight : toLeft, 0);
    case 'slide-right':
      return slide(entering ? toLeft : toRight, 0);
    case 'slide-up':
      return slide(0, entering ? toBottom : toTop);
    case 'slide-down':
      return slide(0, entering ? toTop : toBottom);
    case 'pop':
      return plain(canPop ? TRANSITION.pop : TRANSITION.fade);
    case 'wipe':
      return plain(TRANSITION.wipe);
    case 'fade':
      return plain(TRANSITION.fade);
  }
}

/** Keyframes in frames; a missing property keeps its previous value. */
export function compileMotion(motion: Motion | undefined, canvas: Canvas, rate: FrameRate): CompiledMotion | null {
  if (motion === undefined) return null;
  const keys = motion.keyframes.toSorted((a, b) => a.atMs - b.atMs);
  const frames = (ms: number): number => Math.round((ms * rate.num) / (rate.den * 1000));
  const out: CompiledMotion = {
    frame: new Int32Array(keys.length),
    dx256: new Int32Array(keys.length),
    dy256: new Int32Array(keys.length),
    opacity: new Int32Array(keys.length),
    easing: new Int32Array(keys.length),
    loopFrames: motion.loopMs === undefined ? 0 : millisecondsToFrames(motion.loopMs, rate),
    stepFrames: motion.stepMs === undefined ? 1 : Math.max(1, frames(motion.stepMs)),
  };
  let dx = 0;
  let dy = 0;
  let opacity = 1;
  for (const [i, key] of keys.entries()) {
    if (key.dx !== undefined) dx = alongX(key.dx, canvas);
    if (key.dy !== undefined) dy = alongY(key.dy, canvas);
    if (key.opacity !== undefined) opacity = key.opacity;
    out.frame[i] = frames(key.atMs);
    out.dx256[i] = dx * 256;
    out.dy256[i] = dy * 256;
    out.opacity[i] = Math.round(opacity * 256);
    out.easing[i] = EASINGS[key.easing];
  }
  return out;
}
