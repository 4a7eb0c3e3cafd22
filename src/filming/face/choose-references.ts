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

/** A reference stands for head turns within this many degrees. */
const NEAR_DEGREES = 2.5;
const MAX_REFERENCES = 5;
const SWITCH_COST = 6;
/** A smile's mouth beside a resting one would show two pairs of corners in a cross-fade. */
const MAX_WIDTH_OFF = 0.035;
/** Frames of the cross-fade around a change of reference. */
const BLEND = 5;

/** Whether lips move by themselves in the footage: then a mouth must always cover them. */
const MOVING_GAP = 0.05;
const share = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
export const lipsMove = (gaps: readonly number[]): boolean => share(gaps, 0.95) - share(gaps, 0.1) > MOVING_GAP;

/**
 * Frames whose resting mouths stand for all turns of the head in the footage: the first is the usual pose, each further
 * one that which is farthest from all others.
 */
export function chooseReferences(
  frames: readonly FaceFrame[],
  gaps: readonly number[],
  widths: readonly number[],
  usable: readonly boolean[],
): number[] {
  const good = frames.map((_, i) => i).filter((i) => usable[i] === true);
  const rest =
    share(
      good.map((i) => gaps[i]!),
      0.3,
    ) + 0.008;
  const sharp = median(good.map((i) => frames[i]!.sharpness)) * 0.85;
  const closed = good.filter((i) => gaps[i]! <= rest && frames[i]!.sharpness >= sharp);
  const from = closed.length > 0 ? closed : good;
  const yaw = median(from.map((i) => frames[i]!.yaw));
  const pitch = median(from.map((i) => frames[i]!.pitch));
  const turn = (i: number, y: number, p: number): number => Math.hypot(frames[i]!.yaw - y, frames[i]!.pitch - p);
  const chosen = [from.reduce((a, b) => (turn(b, yaw, pitch) < turn(a, yaw, pitch) ? b : a))];
  const alike = from.filter((i) => Math.abs(widths[i]! / widths[chosen[0]!]! - 1) < MAX_WIDTH_OFF);
  while (chosen.length < MAX_REFERENCES) {
    const away = (i: number): number => Math.min(...chosen.map((c) => turn(i, frames[c]!.yaw, frames[c]!.pitch)));
    const farthest = alike.reduce((a, b) => (away(b) > away(a) ? b : a));
    if (away(farthest) < NEAR_DEGREES) break;
    chosen.push(farthest);
  }
  return chosen;
}

/** For each frame two references and the weight of the second, 0–256: the nearest, changed as rarely as possible. */
export function blendReferences(frames: readonly FaceFrame[], references: readonly number[]): number[] {
  const n = frames.length;
  const r = references.length;
  const cost = (i: number, k: number): number => {
    const f = frames[i]!;
    const ref = frames[references[k]!]!;
    return f.points === undefined ? 0 : (f.yaw - ref.yaw) ** 2 + (f.pitch - ref.pitch) ** 2;
  };
  const total = Array.from({ length: n }, () => new Float64Array(r));
  const came = Array.from({ length: n }, () => new Uint8Array(r));
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < r; k += 1) {
      let best = i === 0 ? 0 : Infinity;
      for (let j = 0; i > 0 && j < r; j += 1) {
        const c = total[i - 1]![j]! + (j === k ? 0 : SWITCH_COST);
        if (c >= best) continue;
        best = c;
        came[i]![k] = j;
      }
      total[i]![k] = best + cost(i, k);
    }
  }
  const path = new Uint8Array(n);
  let k = total[n - 1]!.indexOf(Math.min(...total[n - 1]!));
  for (let i = n - 1; i >= 0; i -= 1) {
    path[i] = k;
    k = came[i]![k]!;
  }
  const blends: number[] = [];
  for (let i = 0; i < n; i += 1) {
    let other = path[i]!;
    let weight = 0;
    for (let d = 1; d <= BLEND; d += 1) {
      for (const j of [i - d, i + d]) {
        if (j < 0 || j >= n || path[j] === path[i] || weight > 0) continue;
        other = path[j]!;
        weight = Math.round((128 * (BLEND + 1 - d)) / (BLEND + 1));
      }
    }
    blends.push(path[i]!, other, weight);
  }
  return blends;
}
