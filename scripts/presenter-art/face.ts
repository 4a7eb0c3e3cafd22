import { CENTRE_X, n, type Look } from './look.js';

const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

/** One eye of the picture's right side around its centre; `open` 0–1, gaze in units. */
function eye(look: Look, id: string, open: number, gaze: number, gazeY: number): string {
  // Eyes look parallel only when each iris stands slightly outwards of its opening's middle.
  const gazeX = gaze + 3;
  const { halfWidth: w, lid, rise, lashWidth } = look.eye;
  const inner = `${n(-w)} 4`;
  const outer = `${n(w)} ${n(-rise)}`;
  const bottom: readonly number[] = [w * 0.52, lid * 0.66, -w * 0.5, lid * 0.72];
  // The lid sinks onto the lower one; a closed eye is a lash line that curves downwards.
  const top = [
    lerp(-w * 0.62, -w * 0.5, 1 - open),
    lerp(-lid * 0.98, lid * 0.6, 1 - open),
    lerp(w * 0.34, w * 0.52, 1 - open),
    lerp(-lid * 1.32, lid * 0.54, 1 - open),
  ];
  const lidCurve = `C ${n(top[0]!)} ${n(top[1]!)} ${n(top[2]!)} ${n(top[3]!)} ${outer}`;
  const shape = `M ${inner} ${lidCurve} C ${bottom.map(n).join(' ')} ${inner} Z`;
  const crease = `M ${n(-w * 0.8)} ${n(top[1]! * 0.55 - 6)} C ${n(top[0]! * 0.8)} ${n(top[1]! - 7)} ${n(top[2]!)} ${n(top[3]! - 7)} ${n(w * 0.98)} ${n(-rise - 6)}`;
  const line =
    `M ${n(-w - 1)} 5 ${lidCurve} l ${n(lashWidth * 1.6)} ${n(-lashWidth * 0.9)} ` +
    `C ${n(w * 0.72)} ${n(lerp(-rise - lid * 0.62, -rise + 2, 1 - open))} ${n(top[2]!)} ${n(top[3]! - lashWidth)} ${n(top[0]! * 0.6)} ${n(top[1]! - lashWidth * 0.5)} C ${n(-w * 0.75)} ${n(lerp(-lid * 0.5, 8, 1 - open))} ${n(-w)} 2 ${n(-w - 1)} 5 Z`;
  const radius = lid * 0.74;
  const ball =
    open < 0.2
      ? ''
      : `<clipPath id="c${id}"><path d="${shape}"/></clipPath><path d="${shape}" fill="#fffdfb"/>` +
        `<g clip-path="url(#c${id})"><circle cx="${n(gazeX)}" cy="${n(gazeY - 1)}" r="${n(radius)}" fill="${look.iris}"/>` +
        `<circle cx="${n(gazeX)}" cy="${n(gazeY + radius * 0.28)}" r="${n(radius * 0.62)}" fill="${look.irisLight}" opacity="0.75"/>` +
        `<circle cx="${n(gazeX)}" cy="${n(gazeY - 1)}" r="${n(radius * 0.5)}" fill="#1a1214"/>` +
        `<path d="M ${n(-w - 4)} ${n(-lid * 1.5)} h ${n(2 * w + 8)} v ${n(lid)} C ${n(w * 0.4)} ${n(top[3]! + 9)} ${n(-w * 0.5)} ${n(top[1]! + 9)} ${n(-w - 4)} 8 Z" fill="${look.lash}" opacity="0.16"/>` +
        `<circle cx="${n(gazeX + radius * 0.36)}" cy="${n(gazeY - radius * 0.46)}" r="${n(radius * 0.27)}" fill="#ffffff"/>` +
        `<circle cx="${n(gazeX - radius * 0.38)}" cy="${n(gazeY + radius * 0.42)}" r="${n(radius * 0.13)}" fill="#ffffff" opacity="0.8"/></g>` +
        `<path d="M ${outer} C ${bottom.map(n).join(' ')} ${inner}" fill="none" stroke="${look.skinShade}" stroke-width="2.4" stroke-linecap="round"/>`;
  return (
    ball +
    `<path d="${crease}" fill="none" stroke="${look.skinShade}" stroke-width="2.6" stroke-linecap="round"/>` +
    `<path d="${line}" fill="${look.lash}" stroke="${look.lash}" stroke-width="1.6" stroke-linejoin="round"/>`
  );
}

/** Both eyes in one state. Gaze moves both pupils the same way. */
function eyes(look: Look, id: string, open: number, gazeX: number, gazeY: number): string {
  const { spacing, y } = look.eye;
  return (
    `<g id="${id}"><g transform="translate(${CENTRE_X + spacing} ${y})">${eye(look, `${id}r`, open, gazeX, gazeY)}</g>` +
    `<g transform="translate(${CENTRE_X - spacing} ${y}) scale(-1 1)">${eye(look, `${id}l`, open, -gazeX, gazeY)}</g></g>`
  );
}

export const allEyes = (look: Look): string =>
  eyes(look, 'open', 1, 0, 0) +
  eyes(look, 'left', 1, -7, 0) +
  eyes(look, 'right', 1, 7, 0) +
  eyes(look, 'up', 1, 4, -5) +
  eyes(look, 'down', 0.84, 0, 4) +
  eyes(look, 'half', 0.5, 0, 2) +
  eyes(look, 'closed', 0, 0, 0);

/** Brows at four heights; the inner end of a worried or thinking brow drops on one side only. */
export function allBrows(look: Look): string {
  const { halfWidth: w, thickness: t, arch, y, spacing } = look.browShape;
  const brow = (lift: number, bend: number): string =>
    `<path transform="translate(0 ${n(-lift)})" d="M ${n(-w)} ${n(-1 - bend)} C ${n(-w * 0.4)} ${n(-arch - bend * 0.4)} ${n(w * 0.3)} ${n(-arch * 1.2)} ${n(w)} ${n(4)} ` +
    `C ${n(w * 0.4)} ${n(-arch * 1.1 + t * 0.75)} ${n(-w * 0.3)} ${n(-arch * 0.8 + t - bend * 0.4)} ${n(-w + 1.5)} ${n(-1 + t * 0.9 - bend)} Z" fill="${look.brow}" stroke="${look.brow}" stroke-width="2" stroke-linejoin="round"/>`;
  const pair = (id: string, right: string, left: string): string =>
    `<g id="${id}"><g transform="translate(${CENTRE_X + spacing} ${y})">${right}</g><g transform="translate(${CENTRE_X - spacing} ${y}) scale(-1 1)">${left}</g></g>`;
  return (
    pair('neutral', brow(0, 0), brow(0, 0)) +
    pair('lifted', brow(4, 0.5), brow(4, 0.5)) +
    pair('raised', brow(9, 1), brow(9, 1)) +
    pair('think', brow(8, 0), brow(-2, -3))
  );
}

interface MouthShape {
  /** Half width and opening, as shares of the mouth's half width. */
  readonly wide: number;
  readonly open: number;
  /** Share of the opening above the corners. */
  readonly rise: number;
  /** Lip thickness, 1 as drawn at rest. */
  readonly lips: number;
  /** Corner lift, 1 as at rest. */
  readonly smile: number;
  readonly teeth: 'none' | 'upper' | 'both' | 'on-lip';
  readonly tongue: 'none' | 'low' | 'tip' | 'between';
}

const shape = (
  wide: number,
  open: number,
  rise: number,
  lips: number,
  smile: number,
  teeth: MouthShape['teeth'],
  tongue: MouthShape['tongue'],
): MouthShape => ({ wide, open, rise, lips, smile, teeth, tongue });

/** The 15 Oculus visemes as shapes, after the pictures of the viseme reference. */
const SHAPES: Readonly<Record<string, MouthShape>> = {
  sil: shape(1, 0, 0, 1, 1, 'none', 'none'),
  PP: shape(0.9, 0, 0, 0.72, 0.35, 'none', 'none'),
  FF: shape(0.9, 0.2, 0.55, 0.85, 0.5, 'on-lip', 'none'),
  TH: shape(0.92, 0.42, 0.3, 0.95, 0.5, 'upper', 'between'),
  DD: shape(0.95, 0.46, 0.3, 0.95, 0.6, 'upper', 'tip'),
  kk: shape(0.95, 0.56, 0.28, 0.95, 0.6, 'upper', 'low'),
  CH: shape(0.7, 0.5, 0.42, 1.12, 0.1, 'both', 'none'),
  SS: shape(1.0, 0.36, 0.4, 0.9, 0.8, 'both', 'none'),
  nn: shape(0.95, 0.42, 0.3, 0.95, 0.6, 'upper', 'tip'),
  RR: shape(0.74, 0.5, 0.36, 1.08, 0.2, 'upper', 'low'),
  aa: shape(1.0, 1.05, 0.22, 0.95, 0.5, 'upper', 'low'),
  E: shape(1.1, 0.68, 0.26, 0.92, 0.9, 'upper', 'low'),
  I: shape(1.14, 0.46, 0.32, 0.9, 1.1, 'both', 'none'),
  O: shape(0.68, 0.98, 0.4, 1.12, 0, 'none', 'low'),
  U: shape(0.48, 0.5, 0.46, 1.25, -0.1, 'none', 'none'),
};

/** How far each of the levels 1–3 opens. */
const LEVELS = [0.42, 0.72, 1] as const;

function mouth(look: Look, id: string, s: MouthShape, level: number): string {
  const size = look.mouth.halfWidth;
  const w = size * lerp(1, s.wide, 0.4 + 0.6 * level);
  const open = size * s.open * level;
  const corner = -look.mouth.smile * s.smile;
  const upper = look.mouth.upper * s.lips;
  const lower = look.mouth.lower * s.lips;
  // A cubic with both handles at the same height reaches three quarters of it.
  const topY = corner * 0.1 - (open * s.rise) / 0.75 + (1 - Math.min(1, s.open * 4)) * look.mouth.smile * 0.55;
  const bottomY = open === 0 ? topY : topY + open / 0.75;
  const k = s.wide < 0.8 ? 0.78 : 0.58;
  const left = `${n(-w)} ${n(corner)}`;
  const right = `${n(w)} ${n(corner)}`;
  const insideTop = `C ${n(-w * k)} ${n(topY)} ${n(w * k)} ${n(topY)} ${right}`;
  const insideBottom = `C ${n(w * k)} ${n(bottomY)} ${n(-w * k)} ${n(bottomY)} ${left}`;
  const bow = topY * 0.75 + corner * 0.25 - upper;
  const upperLip =
    `M ${n(-w - 3)} ${n(corner - 0.5)} C ${n(-w * 0.66)} ${n(lerp(corner, bow, 0.62))} ${n(-w * 0.36)} ${n(bow - 1.8)} ${n(-w * 0.16)} ${n(bow - 1)} ` +
    `Q 0 ${n(bow + upper * 0.42)} ${n(w * 0.16)} ${n(bow - 1)} C ${n(w * 0.36)} ${n(bow - 1.8)} ${n(w * 0.66)} ${n(lerp(corner, bow, 0.62))} ${n(w + 3)} ${n(corner - 0.5)} ` +
    `L ${right} C ${n(w * k)} ${n(topY)} ${n(-w * k)} ${n(topY)} ${left} Z`;
  const lowY = bottomY + lower / 0.75;
  const lowerLip = `M ${left} C ${n(-w * k)} ${n(bottomY)} ${n(w * k)} ${n(bottomY)} ${right} C ${n(w * 0.66)} ${n(lowY)} ${n(-w * 0.66)} ${n(lowY)} ${left} Z`;
  const lowMiddle = bottomY * 0.75 + corner * 0.25;
  const highMiddle = topY * 0.75 + corner * 0.25;
  const parts: string[] = [];
  if (open > 0) {
    const inside = `M ${left} ${insideTop} ${insideBottom} Z`;
    parts.push(
      `<clipPath id="m${id}"><path d="${inside}"/></clipPath><path d="${inside}" fill="#5a1720"/><g clip-path="url(#m${id})">`,
    );
    const gap = lowMiddle - highMiddle;
    if (s.tongue !== 'none') {
      const height = s.tongue === 'low' ? 0.46 : s.tongue === 'tip' ? 0.62 : 0.74;
      parts.push(
        `<ellipse cx="0" cy="${n(lowMiddle + gap * 0.1)}" rx="${n(w * 0.62)}" ry="${n(gap * height)}" fill="#d4636b"/>` +
          `<ellipse cx="0" cy="${n(lowMiddle + gap * 0.1)}" rx="${n(w * 0.62)}" ry="${n(gap * height)}" fill="none" stroke="#a83f4b" stroke-width="1.5"/>`,
      );
    }
    const teeth = '#fffaf5';
    if (s.teeth !== 'none') {
      const depth =
        s.teeth === 'on-lip' ? gap + 4 : s.teeth === 'both' ? gap * 0.46 : Math.min(gap * 0.42, size * 0.27);
      parts.push(
        `<path d="M ${n(-w * 0.94)} ${n(highMiddle - size)} H ${n(w * 0.94)} L ${n(w * 0.8)} ${n(highMiddle + depth * 0.6)} Q 0 ${n(highMiddle + depth * 1.4)} ${n(-w * 0.8)} ${n(highMiddle + depth * 0.6)} Z" fill="${teeth}"/>`,
      );
      if (s.teeth === 'both')
        parts.push(
          `<path d="M ${n(-w * 0.84)} ${n(lowMiddle + size)} H ${n(w * 0.84)} L ${n(w * 0.74)} ${n(lowMiddle - gap * 0.3)} Q 0 ${n(lowMiddle - gap * 0.42)} ${n(-w * 0.74)} ${n(lowMiddle - gap * 0.3)} Z" fill="#f1e6df"/>`,
        );
    }
    if (s.tongue === 'between')
      parts.push(
        `<ellipse cx="0" cy="${n(highMiddle + gap * 0.72)}" rx="${n(w * 0.5)}" ry="${n(gap * 0.34)}" fill="#dd747b"/>`,
      );
    parts.push('</g>');
  }
  parts.push(`<path d="${upperLip}" fill="${look.lipShade}"/>`, `<path d="${lowerLip}" fill="${look.lip}"/>`);
  parts.push(
    `<path d="M ${n(-w * 0.34)} ${n(lowMiddle + lower * 0.42)} Q 0 ${n(lowMiddle + lower * 0.72)} ${n(w * 0.3)} ${n(lowMiddle + lower * 0.4)}" fill="none" stroke="${look.lipLight}" stroke-width="${n(lower * 0.26)}" stroke-linecap="round" opacity="0.7"/>`,
  );
  if (open === 0)
    parts.push(
      `<path d="M ${left} ${insideTop}" fill="none" stroke="#7a2e33" stroke-width="2.6" stroke-linecap="round"/>`,
    );
  // Corners: a small dimple keeps the mouth set into the cheek.
  if (look.dimples && s.smile > 0.3)
    parts.push(
      `<path d="M ${n(-w - 5)} ${n(corner - 4)} q -3 4 0 7 M ${n(w + 5)} ${n(corner - 4)} q 3 4 0 7" fill="none" stroke="${look.skinShade}" stroke-width="2.4" stroke-linecap="round"/>`,
    );
  return `<g id="${id}"><g transform="translate(${CENTRE_X} ${look.mouth.y})">${parts.join('')}</g></g>`;
}

export const allMouths = (look: Look): string =>
  Object.entries(SHAPES)
    .map(([viseme, s]) =>
      s.open === 0
        ? mouth(look, viseme, s, 1)
        : LEVELS.map((level, i) => mouth(look, i === 2 ? viseme : `${viseme}-${i + 1}`, s, level)).join(''),
    )
    .join('');
