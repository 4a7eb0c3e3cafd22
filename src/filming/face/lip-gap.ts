import { EYE_LEFT, EYE_RIGHT, MOUTH_LEFT, MOUTH_RIGHT } from './landmarks.js';

const UPPER = [81, 82, 13, 312, 311] as const;
const LOWER = [178, 87, 14, 317, 402] as const;

const unitOf = (p: Float32Array): number =>
  Math.hypot(p[EYE_RIGHT * 3]! - p[EYE_LEFT * 3]!, p[EYE_RIGHT * 3 + 1]! - p[EYE_LEFT * 3 + 1]!);

/** Gap between the lips of each frame in shares of the distance of the eyes; 0 where no face is. */
export const gapsOf = (points: readonly (Float32Array | undefined)[]): number[] =>
  points.map((p) => {
    if (p === undefined) return 0;
    let sum = 0;
    UPPER.forEach((u, i) => {
      const l = LOWER[i]!;
      sum += Math.hypot(p[l * 3]! - p[u * 3]!, p[l * 3 + 1]! - p[u * 3 + 1]!);
    });
    return sum / UPPER.length / unitOf(p);
  });

/** Width of the mouth, likewise. */
export const widthsOf = (points: readonly (Float32Array | undefined)[]): number[] =>
  points.map((p) => {
    if (p === undefined) return 0;
    const dx = p[MOUTH_RIGHT * 3]! - p[MOUTH_LEFT * 3]!;
    const dy = p[MOUTH_RIGHT * 3 + 1]! - p[MOUTH_LEFT * 3 + 1]!;
    return Math.hypot(dx, dy) / unitOf(p);
  });
