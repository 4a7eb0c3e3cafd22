import { both, dot, line, n } from '../draw/shapes.js';
import { edged } from '../draw/light.js';
import type { Person } from '../person.js';

export const EARRINGS = ['none', 'stud', 'pearl', 'hoop', 'big-hoop', 'drop', 'jhumka', 'tassel'] as const;
export type Earrings = (typeof EARRINGS)[number];

const GOLD = '#d8a640';
const GOLD_LIGHT = '#f8df93';

export function earrings(p: Person, kind: Earrings, colour: string): string {
  const x = 500 + p.face.temple + 8;
  const y = 370;
  switch (kind) {
    case 'none':
      return '';
    case 'stud':
      return both(dot(x, y - 6, 4.5, colour) + dot(x - 1.4, y - 7.4, 1.6, '#ffffff', 0.9));
    case 'pearl':
      return both(dot(x, y, 7.5, '#f3ece2') + dot(x - 2, y - 2.4, 2.6, '#ffffff') + dot(x, y - 9, 2.4, GOLD));
    case 'hoop':
      return both(ring(x, y + 8, 13, 4));
    case 'big-hoop':
      return both(ring(x + 1, y + 18, 23, 5));
    case 'drop':
      return both(
        line(`M ${n(x)} ${y - 4} v 14`, GOLD, 2.4) +
          edged(`M ${n(x)} ${y + 8} c 9 12 8 22 0 24 c -8 -2 -9 -12 0 -24 Z`, colour, GOLD, 2) +
          dot(x - 2, y + 22, 2.2, '#ffffff', 0.7),
      );
    case 'jhumka':
      return both(
        dot(x, y - 2, 5, GOLD) +
          edged(
            `M ${n(x - 12)} ${y + 20} C ${n(x - 11)} ${y + 4} ${n(x + 11)} ${y + 4} ${n(x + 12)} ${y + 20} Z`,
            GOLD,
            '#8f6a1e',
            1.6,
          ) +
          [-9, -3, 3, 9].map((dx) => dot(x + dx, y + 24, 2.6, colour)).join(''),
      );
    case 'tassel':
      return both(
        dot(x, y - 1, 5, GOLD) +
          [-5, -2.5, 0, 2.5, 5]
            .map((dx) => line(`M ${n(x + dx * 0.4)} ${y + 6} L ${n(x + dx)} ${y + 36}`, colour, 2.4))
            .join(''),
      );
  }
}

const ring = (x: number, y: number, r: number, width: number): string =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="none" stroke="${GOLD}" stroke-width="${width}"/><circle cx="${n(x)}" cy="${n(y)}" r="${r}" fill="none" stroke="${GOLD_LIGHT}" stroke-width="${width * 0.35}"/>`;
