import { bumpy, curve, resample } from '../draw/curves.js';
import { form } from '../draw/light.js';
import { line, n, type Point } from '../draw/shapes.js';
import type { HairBrush } from './hair-art.js';
import { sheet } from './sheet.js';

/** Hair behind head and neck: widths at the ears and at the end, and the height of the end. */
export interface BackLook {
  readonly end: number;
  readonly width?: number;
  readonly flare?: number;
  readonly volume?: number;
  readonly wave?: number;
  readonly tips?: number;
}

export function backHair(b: HairBrush, look: BackLook): string {
  const side = b.t + (look.width ?? 12);
  const top = b.top - (look.volume ?? 20);
  const flare = look.flare ?? 6;
  const edge = (s: 1 | -1): Point[] => {
    const points: Point[] = [
      [500 + s * 6, top + 6],
      [500 + s * side * 0.74, top + 40],
      [500 + s * side, top + 120],
      [500 + s * (side + 4), 330],
    ];
    const from = 330;
    for (let i = 1; i <= 4; i += 1) {
      const u = i / 4;
      const sway = (look.wave ?? 0) * Math.sin(i * 1.9 + (s > 0 ? 0.6 : 0));
      points.push([500 + s * (side + 4 + flare * u - 14 * u ** 3 + sway), from + (look.end - from) * u]);
    }
    return points;
  };
  return sheet(b, edge(-1), edge(1), { fill: 'url(#hairback)', strands: 11, tips: look.tips ?? 7, depth: 20 });
}

/** A cloud of curls around the head. */
export function cloudBack(b: HairBrush, cx: number, cy: number, rx: number, ry: number, bumps: number): string {
  const ring: Point[] = Array.from({ length: 41 }, (_, i) => {
    const a = Math.PI / 2 + (i / 40) * 2 * Math.PI;
    const wobble = 1 + 0.02 * Math.sin(i * 2.7);
    return [cx + rx * wobble * Math.cos(a), cy + ry * wobble * Math.sin(a)];
  });
  return curls(b, `${bumpy(ring, bumps)} Z`, curlLines(b, cx, cy, rx * 0.93, ry * 0.93, 90), 26);
}

/** A mass of curls with its light. */
export const curls = (b: HairBrush, d: string, inside: string, size = 14, rim = 0.55): string =>
  form(
    d,
    { ...b.tone, shade: b.tone.deep },
    {
      paint: 'url(#hair)',
      size,
      shade: 0.6,
      key: 0.3,
      rim,
      rimColour: 'url(#hairrim)',
      inside,
    },
  );

/** Small arcs on a sunflower pattern: the texture of curls. */
export function curlLines(b: HairBrush, cx: number, cy: number, rx: number, ry: number, count: number): string {
  let light = '';
  let dark = '';
  for (let i = 4; i < count; i += 1) {
    const a = i * 2.39996;
    const r = Math.sqrt(i / count);
    const x = cx + rx * r * Math.cos(a);
    const y = cy + ry * r * Math.sin(a);
    const s = 6 + 3 * Math.sin(i * 1.9);
    const d = `M ${n(x - s)} ${n(y)} q ${n(s)} ${n(-1.6 * s)} ${n(2 * s)} ${(i % 3) - 1} `;
    if (i % 3 === 0) light += d;
    else dark += d;
  }
  return line(light, b.tone.light, 2.6, 0.4) + line(dark, b.tone.deep, 2.4, 0.5);
}

/** A knot of hair, wound round itself. */
export function bun(b: HairBrush, x: number, y: number, r: number): string {
  const { tone } = b;
  const round = `M ${n(x - r * 1.08)} ${n(y)} A ${n(r * 1.08)} ${n(r)} 0 1 1 ${n(x + r * 1.08)} ${n(y)} A ${n(r * 1.08)} ${n(r)} 0 1 1 ${n(x - r * 1.08)} ${n(y)} Z`;
  return (
    curls(b, round, '', r * 0.3) +
    line(
      `M ${n(x - r * 0.8)} ${n(y + r * 0.4)} Q ${n(x - r * 0.5)} ${n(y - r * 0.8)} ${n(x + r * 0.3)} ${n(y - r * 0.76)} M ${n(x - r * 0.5)} ${n(y + r * 0.7)} Q ${n(x - r * 0.4)} ${n(y - r * 0.3)} ${n(x + r * 0.4)} ${n(y - r * 0.3)} Q ${n(x + r * 0.9)} ${n(y)} ${n(x + r * 0.6)} ${n(y + r * 0.6)} M ${n(x - r * 0.1)} ${n(y + r * 0.7)} Q ${n(x)} ${n(y + r * 0.2)} ${n(x + r * 0.4)} ${n(y + r * 0.2)}`,
      tone.deep,
      2.4,
      0.5,
    ) +
    line(
      `M ${n(x - r * 0.66)} ${n(y)} Q ${n(x - r * 0.4)} ${n(y - r * 0.6)} ${n(x + r * 0.1)} ${n(y - r * 0.6)} M ${n(x - r * 0.3)} ${n(y + r * 0.3)} Q ${n(x - r * 0.1)} ${n(y)} ${n(x + r * 0.3)} ${n(y)}`,
      tone.light,
      5,
      0.35,
    )
  );
}

/** A plait along a curve. */
export function braid(b: HairBrush, points: readonly Point[], width: number, tie: string): string {
  const { tone } = b;
  const length = points.slice(1).reduce((sum, p, i) => sum + Math.hypot(p[0] - points[i]![0], p[1] - points[i]![1]), 0);
  const count = Math.max(4, Math.round(length / (width * 0.72)));
  const on = resample(points, count + 1);
  let out = '';
  for (let i = 0; i < count; i += 1) {
    const [p, q] = [on[i]!, on[i + 1]!];
    const angle = (Math.atan2(q[1] - p[1], q[0] - p[0]) * 180) / Math.PI;
    const w = width * (1 - 0.3 * (i / count));
    for (const s of [-1, 1])
      out += `<ellipse cx="${n((p[0] + q[0]) / 2)}" cy="${n((p[1] + q[1]) / 2)}" rx="${n(w * 0.66)}" ry="${n(w * 0.36)}" transform="rotate(${n(angle - s * 32)} ${n((p[0] + q[0]) / 2)} ${n((p[1] + q[1]) / 2)}) translate(0 ${n(s * w * 0.24)})" fill="${s < 0 ? tone.base : 'url(#hairside)'}" stroke="${tone.deep}" stroke-width="1.5"/>`;
  }
  const end = on.at(-1)!;
  const before = on.at(-2)!;
  const dx = (end[0] - before[0]) * 0.9;
  const dy = (end[1] - before[1]) * 0.9;
  return (
    out +
    `<path d="M ${n(end[0] - width * 0.3)} ${n(end[1])} Q ${n(end[0] - width * 0.5 + dx)} ${n(end[1] + dy)} ${n(end[0] + dx * 1.6)} ${n(end[1] + dy * 2)} Q ${n(end[0] + width * 0.5 + dx)} ${n(end[1] + dy)} ${n(end[0] + width * 0.3)} ${n(end[1])} Z" fill="${tone.base}"/>` +
    `<ellipse cx="${n(end[0])}" cy="${n(end[1])}" rx="${n(width * 0.4)}" ry="${n(width * 0.24)}" fill="${tie}"/>`
  );
}

/** Ropes of hair side by side: box braids or locs. */
export function ropes(b: HairBrush, lanes: readonly (readonly Point[])[], width: number, beads?: string): string {
  let out = '';
  for (const [i, lane] of lanes.entries()) {
    const d = curve(lane);
    out +=
      line(d, b.tone.deep, width + 2.4) +
      line(d, i % 2 === 0 ? b.tone.base : b.tone.shade, width) +
      `<path d="${d}" fill="none" stroke="${b.tone.light}" stroke-width="${n(width * 0.55)}" stroke-dasharray="3 ${n(width * 0.8)}" stroke-opacity="0.34"/>`;
    const end = lane.at(-1)!;
    if (beads !== undefined && i % 2 === 0)
      out += `<circle cx="${n(end[0])}" cy="${n(end[1] - 4)}" r="${n(width * 0.62)}" fill="${beads}"/>`;
  }
  return out;
}
