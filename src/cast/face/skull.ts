import { edged, fill, glow, gradient, line, n, oval, both } from '../draw/shapes.js';
import type { FaceShape, Person } from '../person.js';

/** The outline of the face, from the top of the skull clockwise. */
function facePath(f: FaceShape): string {
  const { temple: t, cheek: c, jaw: j, jawY, chin, chinY, topY } = f;
  const half = (s: 1 | -1): readonly string[] => {
    const x = (v: number): string => n(500 + s * v);
    return [
      `C ${x(t * 0.58)} ${topY} ${x(t)} ${topY + 42} ${x(t)} ${topY + 112}`,
      `C ${x(t + 1)} ${topY + 146} ${x(c + 1)} 300 ${x(c)} 330`,
      `C ${x(c - 2)} ${n(jawY - 34)} ${x(j + 9)} ${n(jawY - 22)} ${x(j)} ${n(jawY)}`,
      `C ${x(j - 17)} ${n(jawY + (chinY - jawY) * 0.46)} ${x(chin + 8)} ${chinY} 500 ${chinY}`,
    ];
  };
  const left = (): string => {
    const x = (v: number): string => n(500 - v);
    return (
      `C ${x(chin + 8)} ${chinY} ${x(j - 17)} ${n(jawY + (chinY - jawY) * 0.46)} ${x(j)} ${n(jawY)} ` +
      `C ${x(j + 9)} ${n(jawY - 22)} ${x(c - 2)} ${n(jawY - 34)} ${x(c)} 330 ` +
      `C ${x(c + 1)} 300 ${x(t + 1)} ${topY + 146} ${x(t)} ${topY + 112} ` +
      `C ${x(t)} ${topY + 42} ${x(t * 0.58)} ${topY} 500 ${topY} Z`
    );
  };
  return `M 500 ${topY} ${half(1).join(' ')} ${left()}`;
}

/**
 * Head with its modelling: light from the upper left, shade along both sides, in the sockets and under the cheekbones.
 * `cast` is the outline of the hair, whose shadow falls on the forehead.
 */
export function skull(p: Person, options: { ears: boolean; cast: string; over?: string }): string {
  const { face: f, skin, aged } = p;
  const d = facePath(f);
  const e = (x: number): string => n(500 + f.temple + x);
  const ear =
    edged(
      `M ${e(-6)} 304 C ${e(6)} 280 ${e(30)} 284 ${e(28)} 318 C ${e(26)} 346 ${e(14)} 370 ${e(-8)} 366 Z`,
      skin.base,
      skin.shade,
      2,
    ) +
    fill(`M ${e(-8)} 300 C ${e(6)} 300 ${e(10)} 330 ${e(-2)} 366 L ${e(-12)} 366 Z`, skin.shade, 0.55) +
    line(
      `M ${e(2)} 304 C ${e(16)} 292 ${e(22)} 312 ${e(16)} 330 C ${e(10)} 342 ${e(12)} 350 ${e(4)} 354`,
      skin.shade,
      3.6,
      0.9,
    );
  const socket = (x: number): string => oval(x, p.eye.y - 5, p.eye.halfWidth * 1.5, 27, 'url(#socket)');
  return (
    `<defs>${gradient(
      'skin',
      [
        [0, skin.light],
        [0.5, skin.base],
        [1, skin.base],
      ],
      'x1="0.22" y1="0.05" x2="0.72" y2="1"',
    )}` +
    gradient(
      'right',
      [
        [0, skin.shade, 0],
        [0.66, skin.shade, 0],
        [0.9, skin.shade, 0.5],
        [1, skin.shade, 0.85],
      ],
      'x1="0" y1="0.35" x2="1" y2="0.5"',
    ) +
    gradient(
      'left',
      [
        [0, skin.shade, 0.55],
        [0.12, skin.shade, 0.18],
        [0.26, skin.shade, 0],
      ],
      'x1="0" y1="0.5" x2="1" y2="0.42"',
    ) +
    gradient('under', [
      [0, skin.shade, 0],
      [1, skin.shade, 0.7],
    ]) +
    glow('socket', skin.shade, 0.3 + 0.42 * p.eye.depth) +
    glow('lit', skin.light, 0.85) +
    glow('hollow', skin.shade, 0.34 + 0.3 * aged) +
    `<clipPath id="face"><path d="${d}"/></clipPath></defs>` +
    (options.ears ? both(ear) : '') +
    `<path d="${d}" fill="url(#skin)"/><g clip-path="url(#face)">` +
    `<path d="${d}" fill="url(#right)"/><path d="${d}" fill="url(#left)"/>` +
    oval(486, 222, 62, 34, 'url(#lit)', 0.7) +
    socket(500 - p.eye.spacing) +
    socket(500 + p.eye.spacing) +
    oval(500 + f.jaw * 0.86, 392, 30, 46, 'url(#hollow)') +
    oval(500 - f.jaw * 0.9, 394, 26, 44, 'url(#hollow)', 0.7) +
    `<path d="M 390 ${f.chinY - 34} C 450 ${f.chinY - 6} 550 ${f.chinY - 6} 610 ${f.chinY - 34} L 620 ${f.chinY + 8} L 380 ${f.chinY + 8} Z" fill="url(#under)" fill-opacity="0.75"/>` +
    oval(497, f.chinY - 22, 24, 13, 'url(#lit)', 0.55) +
    (options.cast === '' ? '' : `<g transform="translate(3 15)">${fill(options.cast, skin.shade, 0.62)}</g>`) +
    (options.over ?? '') +
    `</g>` +
    (p.bearded ? '' : line(d, skin.shade, 2, 0.55))
  );
}
