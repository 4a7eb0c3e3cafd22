import { mirrorPoints, n, type Point } from '../draw/shapes.js';
import { cap, fringe } from './cap.js';
import { art, type HairArt, type HairBrush, type HairStyle } from './hair-art.js';
import { dome, sheet, sheetOutline, type DomeLook } from './sheet.js';

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
