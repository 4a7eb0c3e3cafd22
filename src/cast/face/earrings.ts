import { both, dot, edged, line, n } from '../draw/light.js';
import type { Person } from '../person.js';

export const GLASSES = ['none', 'round', 'square', 'cat-eye', 'aviator', 'half-rim', 'thin-oval'] as const;
type Glasses = (typeof GLASSES)[number];

/** Glasses over the eyes; they turn with the nose. */
export function glasses(p: Person, kind: Glasses, colour: string): string {
  if (kind === 'none') return '';
  const cx = p.eye.spacing;
  const cy = p.eye.y + 3;
  const r = (v: number): string => n(500 + cx + v);
  const y = (v: number): string => n(cy + v);
  const thin = kind === 'aviator' || kind === 'thin-oval' || kind === 'half-rim';
  const width = thin ? 3 : 6;
  const frames: Readonly<Record<Exclude<Glasses, 'none'>, string>> = {
    round: `M ${r(-39)} ${y(0)} A 39 37 0 1 1 ${r(39)} ${y(0)} A 39 37 0 1 1 ${r(-39)} ${y(0)} Z`,
    square: `M ${r(-40)} ${y(-22)} Q ${r(-40)} ${y(-29)} ${r(-32)} ${y(-30)} L ${r(36)} ${y(-31)} Q ${r(44)} ${y(-31)} ${r(43)} ${y(-22)} L ${r(39)} ${y(18)} Q ${r(37)} ${y(29)} ${r(26)} ${y(29)} L ${r(-24)} ${y(29)} Q ${r(-36)} ${y(29)} ${r(-37)} ${y(18)} Z`,
    'cat-eye': `M ${r(-38)} ${y(-18)} C ${r(-14)} ${y(-28)} ${r(20)} ${y(-34)} ${r(50)} ${y(-40)} C ${r(50)} ${y(-14)} ${r(44)} ${y(26)} ${r(4)} ${y(28)} C ${r(-28)} ${y(28)} ${r(-38)} ${y(10)} ${r(-38)} ${y(-18)} Z`,
    aviator: `M ${r(-38)} ${y(-24)} Q ${r(0)} ${y(-33)} ${r(42)} ${y(-25)} C ${r(46)} ${y(4)} ${r(28)} ${y(34)} ${r(2)} ${y(35)} C ${r(-24)} ${y(34)} ${r(-38)} ${y(6)} ${r(-38)} ${y(-24)} Z`,
    'half-rim': `M ${r(-40)} ${y(-8)} L ${r(-39)} ${y(-22)} Q ${r(0)} ${y(-29)} ${r(42)} ${y(-24)} L ${r(41)} ${y(-6)}`,
    'thin-oval': `M ${r(-38)} ${y(0)} C ${r(-38)} ${y(-36)} ${r(38)} ${y(-38)} ${r(39)} ${y(-2)} C ${r(39)} ${y(34)} ${r(-38)} ${y(34)} ${r(-38)} ${y(0)} Z`,
  };
  const lens =
    `<path d="${frames[kind]}" fill="${kind === 'half-rim' ? 'none' : '#eef6ff'}" fill-opacity="0.1" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>` +
    (kind === 'half-rim'
      ? line(`M ${r(-40)} ${y(-8)} C ${r(-40)} ${y(30)} ${r(40)} ${y(32)} ${r(41)} ${y(-6)}`, '#9aa5b1', 1.4, 0.6)
      : '') +
    line(`M ${r(-22)} ${y(-12)} Q ${r(-16)} ${y(-21)} ${r(-4)} ${y(-23)}`, '#ffffff', 3, 0.4) +
    line(`M ${r(41)} ${y(-12)} L ${n(500 + p.face.temple + 4)} ${y(-15)}`, colour, width, 1);
  const bridge =
    kind === 'aviator'
      ? `M ${n(500 - cx + 38)} ${y(-16)} Q 500 ${y(-22)} ${n(500 + cx - 38)} ${y(-16)} M ${n(500 - cx + 36)} ${y(-27)} L ${n(500 + cx - 36)} ${y(-27)}`
      : `M ${n(500 - cx + 38.5)} ${y(-7)} Q 500 ${y(-18)} ${n(500 + cx - 38.5)} ${y(-7)}`;
  return both(lens) + line(bridge, colour, width);
}

export const EARRINGS = ['none', 'stud', 'pearl', 'hoop', 'big-hoop', 'drop', 'jhumka', 'tassel'] as const;
type Earrings = (typeof EARRINGS)[number];

const GOLD = '#d8a640';
const GOLD_LIGHT = '#f8df93';

export function earrings(p: Person, kind: Earrings, colour: string): string {
  const x = 500 + p.face.temple + 8;
  const y = 370;
  switch (kind) {
    case 'none':
      return '';
    case 'stud':
      return both(dot(x, y - 6, 4.5, colour) + dot(x - 1.4, y - 7.4, 1.6, '#ffffff', 0.9));
    case 'pearl':
      return both(dot(x, y, 7.5, '#f3ece2') + dot(x - 2, y - 2.4, 2.6, '#ffffff') + dot(x, y - 9, 2.4, GOLD));
    case 'hoop':
      return both(ring(x, y + 8, 13, 4));
    case 'big-hoop':
      return both(ring(x + 1, y + 18, 23, 5));
    case 'drop':
      return both(
        line(`M ${n(x)} ${y - 4} v 14`, GOLD, 2.4) +
          edged(`M ${n(x)} ${y + 8} c 9 12 8 22 0 24 c -8 -2 -9 -12 0 -24 Z`, colour, GOLD, 2) +
          dot(x - 2, y + 22, 2.2, '#ffffff', 0.7),
      );
    case 'jhumka':
      return both(
        dot(x, y - 2, 5, GOLD) +
          edged(
            `M ${n(x - 12)} ${y + 20} C ${n(x - 11)} ${y + 4} ${n(x + 11)} ${y + 4} ${n(x + 12)} ${y + 20} Z`,
            GOLD,
            '#8f6a1e',
            1.6,
          ) +
          [-9, -3, 3, 9].map((dx) => dot(x + dx, y + 24, 2.6, colour)).join(''),
      );
    case 'tassel':
      return both(
        dot(x, y - 1, 5, GOLD) +
          [-5, -2.5, 0, 2.5, 5]
            .map((dx) => line(`M ${n(x + dx * 0.4)} ${y + 6} L ${n(x + dx)} ${y + 36}`, colour, 2.4))
            .join(''),
      );
  }
}

const ring = (x: number, y: number, r: number, width: number): string =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="none" stroke="${GOLD}" stroke-width="${width}"/><circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="none" stroke="${GOLD_LIGHT}" stroke-width="${width * 0.35}"/>`;
