import { dot, fill, glow, gradient, line, n, oval } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** Nose, cheeks, freckles and the lines of age: all that slides over the face when the head turns. */
export function features(p: Person): string {
  const { skin, nose, makeup } = p;
  const cheekY = 372;
  const cheekX = p.face.cheek * 0.58;
  return (
    `<defs>${glow('blush', skin.blush, (p.female ? 0.32 : 0.2) + 0.14 * makeup)}${glow('apple', skin.light, 0.6)}${glow('tip', '#ffffff', 0.4)}` +
    gradient('bridge', [
      [0, skin.shade, 0],
      [0.5, skin.shade, 0.25 + 0.4 * nose.bridge],
      [1, skin.shade, 0.6 + 0.3 * nose.bridge],
    ]) +
    glow('wing', skin.shade, 0.75) +
    `</defs>` +
    oval(500 - cheekX, cheekY, 40, 27, 'url(#blush)') +
    oval(500 + cheekX, cheekY, 40, 27, 'url(#blush)') +
    oval(494 - cheekX, cheekY - 16, 24, 12, 'url(#apple)', 0.5) +
    (p.marks.freckles ? freckles(p) : '') +
    ageLines(p) +
    noseShape(p) +
    (p.marks.mole === null ? '' : dot(p.marks.mole[0], p.marks.mole[1], 2.6, skin.deep, 0.85))
  );
}

function noseShape(p: Person): string {
  const { skin, nose } = p;
  const { y, width: w, tip, bend } = nose;
  const x = (v: number): string => n(500 + v);
  const side = 5 + tip * 3;
  // The bridge's shaded side runs from the right brow to the wing.
  const bridge =
    `M ${x(13)} ${y - 74} C ${x(6)} ${y - 56} ${x(side + 2 + bend * 5)} ${y - 36} ${x(side + 2 + bend * 3)} ${y - 20} ` +
    `C ${x(w * 0.75)} ${y - 16} ${x(w)} ${y - 6} ${x(w - 1)} ${y + 3} C ${x(w * 0.6)} ${y + 7} ${x(w * 0.3)} ${y + 4} ${x(2)} ${y + 6} ` +
    `C ${x(6)} ${y - 10} ${x(2 + bend * 4)} ${y - 40} ${x(13)} ${y - 74} Z`;
  const underTip = `M ${x(-w * 0.74)} ${y + 4} C ${x(-w * 0.5)} ${n(y + 10)} ${x(-w * 0.28)} ${n(y + 7)} ${x(-w * 0.18)} ${n(y + 9 + tip)} Q ${x(0)} ${n(y + 13 + tip * 2)} ${x(w * 0.18)} ${n(y + 9 + tip)} C ${x(w * 0.28)} ${n(y + 7)} ${x(w * 0.5)} ${n(y + 10)} ${x(w * 0.74)} ${y + 4}`;
  const nostril = (s: 1 | -1): string => oval(500 + s * w * 0.44, y + 5.4, w * 0.2 + 1, 2.7, skin.deep, 0.72);
  return (
    `<path d="${bridge}" fill="url(#bridge)" fill-opacity="${0.55 + 0.35 * nose.bridge}"/>` +
    oval(500 + w * 0.62, y + 2, w * 0.6, 13, 'url(#wing)', 0.5) +
    oval(500, y + 16, w * 0.9, 8, 'url(#wing)', 0.45) +
    nostril(1) +
    nostril(-1) +
    line(underTip, skin.deep, 2.2, 0.42) +
    line(
      `M ${x(w - 1)} ${y - 9} C ${x(w + 4)} ${y - 2} ${x(w + 2)} ${y + 5} ${x(w * 0.78)} ${y + 6} M ${x(1 - w)} ${y - 9} C ${x(-w - 4)} ${y - 2} ${x(-w - 2)} ${y + 5} ${x(-w * 0.78)} ${y + 6}`,
      skin.deep,
      2.4,
      0.5,
    ) +
    oval(497, y - 6, 6 + 4 * tip, 6 + 2 * tip, 'url(#tip)') +
    fill(
      `M 497 ${y - 66} C 494 ${y - 44} ${n(494 + bend * 3)} ${y - 28} 495 ${y - 14} C 499 ${y - 14} ${n(500 + bend * 3)} ${y - 40} 501 ${y - 66} Z`,
      skin.light,
      0.5,
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
  const lines = (opacity: number, width: number, d: string): string => line(d, skin.deep, width, opacity * aged);
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
        lines(0.32, 2.2, `M 452 240 Q 500 233 548 240 M 458 254 Q 500 248 542 254`) +
        (p.bearded
          ? ''
          : lines(
              0.28,
              2.4,
              `M ${n(500 - m - 8)} ${mouth.y + 14} q -4 12 2 22 M ${n(500 + m + 8)} ${mouth.y + 14} q 4 12 -2 22`,
            )))
  );
}
