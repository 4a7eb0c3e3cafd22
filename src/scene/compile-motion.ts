import type { Easing, Motion, Transition } from '../config/sections/layer.js';
import { millisecondsToFrames, type FrameRate } from '../core/time.js';
import type { Box } from '../core/verdict.js';
import { EASING, TRANSITION, type CompiledMotion, type CompiledTransition } from './compiled-layer.js';
import { alongX, alongY, type Canvas } from './place-box.js';

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
