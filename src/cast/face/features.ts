import { softFill, softLine } from '../draw/light.js';
import { dot, glow, n, oval } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** Nose, cheeks, freckles and the lines of age: all that slides over the face when the head turns. */
export function features(p: Person): string {
  const { skin, makeup } = p;
  const y = p.eye.y + 48;
  const x = p.face.cheek * 0.6;
  return (
    `<defs>${glow('blush', skin.blush, (p.female ? 0.36 : 0.22) + 0.12 * makeup)}${glow('apple', skin.light, 0.7)}${glow('glint', '#ffffff', skin.rimOpacity > 0.5 ? 0.4 : 0.5)}</defs>` +
    oval(496 - x, y, 38, 27, 'url(#blush)') +
    oval(502 + x, y, 31, 25, 'url(#blush)') +
    `<g transform="rotate(-18 ${n(497 - x)} ${n(y - 20)})">${oval(497 - x, y - 20, 26, 13, 'url(#apple)', 0.75)}${oval(490 - x, y - 24, 11, 6, 'url(#glint)', 0.8)}</g>` +
    (p.marks.freckles ? freckles(p) : '') +
    ageLines(p) +
    noseShape(p) +
    (p.marks.mole === null ? '' : dot(p.marks.mole[0], p.marks.mole[1], 2.6, skin.deep, 0.85))
  );
}

/** A nose made by light: a lit bridge, its shaded side, tip, shadow below and two soft nostrils; no line around it. */
function noseShape(p: Person): string {
  const { skin, nose } = p;
  const { y, width: w, tip, bend } = nose;
  const at = (v: number): string => n(503 + v);
  const side = 6 + tip * 2 + bend * 2;
  const top = p.eye.y - 26;
  const bridge = 0.3 + 0.32 * nose.bridge;
  const shaded = `M ${at(14)} ${n(top)} C ${at(10)} ${n(top + 24)} ${at(side + 3)} ${y - 40} ${at(side + 2)} ${y - 20} C ${at(w * 0.8)} ${y - 16} ${at(w * 0.98)} ${y - 4} ${at(w * 0.9)} ${y + 2} L ${at(w * 0.4)} ${y} C ${at(8)} ${y - 20} ${at(7)} ${n(top + 40)} ${at(14)} ${n(top)} Z`;
  const under = `M ${at(-w * 0.86)} ${y + 1} C ${at(-w * 0.5)} ${n(y + 10)} ${at(-w * 0.22)} ${y + 7} ${at(0)} ${n(y + 11 + tip)} C ${at(w * 0.24)} ${y + 7} ${at(w * 0.56)} ${n(y + 10)} ${at(w * 0.88)} ${y} C ${at(w * 0.74)} ${n(y + 17)} ${at(-w * 0.74)} ${n(y + 17)} ${at(-w * 0.86)} ${y + 1} Z`;
  const nostril = (s: 1 | -1): string =>
    `M ${at(s * w * 0.2)} ${n(y + 5.4)} q ${n(s * 4.4)} -4.6 ${n(s * (4.6 + w * 0.22))} 0.6 q ${n(s * -4)} 3.4 ${n(s * -(4.6 + w * 0.22))} -0.6 Z`;
  const wing = (s: 1 | -1): string => `M ${at(s * (w - 2))} ${y - 9} q ${n(s * 5)} 7 ${n(s * -2.4)} 13`;
  return (
    softFill(shaded, skin.shade, 3.4, bridge) +
    softLine(`M ${at(-8)} ${n(top + 2)} Q ${at(-5)} ${n(top + 18)} ${at(-3)} ${n(top + 34)}`, skin.shade, 5, 3, 0.24) +
    softLine(
      `M ${at(3 + bend)} ${n(top + 10)} Q ${at(4 + bend * 3)} ${y - 40} ${at(1)} ${y - 22}`,
      skin.light,
      6,
      3.4,
      0.46,
    ) +
    softFill(under, skin.shade, 2, 0.6) +
    `<path d="${nostril(1)} ${nostril(-1)}" fill="${skin.deep}" fill-opacity="0.72"/>` +
    softLine(`${wing(1)} ${wing(-1)}`, skin.shade, 2.6, 1.2, 0.7) +
    oval(503, y - 7, 10 + 4 * tip, 8 + 2 * tip, 'url(#apple)') +
    oval(500, y - 9, 7, 5.4, 'url(#glint)', 0.95) +
    // The groove of the upper lip.
    softLine(
      `M ${at(-5)} ${y + 17} q -1.4 5 -1.4 ${n(p.mouth.y - y - 28)} M ${at(6)} ${y + 17} q 1.4 5 1.4 ${n(p.mouth.y - y - 28)}`,
      skin.shade,
      2.2,
      1.2,
      0.26,
    )
  );
}

function freckles(p: Person): string {
  let out = '';
  for (let i = 0; i < 26; i += 1) {
    const side = i % 2 === 0 ? 1 : -1;
    const a = i * 2.399;
    const r = Math.sqrt((i + 1) / 26);
    out += dot(
      500 + side * 44 + 34 * r * Math.cos(a),
      358 + 15 * r * Math.sin(a),
      1.3 + (i % 3) * 0.4,
      p.skin.deep,
      0.42,
    );
  }
  return out;
}

/** Folds beside nose and mouth, under the eyes, at their corners and across the forehead. */
function ageLines(p: Person): string {
  const { aged, skin, mouth, nose, eye } = p;
  if (aged <= 0) return '';
  const lines = (opacity: number, width: number, d: string): string =>
    softLine(d, skin.shade, width, 1.6, Math.min(0.8, opacity * aged * 2.1));
  const w = nose.width;
  const m = mouth.halfWidth;
  const e = eye.spacing;
  return (
    lines(
      0.34,
      2.4,
      `M ${n(500 + w + 6)} ${nose.y - 4} C ${n(500 + w + 15)} ${nose.y + 12} ${n(500 + m + 10)} ${mouth.y - 22} ${n(500 + m + 13)} ${mouth.y - 3} M ${n(500 - w - 6)} ${nose.y - 4} C ${n(500 - w - 15)} ${nose.y + 12} ${n(500 - m - 10)} ${mouth.y - 22} ${n(500 - m - 13)} ${mouth.y - 3}`,
    ) +
    lines(
      0.34,
      2,
      `M ${n(500 - e - 18)} ${eye.y + 20} Q ${n(500 - e + 2)} ${eye.y + 30} ${n(500 - e + 22)} ${eye.y + 20} M ${n(500 + e - 22)} ${eye.y + 20} Q ${n(500 + e - 2)} ${eye.y + 30} ${n(500 + e + 18)} ${eye.y + 20}`,
    ) +
    (aged < 0.45
      ? ''
      : lines(
          0.42,
          2,
          `M ${n(500 + e + 34)} ${eye.y - 4} l 12 -6 M ${n(500 + e + 35)} ${eye.y + 4} l 13 1 M ${n(500 + e + 33)} ${eye.y + 11} l 11 6 M ${n(500 - e - 34)} ${eye.y - 4} l -12 -6 M ${n(500 - e - 35)} ${eye.y + 4} l -13 1 M ${n(500 - e - 33)} ${eye.y + 11} l -11 6`,
        ) +
        lines(0.2, 2.2, `M 456 240 Q 500 233 546 240 M 460 254 Q 500 248 540 254`) +
        (p.bearded
          ? ''
          : lines(
              0.28,
              2.4,
              `M ${n(500 - m - 8)} ${mouth.y + 14} q -4 12 2 22 M ${n(500 + m + 8)} ${mouth.y + 14} q 4 12 -2 22`,
            )))
  );
}
