import { curve, lerpCurves, mix2, resample } from '../draw/curves.js';
import { form, softLine } from '../draw/light.js';
import { line, n, type Point } from '../draw/shapes.js';
import type { HairBrush } from './hair-art.js';

export interface SheetLook {
  readonly fill?: string;
  /** Number of strand lines. */
  readonly strands?: number;
  /** Where along the strands the light falls, as shares of their length. */
  readonly sheen?: readonly [from: number, to: number];
  /** Pointed ends of the strands, and how far they reach. */
  readonly tips?: number;
  readonly depth?: number;
}

/** Hair that hangs between two edges, root to tip: filled, with strands along it, a band of light and pointed ends. */
export function sheet(b: HairBrush, outer: readonly Point[], inner: readonly Point[], look: SheetLook = {}): string {
  const { tone } = b;
  const strands = look.strands ?? 6;
  const d = `${curve(outer)} ${tipsPath(outer, inner, look.tips ?? 0, look.depth ?? 14)} ${curve([...inner].reverse(), 'L')} Z`;
  let dark = '';
  let light = '';
  for (let i = 1; i <= strands; i += 1) {
    const points = lerpCurves(outer, inner, i / (strands + 1));
    if (i % 2 === 1) dark += `${curve(points)} `;
    else light += `${curve(points.slice(1, -1))} `;
  }
  let inside = line(dark, tone.deep, 1.8, 0.45) + line(light, tone.light, 1.5, 0.42);
  if (look.sheen !== undefined) {
    const [from, to] = look.sheen;
    const along = (share: number, cut: readonly [number, number]): string => {
      const points = lerpCurves(outer, inner, share, 21).slice(Math.round(20 * cut[0]), Math.round(20 * cut[1]) + 1);
      return points.length > 1 ? curve(points) : '';
    };
    // One broad band of light with a fine gleam in it, and a weaker one near the tips.
    const band = along(0.3, [from, to]);
    if (band !== '') inside += softLine(band, tone.light, 13, 4, 0.62);
    const gleam = along(0.24, [from + 0.02, to - 0.03]);
    if (gleam !== '') inside += softLine(gleam, '#fff4ea', 2.4, 1.6, 0.34);
    const low = along(0.24, [0.78, 0.94]);
    if (low !== '' && strands > 4) inside += softLine(low, tone.light, 8, 3, 0.36);
  }
  // A narrow lock is lit by its strands alone.
  if (strands <= 3)
    return `<path d="${d}" fill="${look.fill ?? 'url(#hair)'}"/>${inside}${line(curve(outer), tone.deep, 1.4, 0.4)}${line(curve(inner), tone.deep, 1.4, 0.4)}`;
  return (
    form(
      d,
      { ...tone, shade: tone.deep },
      {
        paint: look.fill ?? 'url(#hair)',
        size: 13,
        shade: 0.62,
        key: 0.34,
        rim: 0.5,
        rimColour: HAIR_RIM,
        inside,
      },
    ) + wisps(b, outer)
  );
}

/** Hair takes the rim light where its right edge is on the right of the head. */
const HAIR_RIM = 'url(#hairrim)';

/** Two loose hairs that start on the outline of long hair. */
function wisps(b: HairBrush, edge: readonly Point[]): string {
  const on = resample(edge, 21);
  const end = on.at(-1)!;
  if (end[1] < 420) return '';
  const out = end[0] < 500 ? -1 : 1;
  const wisp = (from: number, to: number, reach: number): string => {
    const [p, q] = [on[from]!, on[to]!];
    return `M ${n(p[0])} ${n(p[1])} Q ${n((p[0] + q[0]) / 2 + out * reach)} ${n((p[1] + q[1]) / 2)} ${n(q[0] + out * reach * 0.7)} ${n(q[1] + 6)} `;
  };
  return line(wisp(13, 20, 1.6), b.tone.shade, 1.1, 0.6);
}

/** The closed outline of a sheet, for its shadow. */
export const sheetOutline = (outer: readonly Point[], inner: readonly Point[]): string =>
  `${curve(outer)} ${curve([...inner].reverse(), 'L')} Z`;

function tipsPath(outer: readonly Point[], inner: readonly Point[], tips: number, depth: number): string {
  if (tips === 0) return '';
  const [a, b] = [outer.at(-1)!, inner.at(-1)!];
  const before = mix2(outer.at(-2)!, inner.at(-2)!, 0.5);
  const end = mix2(a, b, 0.5);
  const length = Math.max(1, Math.hypot(end[0] - before[0], end[1] - before[1]));
  const [dx, dy] = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  let d = '';
  for (let i = 0; i < tips; i += 1) {
    const reach = depth * (0.65 + 0.35 * Math.sin(i * 2.4 + 1));
    const tip = mix2(a, b, (i + 0.55) / tips);
    const valley = mix2(a, b, (i + 1) / tips);
    d += `Q ${n(mix2(a, b, (i + 0.2) / tips)[0] + dx * reach * 0.6)} ${n(mix2(a, b, (i + 0.2) / tips)[1] + dy * reach * 0.6)} ${n(tip[0] + dx * reach)} ${n(tip[1] + dy * reach)} `;
    d += `Q ${n(valley[0] + dx * reach * 0.2)} ${n(valley[1] + dy * reach * 0.2)} ${n(valley[0])} ${n(valley[1])} `;
  }
  return d;
}

export interface DomeLook {
  readonly fill?: string;
  readonly strands?: number;
  /** How far strands lean along the dome: positive to the right. */
  readonly skew?: number;
  /** Strands end at this share of the way from hairline to outline. */
  readonly reach?: number;
  readonly sheen?: boolean;
}

/** Hair combed from the hairline over the skull: both edges run from the left ear over the top to the right ear. */
export function dome(b: HairBrush, outer: readonly Point[], hairline: readonly Point[], look: DomeLook = {}): string {
  const { tone } = b;
  const count = look.strands ?? 14;
  const skew = look.skew ?? 0;
  const reach = look.reach ?? 0.9;
  const [from, to] = [resample(hairline, 41), resample(outer, 41)];
  let dark = '';
  let light = '';
  let band = '';
  let roots = '';
  for (let i = 1; i < count; i += 1) {
    const u = i / count;
    const start = from[Math.round(40 * u)]!;
    const end = to[Math.round(40 * Math.min(1, Math.max(0, u + skew * (0.4 + 0.6 * Math.sin(Math.PI * u)))))]!;
    const stop = mix2(start, end, reach - 0.12 * Math.abs(Math.sin(i * 3.7)));
    const bend: Point = [mix2(start, end, 0.5)[0] - skew * 60, mix2(start, end, 0.5)[1] - 4];
    const d = `M ${n(start[0])} ${n(start[1])} Q ${n(bend[0])} ${n(bend[1])} ${n(stop[0])} ${n(stop[1])} `;
    if (i % 2 === 0) light += d;
    else dark += d;
    const inwards = mix2(start, end, -0.05 - 0.03 * Math.abs(Math.sin(i * 2.3)));
    roots += `M ${n(start[0])} ${n(start[1] - 2)} L ${n(inwards[0] + skew * 10)} ${n(inwards[1])} `;
    if (u > 0.16 && u < 0.5) {
      const [p, q] = [mix2(start, end, 0.42), mix2(start, end, 0.62 + 0.1 * Math.sin(i * 2.7))];
      band += `M ${n(p[0])} ${n(p[1])} L ${n(q[0])} ${n(q[1])} `;
    }
  }
  const inside =
    line(dark, tone.deep, 1.8, 0.45) +
    line(light, tone.light, 1.5, 0.4) +
    (look.sheen === false ? '' : softLine(band, tone.light, 6, 4, 0.34));
  return (
    form(
      sheetOutline(outer, hairline),
      { ...tone, shade: tone.deep },
      {
        paint: look.fill ?? 'url(#hair)',
        size: 13,
        shade: 0.55,
        key: 0.34,
        rim: 0.5,
        rimColour: HAIR_RIM,
        inside,
      },
    ) +
    // The roots: short hairs that draw the hairline in.
    line(roots, tone.shade, 1.5, 0.5)
  );
}
