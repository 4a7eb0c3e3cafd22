import { mirrorPoints, type Point } from '../draw/light.js';
import { cap, type Cap, fringe } from './cap.js';
import {
  art,
  backHair,
  braid,
  bun,
  cloudBack,
  dome,
  type HairBrush,
  type HairStyle,
  sheet,
  sheetOutline,
} from './sheet.js';

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

/** Hair from the chin down to the chest. */
export const bob: HairStyle = (b) => {
  const front = cap(b, { part: 556, low: 0.45, side: 'bob', curl: 20, volume: 28, width: 18 });
  return art(b, { ...front, back: backHair(b, { end: 556, width: 14, flare: 4, tips: 5 }), ears: false });
};
export const bobFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'chin', y: 272, volume: 28, width: 20, curl: 16 });
  return art(b, { ...front, back: backHair(b, { end: 478, width: 18, flare: -4, tips: 5 }), ears: false });
};
export const lob: HairStyle = (b) => {
  const front = cap(b, { part: 474, low: 0.3, side: 'lob', curl: -8, volume: 26, width: 14, wave: 4, waves: 1.6 });
  return art(b, { ...front, back: backHair(b, { end: 600, flare: 10, tips: 6 }), ears: false });
};
export const longStraight: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.2, side: 'long', curl: 4, volume: 22, width: 10, tips: 4 });
  return art(b, { ...front, back: backHair(b, { end: 690, flare: 20 }), ears: false });
};
export const longSide: HairStyle = (b) => {
  const front = cap(b, { part: 562, low: 0.6, side: 'long', curl: 10, volume: 30, width: 14, wave: 5, waves: 1.3 });
  return art(b, { ...front, back: backHair(b, { end: 680, flare: 18, wave: 4 }), ears: false });
};
export const longWavy: HairStyle = (b) => {
  const front = cap(b, {
    part: 486,
    low: 0.25,
    side: 'long',
    curl: 6,
    volume: 32,
    width: 18,
    wave: 11,
    waves: 2.4,
    tips: 4,
  });
  return art(b, { ...front, back: backHair(b, { end: 676, width: 18, flare: 26, wave: 9 }), ears: false });
};
export const chestWavy: HairStyle = (b) => {
  const front = cap(b, {
    part: 548,
    low: 0.5,
    side: 'chest',
    curl: 10,
    volume: 34,
    width: 20,
    wave: 13,
    waves: 3,
    tips: 4,
  });
  return art(b, { ...front, back: backHair(b, { end: 720, width: 18, flare: 30, wave: 10 }), ears: false });
};
export const longFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'long', y: 276, curl: 4, volume: 22, width: 10 });
  return art(b, { ...front, back: backHair(b, { end: 690, flare: 18 }), ears: false });
};
export const airyFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'lob', y: 268, curl: 16, volume: 26, width: 13, airy: true, wave: 4 });
  return art(b, { ...front, back: backHair(b, { end: 604, flare: 8 }), ears: false });
};
export const curtainBangs: HairStyle = (b) => {
  const back = backHair(b, { end: 640, width: 16, flare: 20, wave: 7 });
  const sides = cap(b, { part: 500, low: 0.1, side: 'lob', curl: -12, volume: 30, width: 16, wave: 8, waves: 2 });
  const bang: Point[] = [
    [500, b.top + 2],
    [452, 200],
    [414, 252],
    [384, 318],
    [372, 352],
  ];
  const inner: Point[] = [
    [500, b.top + 30],
    [476, 216],
    [440, 258],
    [404, 304],
    [380, 350],
  ];
  const bangs =
    sheet(b, bang, inner, { strands: 4, sheen: [0.3, 0.5] }) +
    sheet(b, mirrorPoints(bang), mirrorPoints(inner), { strands: 4, sheen: [0.3, 0.5] });
  return art(b, { right: sides.right ?? '', front: sides.front + bangs, cast: sides.cast, back, ears: false });
};
export const halfUp: HairStyle = (b) => {
  const tied = pulledBack(b, { volume: 30 });
  const lock: Point[] = [
    [500 - b.t - 8, 300],
    [500 - b.t - 16, 420],
    [500 - b.t - 10, 540],
    [500 - b.t + 8, 668],
  ];
  const inner: Point[] = [
    [500 - b.t + 4, 306],
    [500 - b.t + 2, 420],
    [500 - b.t + 16, 540],
    [500 - b.t + 32, 660],
  ];
  const locks =
    sheet(b, lock, inner, { strands: 4, tips: 3, sheen: [0.3, 0.45] }) +
    sheet(b, mirrorPoints(lock), mirrorPoints(inner), { strands: 4, tips: 3, sheen: [0.3, 0.45] });
  return art(b, {
    front: tied.front + locks,
    cast: tied.cast,
    back: backHair(b, { end: 680, flare: 18 }) + bun(b, 500, b.top - 30, 34),
    ears: true,
  });
};
export const sideBraid: HairStyle = (b) => {
  const front = cap(b, { part: 452, low: 0.5, side: 'ear', volume: 28, width: 14 });
  const plait: Point[] = [
    [594, 396],
    [624, 470],
    [628, 560],
    [608, 650],
    [590, 740],
  ];
  return art(b, {
    right: front.right ?? '',
    front: front.front + braid(b, plait, 44, '#c8574f'),
    cast: front.cast,
    back: backHair(b, { end: 430, width: 6, flare: -46, tips: 0 }),
    ears: true,
  });
};
export const twoBraids: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.22, side: 'ear', volume: 22, width: 12 });
  const plait: Point[] = [
    [400, 392],
    [374, 470],
    [372, 560],
    [386, 650],
    [396, 716],
  ];
  return art(b, {
    right: front.right ?? '',
    front: front.front + braid(b, plait, 38, '#d99a3a') + braid(b, mirrorPoints(plait), 38, '#d99a3a'),
    cast: front.cast,
    back: backHair(b, { end: 420, width: 6, flare: -46, tips: 0 }),
    ears: true,
  });
};
export const manLong: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.05, side: 'bob', curl: -4, volume: 24, width: 8, wave: 5, waves: 1.6 });
  return art(b, { ...front, back: backHair(b, { end: 560, width: 10, flare: 6, wave: 5 }), ears: false });
};
