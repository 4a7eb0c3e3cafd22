// frame path
import { EASING } from '../compiled-layer.js';

/** 1 in fixed point. */
export const ONE = 4096;

/**
 * Progress t (0–4096) along a curve, in integers, so every machine gives the same pixel. Cubic curves; `backOut`
 * overshoots by a tenth (Penner, "Robert Penner's Programming Macromedia Flash MX", ch. 7).
 */
export function ease(curve: number, t: number): number {
  if (t <= 0) return 0;
  if (t >= ONE) return ONE;
  if (curve === EASING.easeIn) return cube(t);
  if (curve === EASING.easeOut) return ONE - cube(ONE - t);
  if (curve === EASING.easeInOut) {
    return t < ONE / 2 ? Math.floor(cube(2 * t) / 2) : ONE - Math.floor(cube(2 * (ONE - t)) / 2);
  }
  if (curve === EASING.backOut) {
    const u = ONE - t;
    // 1 − (2.70158·u³ − 1.70158·u²), coefficients × 4096.
    return ONE - Math.floor((11066 * cube(u) - 6970 * Math.floor((u * u) / ONE)) / ONE);
  }
  return t;
}

const cube = (t: number): number => Math.floor((t * t * t) / (ONE * ONE));
