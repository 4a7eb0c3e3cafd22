import { fill, form, glow, gradientAlong, n, oval, softFill, softLine } from '../draw/light.js';
import { TURN, type FaceShape, type Person } from '../person.js';

/** The outline of the face, from the top of the skull clockwise; the chin stands where the face looks. */
export function facePath(f: FaceShape): string {
  const { temple: t, cheek: c, jaw: j, jawY, chin, chinY, topY } = f;
  const side = (s: 1 | -1): { x: (v: number) => string; low: (v: number) => string } => ({
    x: (v) => n(500 + s * v),
    low: (v) => n(500 + TURN.chin + s * v),
  });
  const r = side(1);
  const l = side(-1);
  const middle = n(500 + TURN.chin);
  return (
    `M 500 ${topY} C ${r.x(t * 0.58)} ${topY} ${r.x(t)} ${topY + 42} ${r.x(t)} ${topY + 112} ` +
    `C ${r.x(t + 1)} ${topY + 146} ${r.x(c + 1)} 300 ${r.x(c)} 330 ` +
    `C ${r.x(c - 2)} ${n(jawY - 34)} ${r.x(j + 9)} ${n(jawY - 22)} ${r.low(j - 3)} ${n(jawY)} ` +
    `C ${r.low(j - 18)} ${n(jawY + (chinY - jawY) * 0.5)} ${r.low(chin + 8)} ${chinY} ${middle} ${chinY} ` +
    `C ${l.low(chin + 8)} ${chinY} ${l.low(j - 15)} ${n(jawY + (chinY - jawY) * 0.46)} ${l.x(j)} ${n(jawY)} ` +
    `C ${l.x(j + 9)} ${n(jawY - 22)} ${l.x(c - 2)} ${n(jawY - 34)} ${l.x(c)} 330 ` +
    `C ${l.x(c + 1)} 300 ${l.x(t + 1)} ${topY + 146} ${l.x(t)} ${topY + 112} C ${l.x(t)} ${topY + 42} ${l.x(t * 0.58)} ${topY} 500 ${topY} Z`
  );
}

/**
 * Head with its modelling: light from the upper left, shade on the right cheek, in the sockets and under the jaw. `cast`
 * is the outline of the hair, whose shadow falls on the face.
 */
export function skull(p: Person, options: { ears: boolean; cast: string; over?: string }): string {
  const { face: f, skin, aged } = p;
  const d = facePath(f);
  const glint = p.skin.rimOpacity > 0.5 ? 0.26 : 0.34;
  const ear = (s: 1 | -1, narrow: number): string => {
    const e = (x: number): string => n(500 + s * (f.temple + x * narrow));
    const outline = `M ${e(-8)} 304 C ${e(6)} 280 ${e(29)} 284 ${e(27)} 318 C ${e(25)} 346 ${e(14)} 370 ${e(-8)} 366 Z`;
    return (
      form(outline, skin, {
        size: 8,
        shade: 0.55,
        key: 0.3,
        rim: s > 0 ? Math.min(0.75, skin.rimOpacity * 1.3) : skin.rimOpacity * 0.4,
        rimColour: skin.rim,
      }) +
      softLine(
        `M ${e(4)} 306 C ${e(16)} 294 ${e(21)} 312 ${e(15)} 330 C ${e(10)} 342 ${e(12)} 350 ${e(5)} 354`,
        skin.deep,
        2,
        1.2,
        0.5,
      )
    );
  };
  const socket = (x: number): string => oval(x, p.eye.y - 7, p.eye.halfWidth * 1.42, 25, 'url(#socket)');
  const x = (v: number): string => n(500 + v);
  const inside =
    softFill(
      `M ${x(-f.temple - 10)} 190 C ${x(-f.cheek * 0.74)} 290 ${x(-f.cheek * 0.78)} 380 ${x(-f.jaw * 0.5)} ${f.chinY - 8} L ${x(-f.cheek - 40)} ${f.chinY} Z`,
      skin.light,
      14,
      0.3,
      [-12, 0],
    ) +
    softFill(
      `M ${x(f.temple + 16)} 226 C ${x(f.cheek * 0.82)} 300 ${x(f.cheek * 0.86)} 390 ${x(f.jaw * 0.5)} ${f.chinY + 4} L ${x(f.cheek + 40)} ${f.chinY} Z`,
      skin.shade,
      13,
      0.5 + 0.1 * aged,
      [9, 0],
    ) +
    oval(490, 240, 60, 36, 'url(#lit)', 0.62) +
    socket(500 + TURN.face - p.eye.spacing) +
    socket(500 + TURN.face + p.eye.spacing) +
    (p.female
      ? ''
      : oval(500 + f.jaw * 0.86, 398, 24, 42, 'url(#hollow)', 0.7) +
        oval(500 - f.jaw * 0.92, 400, 20, 40, 'url(#hollow)', 0.5)) +
    oval(500 + TURN.face, f.chinY - 17, 27, 13, 'url(#lit)', 0.55) +
    (options.cast === '' ? '' : softFill(options.cast, skin.deep, 6, 0.46, [2, 7])) +
    (options.over ?? '');
  return (
    `<defs>${glow('socket', skin.shade, 0.34 + 0.36 * p.eye.depth)}${glow('lit', skin.light, 0.85)}${glow('hollow', skin.shade, 0.4 + 0.3 * aged)}` +
    gradientAlong(
      'rim',
      [0, 262],
      [0, 340],
      [
        [0, skin.rim, 0],
        [1, skin.rim, 1],
      ],
    ) +
    `</defs>` +
    (options.ears ? ear(-1, 1) + ear(1, 0.74) : '') +
    form(d, skin, { size: 16, shade: 0.5, key: 0.2, rim: skin.rimOpacity, rimColour: 'url(#rim)', inside }) +
    fill(
      `M ${x(-f.cheek * 0.66)} ${n(p.eye.y + 24)} q 7 -5 15 -4 q -3 7 -14 9 Z`,
      '#ffffff',
      p.bearded ? 0 : glint * 0.4,
    )
  );
}
