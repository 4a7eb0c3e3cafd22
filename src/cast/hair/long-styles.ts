import { mirrorPoints, type Point } from '../draw/shapes.js';
import { cap, fringe } from './cap.js';
import { art, type HairStyle } from './hair-art.js';
import { sheet } from './sheet.js';
import { backHair, braid, bun } from './tails.js';
import { pulledBack } from './tied-styles.js';

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
