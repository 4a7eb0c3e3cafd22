import type { FaceFrame } from './track-face.js';

/** Why a frame is left out. */
export const REJECTIONS = ['no-face', 'turned', 'blurred', 'covered', 'cut-off'] as const;
export type Rejection = (typeof REJECTIONS)[number];

const MAX_YAW_DEGREES = 20;
const MAX_PITCH_DEGREES = 25;
/** Share of the film's usual sharpness. */
const MIN_SHARPNESS = 0.55;
const MIN_SCORE = 0.8;
/** Levels by which the colours around the mouth may differ from the film's usual ones. */
const MAX_TINT = 26;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** One entry a frame: why it is left out, or undefined when it is good. */
export function judgeFrames(frames: readonly FaceFrame[], width: number, height: number): (Rejection | undefined)[] {
  const seen = frames.filter((f) => f.points !== undefined);
  const sharpness = median(seen.map((f) => f.sharpness));
  const pitch = median(seen.map((f) => f.pitch));
  const tint = [median(seen.map((f) => f.tint[0])), median(seen.map((f) => f.tint[1]))] as const;
  return frames.map((f) => {
    if (f.points === undefined) return 'no-face';
    if (Math.abs(f.yaw) > MAX_YAW_DEGREES || Math.abs(f.pitch - pitch) > MAX_PITCH_DEGREES) return 'turned';
    if (f.score < MIN_SCORE || Math.hypot(f.tint[0] - tint[0], f.tint[1] - tint[1]) > MAX_TINT) return 'covered';
    if (f.sharpness < MIN_SHARPNESS * sharpness) return 'blurred';
    for (let i = 0; i < f.points.length; i += 3) {
      const x = f.points[i]!;
      const y = f.points[i + 1]!;
      if (x < 1 || y < 1 || x > width - 2 || y > height - 2) return 'cut-off';
    }
    return undefined;
  });
}

/** The longest run of good frames: [from, to). */
export function longestRun(rejected: readonly (Rejection | undefined)[]): [number, number] {
  let best: [number, number] = [0, 0];
  let from = 0;
  for (let i = 0; i <= rejected.length; i += 1) {
    if (i < rejected.length && rejected[i] === undefined) continue;
    if (i - from > best[1] - best[0]) best = [from, i];
    from = i + 1;
  }
  return best;
}
