import { mix } from '../draw/colours.js';
import { fill, gradient, line, n, radial } from '../draw/shapes.js';
import type { Person } from '../person.js';
import { MOUTH_LEVELS, MOUTH_SHAPES, ONE_LEVEL, type MouthShape } from './mouth-shapes.js';

const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

export function allMouths(p: Person): string {
  const upper = mix(p.lip, p.skin.deep, p.female ? 0.26 : 0.34);
  return (
    `<defs>${gradient('upper', [
      [0, mix(upper, p.skin.base, 0.18)],
      [1, upper],
    ])}` +
    gradient('lower', [
      [0, p.lip],
      [0.5, mix(p.lip, p.skin.light, 0.2)],
      [1, mix(p.lip, p.skin.shade, 0.35)],
    ]) +
    gradient('inside', [
      [0, '#2b0c12'],
      [1, '#6b2029'],
    ]) +
    gradient('teeth', [
      [0, '#efe6e0'],
      [0.4, '#fffdfb'],
      [1, '#e9e0d9'],
    ]) +
    radial('tongue', [
      [0, '#dd7a7e'],
      [0.7, '#c25a62'],
      [1, '#8f343f'],
    ]) +
    `</defs>` +
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
  const { halfWidth: size, smile, dimples } = p.mouth;
  const w = size * lerp(1, s.wide, 0.4 + 0.6 * level);
  const open = size * s.open * level;
  const corner = -smile * s.smile;
  const upper = p.mouth.upper * s.lips;
  const lower = p.mouth.lower * s.lips;
  // A cubic with both handles at the same height reaches three quarters of it.
  const topY = corner * 0.1 - (open * s.rise) / 0.75 + (1 - Math.min(1, s.open * 4)) * smile * 0.55;
  const bottomY = open === 0 ? topY : topY + open / 0.75;
  const k = s.wide < 0.8 ? 0.78 : 0.58;
  const left = `${n(-w)} ${n(corner)}`;
  const right = `${n(w)} ${n(corner)}`;
  const insideTop = `C ${n(-w * k)} ${n(topY)} ${n(w * k)} ${n(topY)} ${right}`;
  const insideBottom = `C ${n(w * k)} ${n(bottomY)} ${n(-w * k)} ${n(bottomY)} ${left}`;
  const bow = topY * 0.75 + corner * 0.25 - upper;
  const upperLip =
    `M ${n(-w - 2.5)} ${n(corner - 0.5)} C ${n(-w * 0.66)} ${n(lerp(corner, bow, 0.6))} ${n(-w * 0.38)} ${n(bow - 1.6)} ${n(-w * 0.17)} ${n(bow - 1)} ` +
    `Q 0 ${n(bow + upper * 0.4)} ${n(w * 0.17)} ${n(bow - 1)} C ${n(w * 0.38)} ${n(bow - 1.6)} ${n(w * 0.66)} ${n(lerp(corner, bow, 0.6))} ${n(w + 2.5)} ${n(corner - 0.5)} ` +
    `L ${right} C ${n(w * k)} ${n(topY)} ${n(-w * k)} ${n(topY)} ${left} Z`;
  const lowY = bottomY + lower / 0.75;
  const lowerLip = `M ${left} C ${n(-w * k)} ${n(bottomY)} ${n(w * k)} ${n(bottomY)} ${right} C ${n(w * 0.64)} ${n(lowY)} ${n(-w * 0.64)} ${n(lowY)} ${left} Z`;
  const low = bottomY * 0.75 + corner * 0.25;
  const high = topY * 0.75 + corner * 0.25;
  const under = low + lower;
  const parts: string[] = [
    line(
      `M ${n(-w * 0.46)} ${n(under + 5)} Q 0 ${n(under + 8.5)} ${n(w * 0.46)} ${n(under + 5)}`,
      p.skin.shade,
      6,
      0.42,
    ),
  ];
  if (open > 0) parts.push(inside(id, s, { w, high, low, insideTop, insideBottom, left, size }));
  parts.push(`<path d="${upperLip}" fill="url(#upper)"/>`, `<path d="${lowerLip}" fill="url(#lower)"/>`);
  parts.push(
    line(
      `M ${n(-w * 0.36)} ${n(low + lower * 0.4)} Q ${n(-w * 0.05)} ${n(low + lower * 0.66)} ${n(w * 0.24)} ${n(low + lower * 0.42)}`,
      mix(p.lip, '#ffffff', 0.55),
      Math.max(1.4, lower * 0.24),
      p.female ? 0.5 : 0.25,
    ),
  );
  if (open === 0) parts.push(line(`M ${left} ${insideTop}`, mix(p.lip, '#3a0f18', 0.72), 2.3));
  // Small shades set the corners into the cheek.
  parts.push(
    fill(
      `M ${n(-w - 1)} ${n(corner - 3)} q -5 3 -1 7 q 3 -2 1 -7 Z M ${n(w + 1)} ${n(corner - 3)} q 5 3 1 7 q -3 -2 -1 -7 Z`,
      p.skin.deep,
      0.45,
    ),
  );
  if (dimples && s.smile > 0.3)
    parts.push(
      line(
        `M ${n(-w - 8)} ${n(corner - 6)} q -4 5 -1 11 M ${n(w + 8)} ${n(corner - 6)} q 4 5 1 11`,
        p.skin.shade,
        2.4,
        0.8,
      ),
    );
  return `<g id="${id}"><g transform="translate(500 ${p.mouth.y})">${parts.join('')}</g></g>`;
}

interface Opening {
  readonly w: number;
  readonly high: number;
  readonly low: number;
  readonly insideTop: string;
  readonly insideBottom: string;
  readonly left: string;
  readonly size: number;
}

/** The cavity: dark towards the throat, teeth in the shadow of the lip, the tongue lit from the front. */
function inside(id: string, s: MouthShape, o: Opening): string {
  const { w, high, low, size } = o;
  const gap = low - high;
  const d = `M ${o.left} ${o.insideTop} ${o.insideBottom} Z`;
  let out = `<clipPath id="m${id}"><path d="${d}"/></clipPath><path d="${d}" fill="url(#inside)"/><g clip-path="url(#m${id})">`;
  if (s.tongue !== 'none' && s.tongue !== 'between') {
    const height = s.tongue === 'low' ? 0.4 : 0.6;
    out +=
      `<ellipse cx="0" cy="${n(low + gap * 0.12)}" rx="${n(w * 0.64)}" ry="${n(gap * height)}" fill="url(#tongue)"/>` +
      line(`M 0 ${n(low + gap * 0.12 - gap * height * 0.75)} L 0 ${n(low)}`, '#8f343f', 1.2, 0.35);
  }
  if (s.teeth !== 'none') {
    const depth = s.teeth === 'on-lip' ? gap + 4 : s.teeth === 'both' ? gap * 0.5 : Math.min(gap * 0.44, size * 0.25);
    const edge = high + depth;
    out += `<path d="M ${n(-w)} ${n(high - size)} H ${n(w)} L ${n(w * 0.84)} ${n(edge - depth * 0.42)} Q ${n(w * 0.5)} ${n(edge)} ${n(w * 0.16)} ${n(edge)} L 0 ${n(edge - 0.8)} L ${n(-w * 0.16)} ${n(edge)} Q ${n(-w * 0.5)} ${n(edge)} ${n(-w * 0.84)} ${n(edge - depth * 0.42)} Z" fill="url(#teeth)"/>`;
    let seams = '';
    for (const at of [0, 0.24, 0.45, 0.63]) {
      seams += `M ${n(w * at)} ${n(high)} V ${n(edge - 1.5)} `;
      if (at > 0) seams += `M ${n(-w * at)} ${n(high)} V ${n(edge - 1.5)} `;
    }
    out += line(seams, '#b8a59b', 0.9, 0.4);
    if (s.teeth === 'both')
      out += `<path d="M ${n(-w * 0.8)} ${n(low + size)} H ${n(w * 0.8)} L ${n(w * 0.66)} ${n(low - gap * 0.26)} Q 0 ${n(low - gap * 0.4)} ${n(-w * 0.66)} ${n(low - gap * 0.26)} Z" fill="#e6dad2"/>`;
  }
  if (s.tongue === 'between')
    out += `<ellipse cx="0" cy="${n(high + gap * 0.74)}" rx="${n(w * 0.52)}" ry="${n(gap * 0.32)}" fill="url(#tongue)"/>`;
  // Shadow of the upper lip.
  return `${out}${line(`M ${o.left} ${o.insideTop}`, '#2b0c12', Math.min(7, gap * 0.5), 0.4)}</g>`;
}
