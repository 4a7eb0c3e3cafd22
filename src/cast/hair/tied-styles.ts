import { mirrorPoints, type Point } from '../draw/shapes.js';
import { cap, type Cap } from './cap.js';
import { fringe } from './cap.js';
import { art, type HairBrush, type HairStyle } from './hair-art.js';
import { dome, sheet, sheetOutline } from './sheet.js';
import { backHair, braid, bun, cloudBack } from './tails.js';

/** Hair combed back from the forehead. */
export function pulledBack(b: HairBrush, look: { volume?: number; part?: number; high?: number } = {}): Cap {
  const { t } = b;
  const top = b.top - (look.volume ?? 16);
  const high = look.high ?? 0;
  const half: Point[] = [
    [500 - t - 3, 322],
    [500 - t - 9, 268],
    [500 - t - 3, 216],
    [500 - t * 0.72, top + 44],
    [500 - t * 0.36, top + 8],
    [500, top],
  ];
  const outer = [...half, ...mirrorPoints(half).reverse().slice(1)];
  const lineLeft: Point[] = [
    [500 - t + 5, 324],
    [500 - t + 9, 280],
    [500 - t + 13, 246],
    [500 - t + 32, 214 - high],
    [500 - 44, 195 - high],
    [500, 191 - high],
  ];
  const hairline = [...lineLeft, ...mirrorPoints(lineLeft).reverse().slice(1)];
  return { front: dome(b, outer, hairline, { strands: 18, reach: 0.96 }), cast: sheetOutline(outer, hairline) };
}

/** Loose strands before the ears soften hair that is tied back. */
function tendrils(b: HairBrush): string {
  const a: Point[] = [
    [500 - b.t + 12, 236],
    [500 - b.t - 2, 300],
    [500 - b.t - 1, 362],
    [500 - b.t + 8, 420],
  ];
  const c: Point[] = [
    [500 - b.t + 22, 232],
    [500 - b.t + 7, 300],
    [500 - b.t + 6, 360],
    [500 - b.t + 9, 420],
  ];
  return sheet(b, a, c, { strands: 1 }) + sheet(b, mirrorPoints(a), mirrorPoints(c), { strands: 1 });
}

export const lowBun: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.15, side: 'ear', volume: 18, width: 8 });
  return art(b, {
    right: front.right ?? '',
    front: front.front,
    cast: front.cast,
    back: bun(b, 500, 430, 64),
    ears: true,
  });
};
export const topBun: HairStyle = (b) => {
  const tied = pulledBack(b);
  return art(b, { front: tied.front + tendrils(b), cast: tied.cast, back: bun(b, 500, b.top - 34, 48), ears: true });
};
export const sleekBun: HairStyle = (b) => {
  const front = cap(b, { part: 456, low: 0.35, side: 'ear', volume: 14, width: 5 });
  return art(b, {
    right: front.right ?? '',
    front: front.front,
    cast: front.cast,
    back: bun(b, 548, 440, 52),
    ears: true,
  });
};
export const highPony: HairStyle = (b) => {
  const tied = pulledBack(b, { volume: 18 });
  const outer: Point[] = [
    [520, b.top - 26],
    [600, b.top - 34],
    [658, 210],
    [676, 330],
    [668, 450],
    [640, 560],
  ];
  const inner: Point[] = [
    [500, b.top + 10],
    [560, b.top + 30],
    [596, 240],
    [604, 340],
    [602, 440],
    [606, 548],
  ];
  return art(b, {
    front: tied.front + tendrils(b),
    cast: tied.cast,
    back: sheet(b, outer, inner, { strands: 8, tips: 4, depth: 24, sheen: [0.3, 0.45] }),
    ears: true,
  });
};
export const sidePony: HairStyle = (b) => {
  const front = cap(b, { part: 444, low: 0.5, side: 'ear', volume: 24, width: 11 });
  const outer: Point[] = [
    [604, 380],
    [652, 440],
    [668, 540],
    [652, 640],
    [616, 724],
  ];
  const inner: Point[] = [
    [584, 410],
    [604, 470],
    [604, 550],
    [596, 640],
    [590, 716],
  ];
  return art(b, {
    right: front.right ?? '',
    front: front.front + sheet(b, outer, inner, { strands: 6, tips: 3, depth: 22, sheen: [0.3, 0.46] }),
    cast: front.cast,
    back: backHair(b, { end: 430, width: 4, flare: -46, tips: 0 }),
    ears: true,
  });
};
export const ponyFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'ear', y: 270, volume: 22, width: 10, airy: true });
  const outer: Point[] = [
    [470, b.top - 20],
    [396, b.top - 24],
    [340, 220],
    [326, 340],
    [338, 450],
    [366, 540],
  ];
  const inner: Point[] = [
    [500, b.top + 14],
    [440, b.top + 36],
    [402, 250],
    [394, 340],
    [398, 440],
    [396, 532],
  ];
  return art(b, {
    ...front,
    back: sheet(b, outer, inner, { strands: 8, tips: 4, depth: 24, sheen: [0.3, 0.45] }),
    ears: true,
  });
};
export const crownBraid: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.15, side: 'ear', volume: 16, width: 8 });
  const arch: Point[] = [
    [500 - b.t - 4, 272],
    [500 - b.t + 8, 200],
    [500 - 62, b.top - 8],
    [500, b.top - 24],
    [500 + 62, b.top - 8],
    [500 + b.t - 8, 200],
    [500 + b.t + 4, 272],
  ];
  return art(b, {
    right: front.right ?? '',
    front: front.front + braid(b, arch, 38, b.tone.base),
    cast: front.cast,
    back: bun(b, 500, 440, 50),
    ears: true,
  });
};
export const puff: HairStyle = (b) => {
  const tied = pulledBack(b, { volume: 10 });
  return art(b, { front: tied.front, cast: tied.cast, back: cloudBack(b, 500, b.top - 26, 112, 82, 28), ears: true });
};
export const twoPuffs: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0, side: 'ear', volume: 10, width: 6 });
  return art(b, {
    right: front.right ?? '',
    front: front.front,
    cast: front.cast,
    back: cloudBack(b, 408, b.top - 22, 72, 66, 18) + cloudBack(b, 592, b.top - 22, 72, 66, 18),
    ears: true,
  });
};
export const manBun: HairStyle = (b) => {
  const tied = pulledBack(b, { volume: 14, high: 4 });
  return art(b, { front: tied.front, cast: tied.cast, back: bun(b, 500, b.top - 28, 38), ears: true });
};
