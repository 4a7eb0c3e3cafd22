import { seededRandom } from '../../../src/core/random.js';
import type { Modules } from './make-code.js';

/**
 * A symbol's ink over the unit square (0,0)–(1,1) that it covers without quiet zone: 1 dark, 0 light, undefined where
 * transparent. Called outside the square too, for the quiet zone.
 */
type Ink = (u: number, v: number) => number | undefined;

export interface Shape {
  readonly ink: Ink;
  /** Width over height. */
  readonly aspect: number;
  /** Size of a module as a share of the longer side. */
  readonly module: number;
}

export type ModuleStyle = 'square' | 'dots' | 'small dots' | 'rounded' | 'diamonds' | 'bars' | 'artistic';
/** The style of the finders: as in the standard, as rings, with round corners. */
export type FinderStyle = 'square' | 'ring' | 'rounded';

/** Modules as squares, dots or with rounded ends; `logo` is the share of the width covered by a disc, 0 for none. */
export function matrixShape(
  code: Modules,
  quiet: number,
  style: ModuleStyle = 'square',
  logo = 0,
  finders: FinderStyle = 'square',
): Shape {
  const { width, height, dark } = code;
  const at = (x: number, y: number): number => (x >= 0 && y >= 0 && x < width && y < height ? dark[y * width + x]! : 0);
  const inFinder = (x: number, y: number): boolean =>
    (x < 7 && y < 7) || (x >= width - 7 && y < 7) || (x < 7 && y >= height - 7);
  const ink: Ink = (u, v) => {
    const x = u * width;
    const y = v * height;
    if (x < -quiet || y < -quiet || x >= width + quiet || y >= height + quiet) return undefined;
    if (logo > 0) {
      const d = Math.hypot(u - 0.5, v - 0.5);
      if (d < logo / 2) return d < logo * 0.38 ? 0.6 : 0;
    }
    const mx = Math.floor(x);
    const my = Math.floor(y);
    const here = at(mx, my);
    if (inFinder(mx, my)) return finders === 'square' ? here : finderInk(x, y, width, height, finders);
    const dx = x - mx - 0.5;
    const dy = y - my - 0.5;
    // A picture shows between small dark and light squares on the modules' middles.
    if (style === 'artistic') return Math.max(Math.abs(dx), Math.abs(dy)) < 0.24 ? here : x < 0 ? 0 : undefined;
    if (here === 0 || style === 'square') return here;
    if (style === 'dots') return Math.hypot(dx, dy) < 0.46 ? 1 : 0;
    if (style === 'small dots') return Math.hypot(dx, dy) < 0.34 ? 1 : 0;
    if (style === 'diamonds') return Math.abs(dx) + Math.abs(dy) < 0.52 ? 1 : 0;
    if (style === 'bars') return Math.abs(dx) < 0.36 ? 1 : 0;
    // A corner is rounded where neither neighbour continues.
    const open = at(mx + Math.sign(dx), my) === 0 && at(mx, my + Math.sign(dy)) === 0;
    return open && Math.hypot(dx, dy) > 0.5 ? 0 : 1;
  };
  return { ink, aspect: width / height, module: 1 / Math.max(width, height) };
}

/** The finder that contains (x, y), in modules, as a ring around a disc or with corners of 2 modules' radius. */
function finderInk(x: number, y: number, width: number, height: number, style: FinderStyle): number {
  const dx = x < 7 ? x - 3.5 : x - (width - 3.5);
  const dy = y < 7 ? y - 3.5 : y - (height - 3.5);
  const round = (half: number, radius: number): boolean => {
    const [ox, oy] = [Math.abs(dx) - half + radius, Math.abs(dy) - half + radius];
    return Math.min(Math.max(ox, oy), 0) + Math.hypot(Math.max(ox, 0), Math.max(oy, 0)) <= radius;
  };
  const share = style === 'ring' ? 1 : 0.55;
  if (round(1.5, 1.5 * share)) return 1;
  return round(3.5, 3.5 * share) && !round(2.5, 2.5 * share) ? 1 : 0;
}

/**
 * A round mini-program or reward code: spokes of dots between two circles, a picture in the middle, ring
 * markers (1:1.5:1.05:1.5:1) at three corners of a square with a side of 6.5 markers, a logo at the fourth.
 */
export function roundShape(seed: number, spokes: number, card: boolean): Shape {
  const random = seededRandom(seed);
  const marker = 0.098;
  const unit = marker / 6.05;
  const half = (6.5 * marker) / 2;
  const rows = 9;
  const inner = 0.26;
  const bits = Uint8Array.from({ length: spokes * rows }, () => (random() < 0.55 ? 1 : 0));
  const ink: Ink = (u, v) => {
    const x = u - 0.5;
    const y = v - 0.5;
    const r = Math.hypot(x, y);
    if (card ? Math.abs(x) > 0.54 || Math.abs(y) > 0.54 : r > 0.54) return undefined;
    for (let corner = 0; corner < 4; corner += 1) {
      const mx = (corner & 1) === 0 ? -half : half;
      const my = corner < 2 ? -half : half;
      const d = Math.hypot(x - mx, y - my);
      if (corner === 3) {
        if (d < marker * 0.72) return 0.75;
        if (d < marker * 0.85) return 0;
      } else if (d < marker * 0.75) {
        const k = d / unit;
        return k < 0.525 || (k >= 2.025 && k < 3.025) ? 1 : 0;
      }
    }
    if (r < inner - 0.035) return 0.35 + 0.3 * Math.sin(7 * x + 3) * Math.cos(9 * y);
    if (r < inner || r > 0.5) return 0;
    const angle = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
    const spoke = Math.min(spokes - 1, Math.floor(angle * spokes));
    const across = (angle * spokes - spoke - 0.5) * ((2 * Math.PI * r) / spokes);
    const row = Math.min(rows - 1, Math.floor(((r - inner) / (0.5 - inner)) * rows));
    const along = (((r - inner) / (0.5 - inner)) * rows - row - 0.5) * ((0.5 - inner) / rows);
    if (bits[spoke * rows + row] === 0) return 0;
    const next = row + Math.sign(along);
    const joined = next >= 0 && next < rows && bits[spoke * rows + next] === 1;
    const width = Math.min(0.011, (Math.PI * inner) / spokes / 1.5);
    return (joined ? Math.abs(across) : Math.hypot(across, along)) < width ? 1 : 0;
  };
  return { ink, aspect: 1, module: unit };
}

/**
 * A round code drawn from memory: markers of other widths, rays that run through several rows, an empty middle or a
 * picture in it.
 */
export function otherRoundShape(random: () => number): Shape {
  const rays = 40 + Math.floor(random() * 45);
  const marker = 0.055 + random() * 0.02;
  // The dot and the gap around it, as shares of the marker's radius.
  const dot = 0.18 + random() * 0.22;
  const gap = 0.6 + random() * 0.08;
  const away = 0.3 + random() * 0.03;
  const inner = 0.2 + random() * 0.05;
  const bars = Array.from({ length: rays }, () => {
    const from = random() < 0.6 ? inner : inner + random() * 0.1;
    return { from, to: Math.min(0.48, from + 0.05 + random() * 0.25) };
  });
  const picture = random() < 0.6;
  const ink: Ink = (u, v) => {
    const [x, y] = [u - 0.5, v - 0.5];
    const r = Math.hypot(x, y);
    if (r > 0.53) return undefined;
    for (let corner = 0; corner < 3; corner += 1) {
      const angle = Math.PI * (0.25 + corner / 2);
      const d = Math.hypot(x - away * Math.cos(angle), y - away * Math.sin(angle)) / marker;
      if (d < 1.25) return d < dot || (d >= gap && d < 1) ? 1 : 0;
    }
    if (r < inner - 0.03) return picture ? 0.4 + 0.3 * Math.sin(9 * x) * Math.cos(7 * y) : 0;
    const angle = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
    const ray = Math.min(rays - 1, Math.floor(angle * rays));
    const across = (angle * rays - ray - 0.5) * ((2 * Math.PI * r) / rays);
    const { from, to } = bars[ray]!;
    return r > from && r < to && Math.abs(across) < Math.min(0.009, inner / rays) ? 1 : 0;
  };
  return { ink, aspect: 1, module: marker / 3 };
}
