import { n, type Point } from './shapes.js';

/** Smooth curves through points (Catmull–Rom), and lines between two of them. */
const at = ([x, y]: Point): string => `${n(x)} ${n(y)}`;

/** The path through all points; `start` is the command that reaches the first of them. */
export function curve(points: readonly Point[], start: 'M' | 'L' = 'M'): string {
  let d = `${start} ${at(points[0]!)}`;
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [p0, p1, p2, p3] = around(points, i);
    d += ` C ${at([p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6])} ${at([p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6])} ${at(p2)}`;
  }
  return d;
}

/** `count` points along the smooth curve, evenly spaced by its chords. */
export function resample(points: readonly Point[], count: number): Point[] {
  const lengths = [0];
  for (let i = 1; i < points.length; i += 1)
    lengths.push(lengths[i - 1]! + Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]));
  const total = lengths.at(-1)!;
  return Array.from({ length: count }, (_, k) => {
    const wanted = (total * k) / (count - 1);
    let i = 0;
    while (i + 2 < points.length && lengths[i + 1]! < wanted) i += 1;
    const t = Math.min(1, (wanted - lengths[i]!) / Math.max(1e-6, lengths[i + 1]! - lengths[i]!));
    return onSegment(around(points, i), t);
  });
}

export const mix2 = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

/** The curve a share `t` of the way from `a` to `b`. */
export function lerpCurves(a: readonly Point[], b: readonly Point[], t: number, count = 9): Point[] {
  const other = resample(b, count);
  return resample(a, count).map((p, i) => mix2(p, other[i]!, t));
}

/** Swings a curve to both sides of itself, more and more towards its end. */
export function waved(points: readonly Point[], amplitude: number, waves: number, phase = 0, count = 13): Point[] {
  return resample(points, count).map(([x, y], i) => {
    const t = i / (count - 1);
    return [x + amplitude * Math.min(1, t * 2.2) * Math.sin(phase + t * waves * 2 * Math.PI), y];
  });
}

/** An outline of bumps through evenly spaced points of a curve: curls seen against the light. */
export function bumpy(points: readonly Point[], bumps: number, start: 'M' | 'L' = 'M', out: 0 | 1 = 1): string {
  const on = resample(points, bumps + 1);
  let d = `${start} ${at(on[0]!)}`;
  for (let i = 1; i < on.length; i += 1) {
    const r = Math.hypot(on[i]![0] - on[i - 1]![0], on[i]![1] - on[i - 1]![1]) * (0.53 + 0.05 * Math.sin(i * 2.3));
    d += ` A ${n(r)} ${n(r)} 0 0 ${out} ${at(on[i]!)}`;
  }
  return d;
}

function around(points: readonly Point[], i: number): readonly [Point, Point, Point, Point] {
  return [points[i - 1] ?? points[i]!, points[i]!, points[i + 1]!, points[i + 2] ?? points[i + 1]!];
}

function onSegment([p0, p1, p2, p3]: readonly [Point, Point, Point, Point], t: number): Point {
  const axis = (a: number, b: number, c: number, d: number): number =>
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
  return [axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])];
}
