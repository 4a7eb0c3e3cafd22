import type { Sleeve } from '../body/limbs.js';
import type { Tone } from '../draw/colours.js';
import { dot, edged, fill, line, n } from '../draw/light.js';
import type { Person } from '../person.js';

/** Clothes on a person: the torso from the neck down, and the arms. */
export interface Outfit {
  readonly torso: string;
  readonly sleeve: Sleeve;
}

export interface Cloths {
  readonly main: Tone;
  readonly accent: Tone;
}

export interface OutfitPlan {
  readonly wear: (p: Person, c: Cloths) => Outfit;
  /** Colours when a spec names none. */
  readonly colour: string;
  readonly accent: string;
  /** Where it comes from, for lists. */
  readonly kind: 'business' | 'casual' | 'work' | 'sport' | 'evening' | 'traditional';
}

export const GOLD = '#d9a441';
export const WHITE = '#fdfaf6';

/** Trimmings that several outfits share. */

/** A fine chain with a pendant. */
export const pendant = (p: Person, y = 626, colour = '#e9bd58'): string =>
  line(
    `M ${n(500 - p.body.neck)} 530 C ${n(500 - p.body.neck + 10)} ${y - 40} 486 ${y - 6} 500 ${y - 4} C 514 ${y - 6} ${n(500 + p.body.neck - 10)} ${y - 40} ${n(500 + p.body.neck)} 530`,
    GOLD,
    2.4,
  ) +
  dot(500, y + 3, 7, colour) +
  dot(498, y + 1, 2.2, '#fff4cf');

/** Beads or pearls on an arc about the neck. */
export function beads(
  p: Person,
  colour: string,
  options: { count?: number; r?: number; drop?: number; y?: number } = {},
): string {
  const { count = 15, r = 6, drop = 62, y = 534 } = options;
  const half = p.body.neck + 14;
  let out = '';
  for (let i = 0; i < count; i += 1) {
    const t = (i - (count - 1) / 2) / ((count - 1) / 2);
    const [x, by] = [500 + half * t, y + drop * (1 - t * t)];
    out += dot(x, by, r, colour) + dot(x - r * 0.3, by - r * 0.3, r * 0.3, '#ffffff', 0.6);
  }
  return out;
}

/** A tie, knotted at (500, y). */
export const tie = (y: number, colour: string, shade: string, stripe?: string): string =>
  edged(`M 488 ${y + 22} L 474 ${y + 250} L 500 ${y + 300} L 526 ${y + 250} L 512 ${y + 22} Z`, colour, shade, 2.4) +
  (stripe === undefined
    ? ''
    : line(
        [60, 104, 148, 192, 236]
          .map((dy) => `M ${n(484 - dy * 0.03)} ${y + dy + 12} L ${n(516 + dy * 0.03)} ${y + dy - 12}`)
          .join(' '),
        stripe,
        7,
        0.8,
      )) +
  fill(`M 500 ${y + 24} L 512 ${y + 22} L 526 ${y + 250} L 500 ${y + 300} Z`, shade, 0.4) +
  edged(`M 482 ${y - 6} L 518 ${y - 6} L 510 ${y + 24} L 490 ${y + 24} Z`, colour, shade, 2.4);

export const bowTie = (y: number, colour: string, shade: string): string =>
  edged(
    `M 500 ${y} C 480 ${y - 20} 454 ${y - 24} 446 ${y - 18} L 446 ${y + 18} C 454 ${y + 24} 480 ${y + 20} 500 ${y} C 520 ${y - 20} 546 ${y - 24} 554 ${y - 18} L 554 ${y + 18} C 546 ${y + 24} 520 ${y + 20} 500 ${y} Z`,
    colour,
    shade,
    2.2,
  ) + edged(`M 490 ${y - 10} h 20 v 20 h -20 Z`, colour, shade, 2.2);

/** A row of stitched motifs between two points: crosses, diamonds, flowers or dots. */
export function motifs(
  kind: 'cross' | 'diamond' | 'flower' | 'dot' | 'wave',
  from: readonly [number, number],
  to: readonly [number, number],
  count: number,
  size: number,
  colours: readonly string[],
): string {
  let out = '';
  for (let i = 0; i < count; i += 1) {
    const t = count === 1 ? 0.5 : i / (count - 1);
    const x = from[0] + (to[0] - from[0]) * t;
    const y = from[1] + (to[1] - from[1]) * t;
    const colour = colours[i % colours.length]!;
    if (kind === 'dot') out += dot(x, y, size, colour);
    if (kind === 'cross')
      out += line(
        `M ${n(x - size)} ${n(y - size)} L ${n(x + size)} ${n(y + size)} M ${n(x + size)} ${n(y - size)} L ${n(x - size)} ${n(y + size)}`,
        colour,
        size * 0.6,
      );
    if (kind === 'diamond')
      out += fill(
        `M ${n(x)} ${n(y - size * 1.4)} L ${n(x + size)} ${n(y)} L ${n(x)} ${n(y + size * 1.4)} L ${n(x - size)} ${n(y)} Z`,
        colour,
      );
    if (kind === 'wave')
      out += line(
        `M ${n(x - size)} ${n(y)} q ${n(size * 0.5)} ${n(-size)} ${n(size)} 0 q ${n(size * 0.5)} ${n(size)} ${n(size)} 0`,
        colour,
        size * 0.34,
      );
    if (kind === 'flower') {
      for (let k = 0; k < 5; k += 1) {
        const a = (k * 2 * Math.PI) / 5 + i;
        out += dot(x + Math.cos(a) * size * 0.62, y + Math.sin(a) * size * 0.62, size * 0.46, colour);
      }
      out += dot(x, y, size * 0.36, '#f6d77c');
    }
  }
  return out;
}

/** The same motif scattered over the torso by a fixed pattern. */
export function scatter(
  kind: Parameters<typeof motifs>[0],
  p: Person,
  top: number,
  bottom: number,
  count: number,
  size: number,
  colours: readonly string[],
): string {
  let out = '';
  for (let i = 0; i < count; i += 1) {
    const u = (i * 0.618034) % 1;
    const v = (i + 0.5) / count;
    const x = 500 + (u - 0.5) * 2 * (p.body.waist + 30);
    const y = top + (bottom - top) * v;
    out += motifs(kind, [x, y], [x, y], 1, size * (0.8 + (0.4 * ((i * 7) % 5)) / 4), [colours[i % colours.length]!]);
  }
  return out;
}

/** Knotted cord buttons, one a row. */
export const frogs = (rows: readonly number[], x: number, colour: string, deep: string): string =>
  rows
    .map(
      (y) =>
        line(`M ${x - 30} ${y} q 15 -9 30 0 q 15 9 30 0`, deep, 6) +
        line(`M ${x - 30} ${y} q 15 -9 30 0 q 15 9 30 0`, colour, 3.6) +
        dot(x, y, 6, colour),
    )
    .join('');
