import { mix } from '../draw/colours.js';
import { gradient, line, n, softLine } from '../draw/light.js';
import type { Person } from '../person.js';

/** The 15 Oculus visemes as shapes, after the pictures of the viseme reference, and two smiles. */
interface MouthShape {
  /** Half width and gap between the lips, in hundredths of the head's height. */
  readonly wide: number;
  readonly gap: number;
  /** Thickness of the lips, 1 as at rest. */
  readonly upper: number;
  readonly lower: number;
  /** Corner lift, 1 as at rest. */
  readonly smile: number;
  readonly teeth: 'none' | 'upper' | 'both' | 'on-lip';
  readonly tongue: 'none' | 'low' | 'tip' | 'between';
}

/** Half width of a mouth at rest, in the same unit. */
const REST_WIDTH = 10.5;

const shape = (
  wide: number,
  gap: number,
  upper: number,
  lower: number,
  smile: number,
  teeth: MouthShape['teeth'],
  tongue: MouthShape['tongue'],
): MouthShape => ({ wide, gap, upper, lower, smile, teeth, tongue });

const MOUTH_SHAPES: Readonly<Record<string, MouthShape>> = {
  sil: shape(10.5, 0, 1, 1, 1, 'none', 'none'),
  'sil-1': shape(12.2, 0, 0.94, 0.96, 1.8, 'none', 'none'),
  'sil-2': shape(13.4, 4.6, 0.9, 0.9, 2.2, 'upper', 'none'),
  PP: shape(9.8, 0, 0.72, 0.8, 0.4, 'none', 'none'),
  FF: shape(9.8, 2, 1.06, 0.8, 0.5, 'on-lip', 'none'),
  TH: shape(9.8, 3.5, 1.06, 1, 0.5, 'upper', 'between'),
  DD: shape(10, 3.8, 1.06, 1, 0.6, 'upper', 'tip'),
  kk: shape(10, 4.6, 1.06, 1, 0.6, 'upper', 'low'),
  CH: shape(8.6, 2.6, 1.12, 1.1, 0.2, 'both', 'none'),
  SS: shape(10.5, 2.3, 1.06, 1, 0.7, 'both', 'none'),
  nn: shape(9.8, 3.5, 1.06, 1, 0.6, 'upper', 'tip'),
  RR: shape(8.4, 3.8, 1.1, 1.04, 0.3, 'upper', 'low'),
  aa: shape(10.5, 10.2, 1.06, 1.08, 0.4, 'upper', 'low'),
  E: shape(12.1, 5.1, 1.06, 1, 0.9, 'upper', 'low'),
  I: shape(12.9, 3.1, 1, 0.95, 1.1, 'upper', 'none'),
  O: shape(7.8, 7.8, 1.12, 1, 0, 'none', 'none'),
  U: shape(5.9, 3.1, 1.12, 1, -0.1, 'none', 'none'),
};

/** How far each of the levels 1–3 opens. */
const MOUTH_LEVELS = [0.42, 0.72, 1] as const;
/** Opens so little that its lower levels would look alike. */
const ONE_LEVEL: ReadonlySet<string> = new Set(['sil', 'sil-1', 'sil-2', 'PP', 'FF']);

const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;
/** One interior for everybody. */
const INSIDE = '#4a1a1c';
const TEETH = '#f5efe6';
const TONGUE = '#b9535a';
/** Share of the gap above the mouth line; the rest goes down with the jaw. */
const GAP_UP = 0.3;
/** A hundredth of the head's height in drawing units. */
const UNIT = 3.18;

export function allMouths(p: Person): string {
  const upper = mix(p.lip, '#20070c', 0.22);
  return (
    `<defs>${gradient('upper', [
      [0, mix(upper, p.skin.base, 0.2)],
      [1, upper],
    ])}${gradient('lower', [
      [0, mix(p.lip, '#20070c', 0.12)],
      [0.4, mix(p.lip, p.skin.light, 0.22)],
      [1, mix(p.lip, p.skin.shade, 0.3)],
    ])}</defs>` +
    Object.entries(MOUTH_SHAPES)
      .map(([viseme, s]) =>
        ONE_LEVEL.has(viseme)
          ? mouth(p, viseme, s, 1)
          : MOUTH_LEVELS.map((level, i) => mouth(p, i === 2 ? viseme : `${viseme}-${i + 1}`, s, level)).join(''),
      )
      .join('')
  );
}

function mouth(p: Person, id: string, s: MouthShape, level: number): string {
  const { halfWidth, smile, dimples } = p.mouth;
  const { skin } = p;
  const w = (halfWidth / REST_WIDTH) * lerp(REST_WIDTH, s.wide, 0.4 + 0.6 * level);
  const gap = s.gap * UNIT * level;
  const corner = -smile * s.smile * 0.9;
  const upper = p.mouth.upper * lerp(1, s.upper, level);
  const lower = p.mouth.lower * lerp(1, s.lower, level);
  const top = -gap * GAP_UP;
  const bottom = gap * (1 - GAP_UP);
  // Corners stand between the lips: an open jaw pulls them down.
  const cy = corner + gap * 0.2;
  const round = s.wide < 8.5 ? lerp(0, 1, level) : 0;
  const k = lerp(0.36, 0.62, round);
  const left = `${n(-w)} ${n(cy)}`;
  const right = `${n(w * 0.95)} ${n(cy)}`;
  const half = (y: number, from: number, side: 1 | -1): string => {
    const x = side > 0 ? w * 0.95 : w;
    return `${n(side * x * 0.72)} ${n(lerp(cy, y, from))} ${n(side * x * k)} ${n(y)}`;
  };
  const rev = (y: number, from: number, side: 1 | -1): string => {
    const x = side > 0 ? w * 0.95 : w;
    return `${n(side * x * k)} ${n(y)} ${n(side * x * 0.72)} ${n(lerp(cy, y, from))}`;
  };
  const sag = gap === 0 ? 1.6 : 0;
  const bend = lerp(0.72, 0.9, Math.min(1, gap / 20));
  const insideTop = `C ${half(top + sag, bend, -1)} 0 ${n(top + sag)} C ${rev(top + sag, bend, 1)} ${right}`;
  const insideBottom = `C ${half(bottom + sag, bend, 1)} 0 ${n(bottom + sag)} C ${rev(bottom + sag, bend, -1)} ${left}`;
  const peak = top - upper;
  const upperLip =
    `M ${left} C ${n(-w * 0.72)} ${n(lerp(cy, peak, 0.55))} ${n(-w * 0.42)} ${n(peak - 0.6)} ${n(-w * 0.2)} ${n(peak - 0.6)} C ${n(-w * 0.1)} ${n(peak - 0.6)} ${n(-w * 0.08)} ${n(peak + upper * 0.26)} 0 ${n(peak + upper * 0.26)} ` +
    `C ${n(w * 0.08)} ${n(peak + upper * 0.26)} ${n(w * 0.1)} ${n(peak - 0.6)} ${n(w * 0.2)} ${n(peak - 0.6)} C ${n(w * 0.4)} ${n(peak - 0.6)} ${n(w * 0.68)} ${n(lerp(cy, peak, 0.55))} ${right} ` +
    `C ${half(top + sag, bend, 1)} 0 ${n(top + sag)} C ${rev(top + sag, bend, -1)} ${left} Z`;
  const low = bottom + lower;
  const lowerLip =
    `M ${left} C ${n(-w * 0.8)} ${n(lerp(cy, low, 0.72))} ${n(-w * 0.46)} ${n(low)} 0 ${n(low)} C ${n(w * 0.44)} ${n(low)} ${n(w * 0.76)} ${n(lerp(cy, low, 0.72))} ${right} ` +
    `C ${half(bottom + sag, bend, 1)} 0 ${n(bottom + sag)} C ${rev(bottom + sag, bend, -1)} ${left} Z`;
  let out = softLine(
    `M ${n(-w * 0.5)} ${n(low + 4)} Q 0 ${n(low + 8)} ${n(w * 0.48)} ${n(low + 4)}`,
    skin.shade,
    5,
    3,
    0.5,
  );
  if (gap > 0) out += inside(id, s, { w, top, bottom, insideTop, insideBottom, left, gap });
  out += `<path d="${upperLip}" fill="url(#upper)"/><path d="${lowerLip}" fill="url(#lower)"/>`;
  out += line(
    `M ${n(-w * 0.3)} ${n(bottom + lower * 0.46)} Q ${n(-w * 0.08)} ${n(bottom + lower * 0.6)} ${n(w * 0.12)} ${n(bottom + lower * 0.46)}`,
    mix(p.lip, '#ffffff', 0.5),
    Math.max(1.4, lower * 0.2),
    p.female ? 0.6 : 0.32,
  );
  // The edge of the upper lip catches the key light.
  out += line(
    `M ${n(-w * 0.34)} ${n(peak - 1.6)} Q ${n(-w * 0.12)} ${n(peak - 2.4)} 0 ${n(peak + upper * 0.2)}`,
    skin.light,
    1.8,
    0.4,
  );
  if (gap === 0) out += line(`M ${left} ${insideTop}`, mix(p.lip, '#2a0a10', 0.62), 2);
  // Soft shades set the corners into the cheek.
  for (const x of [-w - 1, w * 0.95 + 1])
    out += `<circle cx="${n(x)}" cy="${n(cy)}" r="4.6" fill="${skin.deep}" fill-opacity="0.12"/><circle cx="${n(x)}" cy="${n(cy)}" r="3" fill="${skin.deep}" fill-opacity="0.16"/>`;
  if (dimples && s.smile > 0.9)
    out += softLine(
      `M ${n(-w - 9)} ${n(cy - 6)} q -3 5 -1 10 M ${n(w * 0.95 + 9)} ${n(cy - 6)} q 3 5 1 10`,
      skin.shade,
      2,
      1.4,
      0.4,
    );
  return `<g id="${id}"><g transform="translate(500 ${p.mouth.y})">${out}</g></g>`;
}

interface Opening {
  readonly w: number;
  readonly top: number;
  readonly bottom: number;
  readonly insideTop: string;
  readonly insideBottom: string;
  readonly left: string;
  readonly gap: number;
}

/** The cavity: dark, one row of teeth without gaps in the shadow of the lip, the tongue lit from the front. */
function inside(id: string, s: MouthShape, o: Opening): string {
  const { w, top, bottom, gap } = o;
  const d = `M ${o.left} ${o.insideTop} ${o.insideBottom} Z`;
  let out = `<clipPath id="m${id}"><path d="${d}"/></clipPath><path d="${d}" fill="${INSIDE}"/><g clip-path="url(#m${id})">`;
  if (s.tongue === 'low' || s.tongue === 'tip') {
    const rise = s.tongue === 'low' ? 0.36 : 0.5;
    const y = bottom + gap * 0.12;
    out += `<ellipse cx="0" cy="${n(y)}" rx="${n(w * 0.62)}" ry="${n(gap * rise)}" fill="${TONGUE}"/><ellipse cx="${n(-w * 0.1)}" cy="${n(y - gap * rise * 0.4)}" rx="${n(w * 0.36)}" ry="${n(gap * rise * 0.36)}" fill="${mix(TONGUE, '#ffffff', 0.2)}" fill-opacity="0.4"/>`;
  }
  if (s.teeth !== 'none') {
    const depth = s.teeth === 'on-lip' ? gap + 3 : s.teeth === 'both' ? gap * 0.46 : Math.min(gap * 0.5, 9.5);
    const edge = top + depth;
    const reach = s.teeth === 'both' ? 0.82 : 0.86;
    out += `<path d="M ${n(-w)} ${n(top - 30)} H ${n(w)} L ${n(w * reach)} ${n(edge - depth * 0.5)} Q ${n(w * 0.5)} ${n(edge + 0.6)} 0 ${n(edge + 0.6)} Q ${n(-w * 0.5)} ${n(edge + 0.6)} ${n(-w * reach)} ${n(edge - depth * 0.5)} Z" fill="${TEETH}"/>`;
    if (s.teeth === 'both')
      out += `<path d="M ${n(-w * 0.8)} ${n(bottom + 20)} H ${n(w * 0.8)} L ${n(w * 0.66)} ${n(bottom - gap * 0.3)} Q 0 ${n(bottom - gap * 0.44)} ${n(-w * 0.66)} ${n(bottom - gap * 0.3)} Z" fill="${mix(TEETH, INSIDE, 0.14)}"/>`;
  }
  if (s.tongue === 'between')
    out += `<ellipse cx="0" cy="${n(top + gap * 0.8)}" rx="${n(w * 0.5)}" ry="${n(gap * 0.34)}" fill="${TONGUE}"/>`;
  // Shadow of the upper lip; the corners fall into the dark.
  out += line(`M ${o.left} ${o.insideTop}`, INSIDE, Math.min(7, gap * 0.46), 0.32);
  for (const x of [-w, w * 0.95])
    out += `<circle cx="${n(x)}" cy="${n((top + bottom) / 2)}" r="${n(w * 0.26)}" fill="${INSIDE}" fill-opacity="0.55"/>`;
  return `${out}</g>`;
}
