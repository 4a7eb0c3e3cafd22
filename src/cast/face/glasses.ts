import { both, line, n } from '../draw/shapes.js';
import type { Person } from '../person.js';

export const GLASSES = ['none', 'round', 'square', 'cat-eye', 'aviator', 'half-rim', 'thin-oval'] as const;
export type Glasses = (typeof GLASSES)[number];

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
