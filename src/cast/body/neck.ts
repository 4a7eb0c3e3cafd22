import { form, softFill, softLine } from '../draw/light.js';
import { line, n } from '../draw/shapes.js';
import { headTransform, headY, TURN, type Person } from '../person.js';
import { facePath } from '../face/skull.js';

/** Neck, shoulders' skin and collarbones, under any neckline, with the shadow that the head throws on them. */
export function neck(p: Person): string {
  const { skin, body, face, aged } = p;
  const half = body.neck;
  const chin = headY(face.chinY);
  const [sx, sy] = body.shoulder;
  const x = (v: number): string => n(500 + v);
  const reach = sx - 500;
  const outline =
    `M ${x(-half)} 400 L ${x(-half)} 484 C ${x(-half - 2)} 520 ${x(-half - 30)} 536 ${x(-reach * 0.74)} ${sy - 62} C ${x(-reach - 2)} ${sy - 46} ${x(-reach - 4)} ${sy - 30} ${x(-reach - 2)} ${sy + 40} L ${x(-130)} 860 L ${x(130)} 860 L ${x(reach + 2)} ${sy + 40} ` +
    `C ${x(reach + 4)} ${sy - 30} ${x(reach + 2)} ${sy - 46} ${x(reach * 0.74)} ${sy - 62} C ${x(half + 30)} 536 ${x(half + 2)} 520 ${x(half)} 484 L ${x(half)} 400 Z`;
  const head = (dx: number, dy: number, colour: string, blur: number, opacity: number): string =>
    `<g transform="translate(${dx} ${dy}) ${headTransform}">${softFill(facePath(face), colour, blur, opacity)}</g>`;
  const muscles =
    softLine(
      `M ${x(-half * 0.74)} ${n(chin + 22)} C ${x(-half * 0.6)} ${n(chin + 50)} ${x(-26)} 552 ${x(-6)} 574`,
      skin.shade,
      4,
      2.6,
      0.3,
    ) +
    softLine(
      `M ${x(half * 0.84)} ${n(chin + 18)} C ${x(half * 0.7)} ${n(chin + 50)} ${x(28)} 552 ${x(12)} 574`,
      skin.shade,
      5,
      2.6,
      0.42,
    ) +
    softLine(`M ${x(-112)} 562 C ${x(-70)} 556 ${x(-40)} 562 ${x(-10)} 580`, skin.light, 4, 2, 0.36) +
    softLine(`M ${x(-114)} 570 C ${x(-70)} 564 ${x(-40)} 570 ${x(-10)} 590`, skin.shade, 4, 2, 0.42) +
    softLine(`M ${x(118)} 566 C ${x(76)} 558 ${x(44)} 566 ${x(18)} 582`, skin.shade, 4, 2, 0.42) +
    (p.female ? '' : softLine(`M ${x(TURN.chin)} ${n(chin + 30)} q 5 12 0 24`, skin.shade, 7, 3, 0.35)) +
    (aged > 0.4
      ? line(
          `M ${x(-half * 0.66)} ${n(chin + 34)} Q ${x(6)} ${n(chin + 46)} ${x(half * 0.7)} ${n(chin + 36)}`,
          skin.shade,
          2,
          0.5 * aged,
        )
      : '');
  return form(outline, skin, {
    size: 15,
    shade: 0.5,
    key: 0.34,
    rim: skin.rimOpacity * 0.7,
    rimColour: skin.rim,
    // The neck is darker than the face: the shadow of the head, close and wide.
    inside: head(14, 66, skin.shade, 16, 0.5) + head(10, 40, skin.deep, 9, 0.5) + muscles,
  });
}
