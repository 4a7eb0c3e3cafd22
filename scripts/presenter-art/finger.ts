import { n, type Look } from './look.js';

/**
 * A finger: a rounded stroke over a slightly wider one in the shade colour, which separates it from its neighbour.
 * `from` its root to its tip, straight or through a third point: `"x y, x y"`.
 */
export function finger(look: Look, from: string, width: number, nail = false): string {
  const points = from.split(', ').map((point) => {
    const [x, y] = point.split(' ').map(Number);
    return [x!, y!] as const;
  });
  const path =
    points.length === 3
      ? `M ${points[0]!.join(' ')} Q ${points[1]!.join(' ')} ${points[2]!.join(' ')}`
      : `M ${points.map((p) => p.join(' ')).join(' L ')}`;
  const [tipX, tipY] = points.at(-1)!;
  const [fromX, fromY] = points.at(-2)!;
  const length = Math.hypot(tipX - fromX, tipY - fromY);
  const [dx, dy] = [(tipX - fromX) / length, (tipY - fromY) / length];
  const tip =
    nail && look.nails !== null
      ? `<path d="M ${n(tipX - dx * 3)} ${n(tipY - dy * 3)} L ${n(tipX + dx * width * 0.26)} ${n(tipY + dy * width * 0.26)}" stroke="${look.nails}" stroke-width="${n(width * 0.52)}" stroke-linecap="round"/>`
      : '';
  return (
    `<path d="${path}" fill="none" stroke="${look.skinShade}" stroke-width="${width + 4.5}" stroke-linecap="round" stroke-linejoin="round"/>` +
    `<path d="${path}" fill="none" stroke="${look.skin}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>${tip}`
  );
}

export const palm = (look: Look, d: string): string =>
  `<path d="${d}" fill="${look.skin}" stroke="${look.skinShade}" stroke-width="4.5" stroke-linejoin="round" paint-order="stroke"/>`;
/** Hides the inner ends of finger outlines. */
export const patch = (look: Look, d: string): string => `<path d="${d}" fill="${look.skin}"/>`;
export const crease = (look: Look, d: string, opacity = 0.8): string =>
  `<path d="${d}" fill="none" stroke="${look.skinShade}" stroke-width="2.6" stroke-linecap="round" opacity="${opacity}"/>`;
