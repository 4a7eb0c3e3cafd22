import { bumpy, lerpCurves, waved } from '../draw/tube.js';
import { mirrored, mirrorPoints, n, type Point } from '../draw/light.js';
import { cap, fringe } from './cap.js';
import {
  art,
  bun,
  cloudBack,
  curlLines,
  curls,
  dome,
  type DomeLook,
  type HairArt,
  type HairBrush,
  type HairStyle,
  ropes,
  sheet,
  sheetOutline,
} from './sheet.js';
import { pulledBack } from './long-styles.js';

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

interface Crop extends DomeLook {
  /** Outline over the skull as heights above it, from the left temple over the top to the right one. */
  readonly rise: readonly [number, number, number, number, number];
  /** Hairline heights below the standard one: left temple, left, middle, right, right temple. */
  readonly drop?: readonly [number, number, number, number, number];
  /** Hair at the sides: full, or faded to the skin. */
  readonly faded?: boolean;
  readonly sideburn?: number;
  readonly sideWidth?: number;
}

/** Short hair: a dome combed from the hairline, with full or faded sides. */
function crop(b: HairBrush, look: Crop): HairArt {
  const { t, top } = b;
  const [r0, r1, r2, r3, r4] = look.rise;
  const [d0, d1, d2, d3, d4] = look.drop ?? [0, 0, 0, 0, 0];
  const burn = look.sideburn ?? 330;
  const w = look.sideWidth ?? 5;
  const faded = look.faded === true;
  const outer: Point[] = [
    ...(faded
      ? []
      : ([
          [500 - t - w * 0.2, burn + 8],
          [500 - t - w - 1, 280],
        ] as Point[])),
    [500 - t - (faded ? 0 : w), 226 - (faded ? 0 : 8)],
    [500 - t * 0.9 - r0 * 0.5, top + 52 - r0],
    [500 - t * 0.52, top + 8 - r1],
    [500, top - r2],
    [500 + t * 0.52, top + 8 - r3],
    [500 + t * 0.9 + r4 * 0.5, top + 52 - r4],
    [500 + t + (faded ? 0 : w), 226 - (faded ? 0 : 8)],
    ...(faded
      ? []
      : ([
          [500 + t + w + 1, 280],
          [500 + t + w * 0.2, burn + 8],
        ] as Point[])),
  ];
  const hairline: Point[] = [
    ...(faded
      ? []
      : ([
          [500 - t + 3, burn + 2],
          [500 - t + 8, 280],
        ] as Point[])),
    [500 - t + 11, 252 + d0],
    [500 - t + 27, 222 + d0],
    [500 - 46, 204 + d1],
    [500, 198 + d2],
    [500 + 46, 204 + d3],
    [500 + t - 27, 222 + d4],
    [500 + t - 11, 252 + d4],
    ...(faded
      ? []
      : ([
          [500 + t - 8, 280],
          [500 + t - 3, burn + 2],
        ] as Point[])),
  ];
  return art(b, {
    front: dome(b, outer, hairline, look),
    cast: sheetOutline(outer, hairline),
    over: faded ? fade(b, burn) : '',
    back: '',
    ears: true,
  });
}

/** Clipped sides that thin out downwards. */
function fade(b: HairBrush, burn: number): string {
  const { t, tone } = b;
  const side = `M ${n(500 - t - 6)} 196 L ${n(500 - t + 34)} 200 C ${n(500 - t + 14)} 244 ${n(500 - t + 12)} 290 ${n(500 - t + 8)} ${burn} L ${n(500 - t - 6)} ${burn} Z`;
  return (
    `<defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${tone.base}" stop-opacity="0.95"/><stop offset="0.55" stop-color="${tone.base}" stop-opacity="0.7"/><stop offset="1" stop-color="${tone.base}" stop-opacity="0.12"/></linearGradient></defs>` +
    `<path d="${side}" fill="url(#fade)"/><g transform="translate(1000 0) scale(-1 1)"><path d="${side}" fill="url(#fade)"/></g>`
  );
}

export const neatCrop: HairStyle = (b) => crop(b, { rise: [4, 18, 22, 20, 8], skew: 0.12, drop: [0, 8, 6, 0, 0] });
export const sidePart: HairStyle = (b) =>
  crop(b, { rise: [10, 30, 34, 26, 6], skew: -0.22, drop: [0, -4, 2, 10, 2], strands: 18 });
export const quiff: HairStyle = (b) =>
  crop(b, { rise: [2, 34, 52, 46, 12], skew: 0.2, faded: true, drop: [0, -2, 2, 4, 0], strands: 16 });
export const slickBack: HairStyle = (b) =>
  crop(b, { rise: [2, 20, 28, 20, 2], skew: 0, drop: [-4, -12, -8, -12, -4], strands: 20, sideWidth: 3 });
export const undercut: HairStyle = (b) =>
  crop(b, { rise: [-8, 30, 42, 30, -4], skew: -0.3, faded: true, drop: [-6, -8, -2, 4, 0], strands: 18 });
export const crew: HairStyle = (b) =>
  crop(b, { rise: [-2, 12, 16, 12, -2], faded: true, drop: [-4, -4, -6, -4, -4], strands: 22, reach: 0.5 });
export const receding: HairStyle = (b) =>
  crop(b, { rise: [0, 6, 8, 6, 0], drop: [-20, -30, 2, -30, -20], strands: 14, sideWidth: 6 });
export const balding: HairStyle = (b) => {
  const { t } = b;
  const left: Point[] = [
    [500 - t - 8, 336],
    [500 - t - 14, 284],
    [500 - t - 8, 236],
    [500 - t + 8, 204],
  ];
  const inner: Point[] = [
    [500 - t + 4, 334],
    [500 - t + 6, 290],
    [500 - t + 8, 252],
    [500 - t + 10, 210],
  ];
  const patch =
    sheet(b, left, inner, { strands: 4 }) + sheet(b, mirrorPoints(left), mirrorPoints(inner), { strands: 4 });
  return art(b, { front: patch, cast: '', back: '', ears: true });
};
export const bald: HairStyle = (b) => art(b, { ears: true });
export const buzz: HairStyle = (b) => {
  const { t, tone } = b;
  const d = `M ${n(500 - t - 4)} 324 L ${n(500 - t - 4)} 140 L ${n(500 + t + 4)} 140 L ${n(500 + t + 4)} 324 L ${n(500 + t - 7)} 324 C ${n(500 + t - 9)} 270 ${n(500 + t - 14)} 236 ${n(500 + t - 34)} 214 C 556 196 540 204 500 202 C 460 204 444 196 ${n(500 - t + 34)} 214 C ${n(500 - t + 14)} 236 ${n(500 - t + 9)} 270 ${n(500 - t + 7)} 324 Z`;
  return art(b, { over: `<path d="${d}" fill="${tone.base}" fill-opacity="0.84"/>`, ears: true });
};
/** Hair that falls over the forehead, full at the sides. */
export const softFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'ear', y: 262, volume: 32, width: 12, sweep: 0.5 });
  return art(b, { ...front, back: nape(b, 400), ears: true });
};
export const bowlFringe: HairStyle = (b) => {
  const front = fringe(b, { side: 'ear', y: 268, volume: 30, width: 16 });
  return art(b, { ...front, back: nape(b, 404), ears: true });
};
export const curtains: HairStyle = (b) => {
  const front = cap(b, { part: 500, low: 0.55, side: 'ear', volume: 34, width: 14, strands: 8 });
  return art(b, { ...front, back: nape(b, 408), ears: true });
};
export const commaHair: HairStyle = (b) => {
  const front = cap(b, { part: 548, low: 0.8, side: 'ear', volume: 34, width: 13, strands: 8 });
  return art(b, { ...front, back: nape(b, 400), ears: true });
};
export const wavyMedium: HairStyle = (b) => {
  const front = cap(b, { part: 470, low: 0.35, side: 'chin', curl: -6, volume: 34, width: 14, wave: 7, waves: 2 });
  return art(b, { ...front, back: nape(b, 480), ears: false });
};
export const pixie: HairStyle = (b) => {
  const front = cap(b, { part: 552, low: 0.62, side: 'ear', volume: 28, width: 9, strands: 9 });
  return art(b, { ...front, back: nape(b, 420), ears: true });
};
export const spiky: HairStyle = (b) => {
  const base = crop(b, { rise: [8, 24, 30, 24, 8], drop: [0, 4, 8, 4, 0], strands: 18 });
  let spikes = '';
  for (let i = 0; i < 9; i += 1) {
    const u = (i - 4) / 4;
    const x = 500 + u * b.t * 0.8;
    const y = b.top - 8 + u * u * 44;
    spikes += `M ${n(x - 17)} ${n(y + 16)} Q ${n(x + u * 8)} ${n(y - 10)} ${n(x + 10 + u * 16)} ${n(y - 24 - 6 * Math.sin(i * 2))} Q ${n(x + 14)} ${n(y)} ${n(x + 17)} ${n(y + 18)} Z `;
  }
  return { ...base, front: base.front.replace('</defs>', `</defs><path d="${spikes}" fill="url(#hair)"/>`) };
};
export const greyWaves: HairStyle = (b) =>
  crop(b, { rise: [14, 32, 36, 34, 16], skew: 0.3, drop: [0, -8, -2, -4, 0], strands: 20, sideWidth: 9 });

function nape(b: HairBrush, end: number): string {
  const side: Point[] = [
    [500 - b.t - 5, 290],
    [500 - b.t + 2, (290 + end) / 2],
    [500 - b.t + 34, end],
  ];
  return sheet(b, side, mirrorPoints(side), { fill: 'url(#hairback)', strands: 7, tips: 7, depth: 9 });
}
