import { mix } from '../draw/colours.js';
import { line, n } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** Brows at four heights; of a thinking face one drops. */
export function allBrows(p: Person): string {
  const { halfWidth: w, thickness: t, arch, tilt, y, spacing } = p.brows;
  const brow = (lift: number, bend: number): string => {
    const inner = 1 - bend;
    const d =
      `M ${n(-w)} ${n(inner)} C ${n(-w * 0.45)} ${n(-arch * 0.82 - bend * 0.4)} ${n(w * 0.25)} ${n(-arch * 1.3 - tilt * 0.5)} ${n(w)} ${n(3 - tilt)} ` +
      `C ${n(w * 0.4)} ${n(-arch * 1.15 + t * 0.72 - tilt * 0.4)} ${n(-w * 0.3)} ${n(-arch * 0.66 + t - bend * 0.4)} ${n(-w + 2)} ${n(inner + t * 0.95)} Q ${n(-w - 3)} ${n(inner + t * 0.5)} ${n(-w)} ${n(inner)} Z`;
    let hairs = '';
    for (let i = 0; i < 8; i += 1) {
      const u = i / 8;
      const x = -w + 3 + u * w * 1.5;
      const top = inner - arch * 0.9 * Math.sin(u * 1.9);
      hairs += `M ${n(x)} ${n(top + t * 0.9)} l ${n(1.4 + 4.6 * u)} ${n(-t * 0.8 + 3 * u)} `;
    }
    return (
      `<g transform="translate(0 ${n(-lift)})"><path d="${d}" fill="${p.brow}" fill-opacity="0.86"/>` +
      line(hairs, mix(p.brow, '#000000', 0.3), 1.2, 0.45) +
      `</g>`
    );
  };
  const pair = (id: string, right: string, left: string): string =>
    `<g id="${id}"><g transform="translate(${n(500 + spacing)} ${y}) scale(0.93 1)">${right}</g><g transform="translate(${n(500 - spacing)} ${y}) scale(-1 1)">${left}</g></g>`;
  return (
    pair('neutral', brow(0, 0), brow(0, 0)) +
    pair('lifted', brow(4, 0.5), brow(4, 0.5)) +
    pair('raised', brow(9, 1), brow(9, 1)) +
    pair('think', brow(8, 0), brow(-2, -3))
  );
}
