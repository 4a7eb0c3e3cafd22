import { bumpy, lerpCurves, waved } from '../draw/curves.js';
import { mirrored, mirrorPoints, type Point } from '../draw/shapes.js';
import { cap } from './cap.js';
import { art, type HairBrush, type HairStyle } from './hair-art.js';
import { pulledBack } from './tied-styles.js';
import { sheet } from './sheet.js';
import { bun, cloudBack, curlLines, curls, ropes } from './tails.js';

/** Tight curls that frame the forehead, between two arcs over the head. */
function curlyRim(b: HairBrush, top: number, side: number, low: number): { front: string; cast: string } {
  const { t } = b;
  const half: Point[] = [
    [500 - side, 330],
    [500 - side - 6, 268],
    [500 - side + 4, 200],
    [500 - side * 0.72, top + 36],
    [500 - side * 0.36, top + 4],
    [500, top],
  ];
  const outer = [...half, ...mirrorPoints(half).reverse().slice(1)];
  const inLeft: Point[] = [
    [500 - t + 2, 334],
    [500 - t + 7, 282],
    [500 - t + 16, 240 + low],
    [500 - 66, 208 + low],
    [500 - 30, 198 + low],
    [500, 204 + low],
  ];
  const inner = [...inLeft, ...mirrorPoints(inLeft).reverse().slice(1)];
  const d = `${bumpy(outer, 34)} ${bumpy([...inner].reverse(), 26, 'L', 1)} Z`;
  return { front: curls(b, d, curlLines(b, 500, top + 40, side * 0.82, 34, 60), 14, 0.16), cast: d };
}

export const afro: HairStyle = (b) => {
  const rim = curlyRim(b, b.top - 6, b.t + 8, 4);
  return art(b, { ...rim, back: cloudBack(b, 500, 262, 186, 172, 34), ears: true });
};
export const bigAfro: HairStyle = (b) => {
  const rim = curlyRim(b, b.top - 6, b.t + 10, 8);
  return art(b, { ...rim, back: cloudBack(b, 500, 268, 216, 196, 40), ears: false });
};
export const shortAfro: HairStyle = (b) => {
  const rim = curlyRim(b, b.top - 26, b.t + 8, -4);
  return art(b, { ...rim, back: '', ears: true });
};
export const curlyTop: HairStyle = (b) => {
  const { t } = b;
  const half: Point[] = [
    [500 - t + 2, 216],
    [500 - t - 2, 176],
    [500 - t * 0.72, b.top - 22],
    [500 - 40, b.top - 50],
    [500, b.top - 54],
  ];
  const outer = [...half, ...mirrorPoints(half).reverse().slice(1)];
  const inLeft: Point[] = [
    [500 - t + 12, 226],
    [500 - 70, 222],
    [500 - 34, 210],
    [500, 216],
  ];
  const inner = [...inLeft, ...mirrorPoints(inLeft).reverse().slice(1)];
  const d = `${bumpy(outer, 16)} ${bumpy([...inner].reverse(), 12, 'L', 1)} Z`;
  const sides = `M ${500 - t - 4} 330 L ${500 - t - 4} 200 L ${500 - t + 26} 196 C ${500 - t + 8} 250 ${500 - t + 12} 300 ${500 - t + 6} 330 Z`;
  const right = `M ${500 + t + 4} 330 L ${500 + t + 4} 200 L ${500 + t - 26} 196 C ${500 + t - 8} 250 ${500 + t - 12} 300 ${500 + t - 6} 330 Z`;
  return art(b, {
    front: curls(b, d, curlLines(b, 500, b.top + 10, t * 0.9, 58, 64)),
    cast: d,
    over: `<path d="${sides} ${right}" fill="${b.tone.base}" fill-opacity="0.72"/>`,
    ears: true,
  });
};
export const curlyBob: HairStyle = (b) => {
  const rim = curlyRim(b, b.top - 30, b.t + 22, 6);
  const lock = (dx: number): Point[] =>
    waved(
      [
        [500 - b.t - 18 + dx, 290],
        [500 - b.t - 30 + dx, 380],
        [500 - b.t - 26 + dx, 470],
        [500 - b.t - 6 + dx, 540],
      ],
      6,
      2,
    );
  const inner = lock(34);
  const outer = lock(-8);
  const left = `${bumpy(outer, 8, 'M', 0)} ${bumpy([...inner].reverse(), 8, 'L', 0)} Z`;
  const piece = curls(b, left, curlLines(b, 500 - b.t - 12, 420, 24, 110, 46));
  return art(b, {
    front: piece + rim.front,
    right: mirrored(piece),
    cast: rim.cast,
    back: cloudBack(b, 500, 350, b.t + 52, 206, 36),
    ears: false,
  });
};
export const curlyLong: HairStyle = (b) => {
  const front = cap(b, {
    part: 520,
    low: 0.3,
    side: 'long',
    curl: 8,
    volume: 36,
    width: 26,
    wave: 12,
    waves: 4.4,
    tips: 4,
  });
  return art(b, { ...front, back: cloudBack(b, 500, 420, b.t + 62, 262, 44), ears: false });
};

const strandsDown = (b: HairBrush, end: number, width: number, count: number): Point[][] => {
  const outer: Point[] = [
    [476, b.top - 6],
    [500 - b.t * 0.8, b.top + 36],
    [500 - b.t - 12, 250],
    [500 - b.t - 18, 400],
    [500 - b.t - width, 540],
    [500 - b.t - width + 10, end],
  ];
  const inner: Point[] = [
    [494, b.top + 22],
    [442, 216],
    [500 - b.t + 8, 290],
    [500 - b.t + 4, 400],
    [500 - b.t + 14, 540],
    [500 - b.t + 30, end - 8],
  ];
  return Array.from({ length: count }, (_, i) => lerpCurves(outer, inner, (i + 0.5) / count, 12));
};
/** The parted hair under braids, from the parting to the temples. */
const scalp = (b: HairBrush): string =>
  `<path d="M 500 ${b.top - 8} C ${500 - b.t * 0.7} ${b.top - 6} ${500 - b.t - 10} 196 ${500 - b.t - 8} 290 L ${500 - b.t + 8} 290 C ${500 - b.t + 12} 250 450 206 500 ${b.top + 34} C 550 206 ${500 + b.t - 12} 250 ${500 + b.t - 8} 290 L ${500 + b.t + 8} 290 C ${500 + b.t + 10} 196 ${500 + b.t * 0.7} ${b.top - 6} 500 ${b.top - 8} Z" fill="${b.tone.shade}"/>`;
export const boxBraids: HairStyle = (b) => {
  const left = strandsDown(b, 700, 20, 6);
  const right = left.map((lane) => mirrorPoints(lane));
  const backLeft = strandsDown(b, 690, 30, 7).map((lane) => lane.map(([x, y]): Point => [x + (500 - x) * 0.34, y]));
  return art(b, {
    front: scalp(b) + ropes(b, [...left, ...right], 11, '#d9a642'),
    cast: `M 380 330 L 400 200 L 500 ${b.top} L 600 200 L 620 330 L 596 260 L 500 196 L 404 260 Z`,
    back: `<ellipse cx="500" cy="250" rx="${b.t + 14}" ry="130" fill="url(#hairback)"/>${ropes(b, [...backLeft, ...backLeft.map((l) => mirrorPoints(l))], 12)}`,
    ears: false,
  });
};
export const locs: HairStyle = (b) => {
  const left = strandsDown(b, 566, 10, 5);
  const backLeft = strandsDown(b, 570, 22, 6).map((lane) => lane.map(([x, y]): Point => [x + (500 - x) * 0.3, y]));
  return art(b, {
    front: scalp(b) + ropes(b, [...left, ...left.map((lane) => mirrorPoints(lane))], 14),
    cast: `M 380 330 L 400 200 L 500 ${b.top} L 600 200 L 620 330 L 596 260 L 500 196 L 404 260 Z`,
    back: `<ellipse cx="500" cy="250" rx="${b.t + 12}" ry="126" fill="url(#hairback)"/>${ropes(b, [...backLeft, ...backLeft.map((l) => mirrorPoints(l))], 15)}`,
    ears: false,
  });
};
export const cornrows: HairStyle = (b) => {
  const tied = pulledBack(b, { volume: 8 });
  const rows: Point[][] = [-0.84, -0.5, -0.17, 0.17, 0.5, 0.84].map((u) => [
    [500 + u * b.t * 0.9, 196 + Math.abs(u) ** 2 * 52],
    [500 + u * b.t * 0.72, b.top + 14 + Math.abs(u) * 16],
    [500 + u * b.t * 0.3, b.top - 6],
  ]);
  return art(b, {
    front: tied.front + ropes(b, rows, 9),
    cast: tied.cast,
    back: bun(b, 500, b.top - 34, 50),
    ears: true,
  });
};
export const wavyPixie: HairStyle = (b) => {
  const front = cap(b, { part: 560, low: 0.75, side: 'ear', volume: 36, width: 14, wave: 3, waves: 2 });
  const nape: Point[] = [
    [500 - b.t - 4, 300],
    [500 - b.t + 6, 360],
    [500 - b.t + 36, 410],
  ];
  return art(b, {
    ...front,
    back: sheet(b, nape, mirrorPoints(nape), { fill: 'url(#hairback)', strands: 7, tips: 7, depth: 10 }),
    ears: true,
  });
};
