import { curve, waved } from '../draw/tube.js';
import { mirrorPoints, n, type Point } from '../draw/light.js';
import { type HairBrush, sheet, type SheetLook, sheetOutline } from './sheet.js';

/** How far the hair beside the face hangs. */
type Side = 'ear' | 'chin' | 'bob' | 'lob' | 'long' | 'chest';

const SIDE_END: Readonly<Record<Side, number>> = { ear: 326, chin: 452, bob: 548, lob: 604, long: 690, chest: 752 };

export interface CapLook {
  /** Where the hair parts. */
  readonly part: number;
  /** Height of the hair over the skull, and its width beside it. */
  readonly volume?: number;
  readonly width?: number;
  /** Depth at which the parted hair leaves the forehead: 0 high curtains … 1 low over the brows. */
  readonly low?: number;
  readonly side?: Side;
  /** Ends curl in (positive) or flip out (negative). */
  readonly curl?: number;
  readonly wave?: number;
  readonly waves?: number;
  readonly tips?: number;
  readonly strands?: number;
  readonly sheen?: SheetLook['sheen'] | null;
}

export interface Cap {
  readonly front: string;
  /** The mass on the right, which moves apart from the left one; `front` holds the left one. */
  readonly right?: string;
  readonly cast: string;
}

/** Hair that falls from a parting to both sides of the face. */
export function cap(b: HairBrush, look: CapLook): Cap {
  const left = half(b, look, look.part, false);
  const right = half(b, look, 1000 - look.part, true);
  return { front: left.front, right: right.front, cast: `${left.cast} ${right.cast}` };
}

/** The left half, or the right one mirrored. */
function half(b: HairBrush, look: CapLook, part: number, isMirrored: boolean): Cap {
  const { t } = b;
  const side = t + (look.width ?? 14);
  const top = b.top - (look.volume ?? 24);
  const low = look.low ?? 0.35;
  const end = SIDE_END[look.side ?? 'bob'];
  const curl = look.curl ?? 14;
  const x = (v: number): number => 500 - v;
  const reach = part - x(t); // from the parting to the temple
  // One contour for both halves, so that the parting leaves no notch.
  const roof = (at: number): number => top + 42 * ((at - 500) / (side * 0.74)) ** 2;
  const down: Point[] = [];
  const downIn: Point[] = [];
  if (look.side === 'ear') {
    down.push([x(side - 1), 270], [x(t + 3), 306], [x(t - 3), 330]);
    downIn.push([x(t - 6), 276], [x(t - 7), 306], [x(t - 5), 328]);
  } else {
    const steps = end > 600 ? 4 : end > 500 ? 3 : 2;
    for (let i = 0; i <= steps; i += 1) {
      const u = i / steps;
      const y = 280 + (end - 280) * u;
      const belly = Math.sin(u * Math.PI) * 6 + u * u * 4;
      down.push([x(side + 3 + belly - curl * 1.0 * u ** 4), y]);
      downIn.push([
        x(t - 14 - 2 * u + belly * 0.6 - (curl > 0 ? curl * 1.5 : curl * 0.4) * u ** 3 - 16 * u ** 6),
        y + 4 + (u === 1 ? 6 : 0),
      ]);
    }
  }
  let outer: Point[] = [
    [part, roof(part) + 3],
    [part - reach * 0.3, roof(part - reach * 0.3)],
    [x(side * 0.74), top + 42],
    [x(side * 0.95), top + 92],
    [x(side + 1), top + 150],
    ...down.filter(([, y]) => y > top + 165),
  ];
  let inner: Point[] = [
    [part, b.top + 26],
    [part - reach * 0.26, b.top + 56 + low * 26],
    [part - reach * 0.58, b.top + 80 + low * 46],
    [part - reach * 0.84, b.top + 112 + low * 52],
    ...downIn.filter(([, y]) => y > b.top + 124 + low * 52),
  ];
  if ((look.wave ?? 0) > 0) {
    outer = waved(outer, look.wave!, look.waves ?? 2.2, 0.4, 21);
    inner = waved(inner, look.wave! * 0.8, look.waves ?? 2.2, 0.7, 21);
  }
  if (isMirrored) [outer, inner] = [mirrorPoints(outer), mirrorPoints(inner)];
  const sheen = look.sheen === null ? undefined : (look.sheen ?? [0.2, 0.36]);
  return {
    front: sheet(b, outer, inner, {
      strands: look.strands ?? 7,
      tips: look.tips ?? (look.side === 'ear' ? 0 : 3),
      ...(sheen === undefined ? {} : { sheen }),
    }),
    cast: sheetOutline(outer, inner),
  };
}

export interface FringeLook {
  readonly y?: number;
  readonly volume?: number;
  readonly width?: number;
  readonly side?: Side;
  readonly curl?: number;
  readonly wave?: number;
  /** Gaps in the fringe, through which the forehead shows. */
  readonly airy?: boolean;
  /** The fringe falls to one side: −1 left … 1 right. */
  readonly sweep?: number;
}

/** A fringe over the forehead between two sides. */
export function fringe(b: HairBrush, look: FringeLook): Cap {
  const y = look.y ?? 274;
  const sides = cap(b, {
    part: 500,
    low: 0.2,
    volume: look.volume ?? 24,
    width: look.width ?? 14,
    side: look.side ?? 'bob',
    ...(look.curl === undefined ? {} : { curl: look.curl }),
    ...(look.wave === undefined ? {} : { wave: look.wave }),
  });
  const sweep = look.sweep ?? 0;
  const crown: Point = [500 - sweep * 40, b.top - (look.volume ?? 24) + 26];
  const count = look.airy === true ? 7 : 9;
  const soft = look.airy === true ? 0.5 : 0.8;
  const from = 500 - b.t + 10;
  const step = (2 * b.t - 20) / count;
  let locks = '';
  for (let i = 0; i < count; i += 1) {
    const centre = from + step * (i + 0.5) + sweep * 16;
    const u = (i + 0.5) / count - 0.5;
    const half = step * (look.airy === true ? 0.74 : 0.9);
    const tip = y + u * u * 34 + 5 * Math.sin(i * 2.2) + sweep * u * -34;
    const rootX = crown[0] + u * 92;
    const rootY = crown[1] + u * u * 120;
    const a: Point[] = [
      [rootX - half * 0.7, rootY],
      [centre - half - sweep * 8, (rootY + tip) / 2],
      [centre - half * soft + sweep * 6, tip],
    ];
    const c: Point[] = [
      [rootX + half * 0.7, rootY],
      [centre + half - sweep * 8, (rootY + tip) / 2],
      [centre + half * soft * 0.8 + sweep * 6, tip + 2],
    ];
    locks += sheet(b, a, c, { strands: 3, tips: 2, depth: look.airy === true ? 9 : 5, sheen: [0.42, 0.62] });
  }
  const roof = `<path d="${curve([
    [500 - b.t + 6, 250],
    [500 - b.t * 0.72, crown[1] + 40],
    [500, crown[1] - 12],
    [500 + b.t * 0.72, crown[1] + 40],
    [500 + b.t - 6, 250],
  ])} L ${n(500 + b.t * 0.6)} 214 Q 500 ${n(b.top + 40)} ${n(500 - b.t * 0.6)} 214 Z" fill="url(#hair)"/>`;
  // One soft shadow: that of every lock would look like a comb.
  const [l, r] = [500 - b.t + 8, 500 + b.t - 8];
  const outline = `M ${n(l)} 200 L ${n(l)} ${n(y + 6)} Q 500 ${n(y - 16)} ${n(r)} ${n(y + 6)} L ${n(r)} 200 Z`;
  return { front: roof + locks + sides.front, right: sides.right!, cast: `${outline} ${sides.cast}` };
}
