import { resample } from '../draw/curves.js';
import { mix } from '../draw/colours.js';
import { line, n, type Point } from '../draw/shapes.js';
import type { Person } from '../person.js';

/** A finger from root to tip through its joints: it tapers, has a lit side, creases at the joints and a nail. */
export function finger(p: Person, joints: string, width: number, nail = false): string {
  const points = joints.split(', ').map((joint): Point => {
    const [x, y] = joint.split(' ').map(Number);
    return [x!, y!];
  });
  const spine = resample(points, 9);
  const left: Point[] = [];
  const right: Point[] = [];
  spine.forEach((point, i) => {
    const [before, after] = [spine[Math.max(0, i - 1)]!, spine[Math.min(8, i + 1)]!];
    const length = Math.max(1e-6, Math.hypot(after[0] - before[0], after[1] - before[1]));
    const [dx, dy] = [(after[0] - before[0]) / length, (after[1] - before[1]) / length];
    // Slightly fuller at the middle joint, narrow before the tip.
    const half = (width / 2) * (1.02 - 0.2 * (i / 8) + 0.05 * Math.sin((i / 8) * Math.PI * 2.2));
    left.push([point[0] - dy * half, point[1] + dx * half]);
    right.push([point[0] + dy * half, point[1] - dx * half]);
  });
  const tip = (width / 2) * 0.84;
  const b = right.at(-1)!;
  const path = (list: readonly Point[]): string => list.map(([x, y]) => `${n(x)} ${n(y)}`).join(' L ');
  const d = `M ${path(left)} A ${n(tip)} ${n(tip * 1.1)} 0 0 0 ${n(b[0])} ${n(b[1])} L ${path([...right].reverse())}`;
  const lit = spine.slice(1, 8).map(([x, y]): Point => [x - width * 0.14, y]);
  const { skin } = p;
  const end = spine.at(-1)!;
  const before = spine.at(-2)!;
  const length = Math.hypot(end[0] - before[0], end[1] - before[1]);
  const [dx, dy] = [(end[0] - before[0]) / length, (end[1] - before[1]) / length];
  const nailColour = p.nails ?? mix(skin.light, skin.blush, 0.22);
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI - 90;
  const nailAt = `translate(${n(end[0] + dx * width * 0.12)} ${n(end[1] + dy * width * 0.12)}) rotate(${n(angle)})`;
  const knuckle = spine[4]!;
  return (
    `<path d="${d}" fill="${skin.base}" stroke="${skin.deep}" stroke-opacity="0.75" stroke-width="2.2" stroke-linejoin="round"/>` +
    line(`M ${path(lit)}`, skin.light, width * 0.34, 0.55) +
    (nail
      ? line(
          `M ${n(knuckle[0] - dy * width * 0.26)} ${n(knuckle[1] + dx * width * 0.26)} Q ${n(knuckle[0] + dx * 2.4)} ${n(knuckle[1] + dy * 2.4)} ${n(knuckle[0] + dy * width * 0.26)} ${n(knuckle[1] - dx * width * 0.26)}`,
          skin.shade,
          1.8,
          0.8,
        ) +
        `<path transform="${nailAt}" d="M ${n(-width * 0.26)} ${n(-width * 0.34)} Q 0 ${n(-width * 0.48)} ${n(width * 0.26)} ${n(-width * 0.34)} L ${n(width * 0.24)} ${n(width * 0.1)} Q 0 ${n(width * 0.34)} ${n(-width * 0.24)} ${n(width * 0.1)} Z" fill="${nailColour}" stroke="${skin.shade}" stroke-width="1"/>` +
        `<path transform="${nailAt}" d="M ${n(-width * 0.12)} ${n(-width * 0.26)} L ${n(-width * 0.12)} ${n(width * 0.06)}" stroke="#ffffff" stroke-width="1.6" stroke-linecap="round" stroke-opacity="0.5"/>`
      : line(
          `M ${n(spine[5]![0] - dy * width * 0.3)} ${n(spine[5]![1] + dx * width * 0.3)} Q ${n(spine[5]![0] + dx * 3)} ${n(spine[5]![1] + dy * 3)} ${n(spine[5]![0] + dy * width * 0.3)} ${n(spine[5]![1] - dx * width * 0.3)}`,
          skin.shade,
          1.8,
          0.7,
        ))
  );
}

export const palm = (p: Person, d: string): string =>
  `<path d="${d}" fill="url(#hand)" stroke="${p.skin.deep}" stroke-opacity="0.75" stroke-width="2.4" stroke-linejoin="round" paint-order="stroke"/>`;
/** Hides the inner ends of finger outlines. */
export const patch = (p: Person, d: string): string => `<path d="${d}" fill="${p.skin.base}"/>`;
export const crease = (p: Person, d: string, opacity = 0.8): string => line(d, p.skin.shade, 2.2, opacity);
