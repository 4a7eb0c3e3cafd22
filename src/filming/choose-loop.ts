import type { MouthSpace } from './face/mouth-space.js';

/** Parts of the run in which the loop may end. */
const END_SHARE = 0.25;
const MIN_FRAMES = 24;

/**
 * The frames [from, to) that play to and fro: as long as possible, with ends where the head hardly moves, because there
 * it turns back. Marked gestures are left out.
 */
export function chooseLoop(
  points: readonly (Float32Array | undefined)[],
  run: readonly [number, number],
  space: MouthSpace,
  gestures: readonly (readonly [number, number])[],
  toMs: (frame: number) => number,
): [number, number] {
  const [from, to] = withoutGestures(run, gestures, toMs);
  const speed = (n: number): number => {
    const before = Math.max(from, n - 1);
    const behind = Math.min(to - 1, n + 1);
    const [a, b] = [points[before], points[behind]];
    if (a === undefined || b === undefined) return Infinity;
    let sum = 0;
    for (const i of [10, 152, 234, 454, 1, 33, 263])
      sum += Math.hypot(b[i * 3]! - a[i * 3]!, b[i * 3 + 1]! - a[i * 3 + 1]!);
    // Half-closed lids at a turn would flutter.
    const lids = [159, 386].reduce((s, i) => s + Math.abs(b[i * 3 + 1]! - a[i * 3 + 1]!), 0);
    return (sum / 7 + lids) / space.unit / Math.max(1, behind - before);
  };
  const reach = Math.floor((to - from) * END_SHARE);
  if (to - from - 2 * reach < MIN_FRAMES) return [from, to];
  let [first, last] = [from, to - 1];
  const cost = (n: number, away: number): number => speed(n) + (0.004 * away) / Math.max(1, reach);
  for (let k = 0; k < reach; k += 1) {
    if (cost(from + k, k) < cost(first, first - from)) first = from + k;
    if (cost(to - 1 - k, k) < cost(last, to - 1 - last)) last = to - 1 - k;
  }
  return [first, last + 1];
}

/** The longest part of the run that no gesture touches. */
function withoutGestures(
  [from, to]: readonly [number, number],
  gestures: readonly (readonly [number, number])[],
  toMs: (frame: number) => number,
): [number, number] {
  let best: [number, number] = [from, from];
  let start = from;
  for (let n = from; n <= to; n += 1) {
    const inside = n < to && gestures.some(([a, b]) => toMs(n) >= a - 100 && toMs(n) <= b + 100);
    if (n < to && !inside) continue;
    if (n - start > best[1] - best[0]) best = [start, n];
    start = n + 1;
  }
  return best[1] - best[0] >= MIN_FRAMES ? best : [from, to];
}
