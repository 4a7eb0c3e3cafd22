import type { Tone } from '../draw/colours.js';
import { form, gradientAlong, line, n, type Point, softLine } from '../draw/light.js';
import { bumpy, curve, lerpCurves, mix2, resample } from '../draw/tube.js';
import type { FaceShape } from '../person.js';

/** A hair style drawn on a head. */
export interface HairArt {
  /** Behind the head. */
  readonly back: string;
  /** Before face and shoulders. */
  readonly front: string;
  /** The mass on the right of the parting, where the hair has one. */
  readonly right: string;
  /** Outline of the front hair, whose shadow falls on the forehead. */
  readonly cast: string;
  /** Directly on the skull, clipped to the face: cropped hair. */
  readonly over: string;
  readonly ears: boolean;
}

export interface HairBrush {
  readonly tone: Tone;
  readonly face: FaceShape;
  /** Half width of the head at the temples. */
  readonly t: number;
  /** Top of the skull. */
  readonly top: number;
}

export type HairStyle = (brush: HairBrush) => HairArt;

/** The gradients that all pieces of one part share. */
const hairDefs = ({ tone }: HairBrush): string =>
  `<defs>${gradientAlong(
    'hair',
    [470, 110],
    [540, 640],
    [
      [0, tone.light],
      [0.1, tone.base],
      [0.45, tone.base],
      [1, tone.shade],
    ],
  )}` +
  `${gradientAlong(
    'hairback',
    [500, 160],
    [500, 700],
    [
      [0, tone.deep],
      [0.5, tone.shade],
      [1, tone.base],
    ],
  )}` +
  `${gradientAlong(
    'hairside',
    [390, 0],
    [620, 0],
    [
      [0, tone.base],
      [0.3, tone.base],
      [1, tone.shade],
    ],
  )}${gradientAlong(
    'hairrim',
    [530, 0],
    [610, 0],
    [
      [0, '#ffd9b0', 0.1],
      [1, '#ffd9b0', 1],
    ],
  )}</defs>`;

export const art = (brush: HairBrush, a: Partial<HairArt>): HairArt => ({
  back: a.back === undefined || a.back === '' ? '' : hairDefs(brush) + a.back,
  front: a.front === undefined || a.front === '' ? '' : hairDefs(brush) + a.front,
  right: a.right === undefined || a.right === '' ? '' : hairDefs(brush) + a.right,
  cast: a.cast ?? '',
  over: a.over ?? '',
  ears: a.ears ?? true,
});

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

/** Hair behind head and neck: widths at the ears and at the end, and the height of the end. */
interface BackLook {
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
