import { fill, gradientAlong, line, n } from '../draw/shapes.js';
import { headY, type Person } from '../person.js';

/** Neck, shoulders' skin and collarbones, under any neckline, with the soft shadow that the head throws on them. */
export function neck(p: Person): string {
  const { skin, body, face, aged } = p;
  const half = body.neck;
  const chin = headY(face.chinY);
  const [sx] = body.shoulder;
  const x = (v: number): string => n(500 + v);
  const outline =
    `M ${x(-half)} 400 L ${x(-half)} 488 C ${x(-half - 3)} 518 ${x(-half - 26)} 532 ${x(-(sx - 500) * 0.72)} 552 C ${x(-(sx - 500) * 1.02)} 566 ${x(-(sx - 500) - 26)} 590 ${x(-(sx - 500) - 36)} 650 L ${x(-120)} 860 L ${x(120)} 860 L ${x(sx - 500 + 36)} 650 ` +
    `C ${x(sx - 500 + 26)} 590 ${x((sx - 500) * 1.02)} 566 ${x((sx - 500) * 0.72)} 552 C ${x(half + 26)} 532 ${x(half + 3)} 518 ${x(half)} 488 L ${x(half)} 400 Z`;
  const shadow = `M ${x(-half - 2)} 400 L ${x(-half - 2)} ${n(chin + 8)} C ${x(-half * 0.6)} ${n(chin + 44)} ${x(half * 0.3)} ${n(chin + 66)} ${x(half + 4)} ${n(chin + 46)} L ${x(half + 4)} 400 Z`;
  return (
    `<defs>${gradientAlong(
      'neckshade',
      [495, chin - 6],
      [508, chin + 66],
      [
        [0, skin.deep, 0.62],
        [0.34, skin.shade, 1],
        [0.75, skin.shade, 0.75],
        [1, skin.shade, 0.1],
      ],
    )}` +
    gradientAlong(
      'neckside',
      [500 - half, 0],
      [500 + half, 0],
      [
        [0, skin.shade, 0.75],
        [0.22, skin.shade, 0],
        [0.62, skin.shade, 0],
        [1, skin.shade, 0.8],
      ],
    ) +
    gradientAlong(
      'chestlight',
      [430, 540],
      [560, 720],
      [
        [0, skin.light, 0.55],
        [1, skin.base, 0],
      ],
    ) +
    `</defs>` +
    fill(outline, skin.base) +
    `<path d="${outline}" fill="url(#chestlight)"/>` +
    `<path d="M ${x(-half)} 400 L ${x(-half)} 500 Q 500 560 ${x(half)} 500 L ${x(half)} 400 Z" fill="url(#neckside)"/>` +
    `<path d="${shadow}" fill="url(#neckshade)"/>` +
    // The muscles from the ears to the breastbone, and the collarbones.
    line(
      `M ${x(half * 0.72)} ${n(chin + 34)} Q ${x(half * 0.56)} 536 ${x(12)} 566 M ${x(-half * 0.78)} ${n(chin + 30)} Q ${x(-half * 0.6)} 536 ${x(-12)} 566`,
      skin.shade,
      3,
      0.5 + 0.2 * aged,
    ) +
    line(
      `M ${x(16)} 572 C ${x(44)} 556 ${x(84)} 556 ${x(130)} 562 M ${x(-16)} 572 C ${x(-44)} 556 ${x(-84)} 556 ${x(-130)} 562`,
      skin.shade,
      4,
      0.65,
    ) +
    line(
      `M ${x(20)} 566 C ${x(48)} 550 ${x(84)} 550 ${x(126)} 556 M ${x(-20)} 566 C ${x(-48)} 550 ${x(-84)} 550 ${x(-126)} 556`,
      skin.light,
      2.4,
      0.5,
    ) +
    (p.female ? '' : fill(`M 493 ${n(chin + 36)} q 7 12 14 0 q -4 22 -7 22 q -5 0 -7 -22 Z`, skin.shade, 0.6)) +
    (aged > 0.4
      ? line(
          `M ${x(-half * 0.7)} ${n(chin + 42)} Q 500 ${n(chin + 54)} ${x(half * 0.7)} ${n(chin + 44)}`,
          skin.deep,
          2,
          0.3 * aged,
        )
      : '')
  );
}
