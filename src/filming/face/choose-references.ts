import type { FaceFrame } from './track-face.js';

/** A reference stands for head turns within this many degrees. */
const NEAR_DEGREES = 2.5;
const MAX_REFERENCES = 5;
const SWITCH_COST = 6;
/** A smile's mouth beside a resting one would show two pairs of corners in a cross-fade. */
const MAX_WIDTH_OFF = 0.035;
/** Frames of the cross-fade around a change of reference. */
const BLEND = 5;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

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
