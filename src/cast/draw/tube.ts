import { n, type Point } from './light.js';

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

/** Outlines of tapered limbs and fingers. */
interface Side {
  readonly left: Point[];
  readonly right: Point[];
}

/** Both sides of a spine whose radius changes along it. */
function sides(spine: readonly Point[], radius: (t: number) => number): Side {
  const left: Point[] = [];
  const right: Point[] = [];
  const last = spine.length - 1;
  spine.forEach(([x, y], i) => {
    const [a, b] = [spine[Math.max(0, i - 1)]!, spine[Math.min(last, i + 1)]!];
    const length = Math.max(1e-6, Math.hypot(b[0] - a[0], b[1] - a[1]));
    const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    const r = radius(i / last);
    left.push([x + nx * r, y + ny * r]);
    right.push([x - nx * r, y - ny * r]);
  });
  return { left, right };
}

/** A path through points with round corners: the midpoints joined by quadratic curves. */
export function soft(points: readonly Point[]): string {
  const count = points.length;
  const middle = (i: number): Point => {
    const [a, b] = [points[i % count]!, points[(i + 1) % count]!];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  };
  let d = `M ${at(middle(0))}`;
  for (let i = 1; i <= count; i += 1) d += ` Q ${at(points[i % count]!)} ${at(middle(i))}`;
  return `${d} Z`;
}

const mixRadius =
  (radii: readonly number[]) =>
  (t: number): number => {
    const x = t * (radii.length - 1);
    const i = Math.min(radii.length - 2, Math.floor(x));
    return radii[i]! + (radii[i + 1]! - radii[i]!) * (x - i);
  };

/** A tapered tube with a round end, from its root. */
export function taper(points: readonly Point[], radii: readonly number[], count = 7): string {
  const spine = resample(points, count);
  const radius = mixRadius(radii);
  const { left, right } = sides(spine, radius);
  const r = radius(1);
  const [e, b] = [spine.at(-1)!, spine.at(-2)!];
  const length = Math.max(1e-6, Math.hypot(e[0] - b[0], e[1] - b[1]));
  const [dx, dy] = [(e[0] - b[0]) / length, (e[1] - b[1]) / length];
  const cap: Point[] = [-60, -20, 20, 60].map((degrees) => {
    const a = (degrees * Math.PI) / 180;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    // From the left side (the normal turned a quarter) over the tip to the right one.
    return [e[0] + r * (dx * c + dy * s), e[1] + r * (dy * c - dx * s)];
  });
  return soft([...left, ...cap, ...right.reverse()]);
}

/** An arm from the shoulder over the elbow to its end: one outline without a ring at the elbow. */
export function limb(joints: readonly [Point, Point, Point], radii: readonly [number[], number[]]): string {
  const [s, e, w] = joints;
  const upper = resample([s, e], 6);
  const lower = resample([e, w], 6);
  const [ru, rl] = [mixRadius(radii[0]), mixRadius(radii[1])];
  const a = sides(upper, ru);
  const b = sides(lower, rl);
  const inside = (p: Point, spine: readonly [Point, Point], radius: (t: number) => number): boolean => {
    const [from, to] = spine;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const t = ((p[0] - from[0]) * dx + (p[1] - from[1]) * dy) / Math.max(1e-6, dx * dx + dy * dy);
    if (t < 0.01 || t > 1) return false;
    return Math.hypot(p[0] - from[0] - dx * t, p[1] - from[1] - dy * t) < radius(t) * 0.985;
  };
  const reversed =
    (r: (t: number) => number) =>
    (t: number): number =>
      r(1 - t);
  const keepUpper = (p: Point): boolean => !inside(p, [e, w], rl);
  const keepLower = (p: Point): boolean => !inside(p, [e, s], reversed(ru));
  const turn = (e[0] - s[0]) * (w[1] - e[1]) - (e[1] - s[1]) * (w[0] - e[0]);
  // Around the outside of the elbow.
  const arc = (from: Point, to: Point): Point[] => {
    const [p, q] = [Math.atan2(from[1] - e[1], from[0] - e[0]), Math.atan2(to[1] - e[1], to[0] - e[0])];
    let d = q - p;
    while (d > Math.PI) d -= 2 * Math.PI;
    while (d < -Math.PI) d += 2 * Math.PI;
    const r = radii[1][0]! * 1.02;
    return [0.25, 0.5, 0.75].map((t): Point => [e[0] + r * Math.cos(p + d * t), e[1] + r * Math.sin(p + d * t)]);
  };
  const joinLeft = turn > 0 ? [] : arc(a.left.at(-1)!, b.left[0]!);
  const joinRight = turn > 0 ? arc(b.right[0]!, a.right.at(-1)!) : [];
  const r0 = ru(0);
  const up = Math.atan2(s[1] - e[1], s[0] - e[0]);
  const cap = [-1.05, -0.35, 0.35, 1.05].map((t): Point => [
    s[0] + r0 * 0.97 * Math.cos(up + t),
    s[1] + r0 * 0.97 * Math.sin(up + t),
  ]);
  // The cap runs from the right side over the top to the left one.
  const towards = Math.hypot(cap[0]![0] - a.right[0]![0], cap[0]![1] - a.right[0]![1]);
  const away = Math.hypot(cap.at(-1)![0] - a.right[0]![0], cap.at(-1)![1] - a.right[0]![1]);
  const [el, er] = [b.left.at(-1)!, b.right.at(-1)!];
  const points = [
    ...(towards < away ? cap : cap.reverse()),
    ...a.left.filter(keepUpper),
    ...joinLeft,
    ...b.left.filter(keepLower),
    el,
    er,
    ...b.right.filter(keepLower).reverse(),
    ...joinRight,
    ...a.right.filter(keepUpper).reverse(),
  ];
  return soft(points);
}
