import { curve } from '../draw/tube.js';
import {
  clothForm,
  clothLight,
  clothShade,
  fill,
  gradientAlong,
  line,
  mirrored,
  mirrorPoints,
  n,
  type Point,
  softLine,
} from '../draw/light.js';
import type { Tone } from '../draw/colours.js';
import type { HeadwearMaker } from './hats.js';

const clothDefs = (c: Tone): string =>
  `<defs>${gradientAlong(
    'cloth',
    [400, 120],
    [610, 640],
    [
      [0, c.light],
      [0.28, c.base],
      [0.66, c.base],
      [1, c.shade],
    ],
  )}${gradientAlong(
    'clothback',
    [500, 160],
    [500, 640],
    [
      [0, c.deep],
      [1, c.shade],
    ],
  )}</defs>`;

/** The opening of a scarf around the face: from the forehead past the cheeks to below the chin. */
function opening(face: Parameters<HeadwearMaker>[0], brow: number, inset: number): Point[] {
  const { temple: t, cheek: c, jaw: j, jawY, chinY } = face;
  const half: Point[] = [
    [500, brow],
    [500 - t * 0.56, brow + 10],
    [500 - t + 10 + inset, brow + 56],
    [500 - c + 5 + inset, 334],
    [500 - j + inset * 0.6, jawY - 4],
    [500 - j * 0.52, chinY - 12],
    [500, chinY + 3],
  ];
  return [...half, ...mirrorPoints(half).reverse().slice(1, -1), half[0]!];
}

const ring = (outer: readonly Point[], inner: readonly Point[]): string => `${curve(outer)} Z ${curve(inner)} Z`;

/** A hijab that closes under the chin and lies over chest and shoulders. */
export const hijab: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const half: Point[] = [
    [500, 118],
    [500 - 78, 132],
    [500 - t - 14, 208],
    [500 - t - 24, 310],
    [500 - t - 20, 410],
    [500 - t - 36, 492],
    [500 - t - 62, 560],
    [500 - 130, 622],
    [500 - 60, 650],
    [500, 656],
  ];
  const outer = [...half, ...mirrorPoints(half).reverse().slice(1)];
  const inner = opening(face, 204, 2);
  const d = ring(outer, inner);
  return {
    back: '',
    front:
      clothDefs(c) +
      clothForm(d, c.base, {
        paint: 'url(#cloth)',
        size: 13,
        hasHole: true,
        over:
          line(curve(inner), accent.base, 5, 0.55) +
          softLine(curve(inner), clothShade(c.base), 3, 2, 0.5) +
          softLine(
            `M ${n(500 - t - 6)} 250 C ${n(500 - t - 12)} 340 ${n(500 - t - 2)} 430 ${n(500 - 62)} 482 C 470 504 540 508 590 476 M ${n(500 - t - 16)} 330 C ${n(500 - t - 16)} 430 ${n(500 - t)} 480 ${n(500 - 76)} 520 C 460 552 560 556 640 500 M ${n(500 - t - 30)} 480 C 420 560 520 610 660 548 M 470 140 C 420 150 ${n(500 - t + 4)} 190 ${n(500 - t - 4)} 250`,
            clothShade(c.base),
            5,
            2.4,
            0.54,
          ) +
          softLine(
            `M ${n(500 + t + 4)} 260 C ${n(500 + t + 16)} 350 ${n(500 + t + 6)} 440 590 476 M ${n(500 + t + 20)} 400 C ${n(500 + t + 14)} 470 620 520 560 600 M 600 500 C 640 540 620 600 580 640`,
            clothShade(c.base),
            5,
            2.4,
            0.5,
          ) +
          softLine(
            `M 452 140 C 412 158 ${n(500 - t + 2)} 206 ${n(500 - t - 8)} 290 M ${n(500 - t - 10)} 430 C 410 520 470 556 560 540`,
            clothLight(c.base),
            6,
            2.4,
            0.3,
          ) +
          fill(
            `M ${n(500 - face.jaw * 0.5)} ${face.chinY - 6} Q 500 ${face.chinY + 18} ${n(500 + face.jaw * 0.5)} ${face.chinY - 6} L ${n(500 + face.jaw * 0.6)} ${face.chinY + 24} Q 500 ${face.chinY + 52} ${n(500 - face.jaw * 0.6)} ${face.chinY + 24} Z`,
            c.deep,
            0.2,
          ),
      }),

    cast: d,
    hair: 'none',
    ears: false,
  };
};

/** A shayla: wrapped loosely, one end thrown over the shoulder. */
export const shayla: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const left: Point[] = [
    [500, 114],
    [418, 130],
    [500 - t - 20, 206],
    [500 - t - 34, 316],
    [500 - t - 28, 430],
    [500 - t - 50, 520],
    [500 - t - 74, 600],
    [400, 668],
    [470, 640],
  ];
  const right: Point[] = [
    [560, 660],
    [620, 780],
    [700, 770],
    [664, 600],
    [500 + t + 40, 470],
    [500 + t + 32, 320],
    [500 + t + 20, 206],
    [582, 130],
  ];
  const inner = opening(face, 200, -3);
  const d = `${curve([...left, ...right, left[0]!])} Z ${curve(inner)} Z`;
  return {
    back: '',
    front:
      clothDefs(c) +
      clothForm(d, c.base, {
        paint: 'url(#cloth)',
        size: 13,
        hasHole: true,
        over:
          line(curve(inner), accent.base, 7, 0.9) +
          softLine(curve(inner), clothShade(c.base), 3, 2, 0.5) +
          softLine(
            `M ${n(500 - t - 14)} 280 C ${n(500 - t - 20)} 400 ${n(500 - t)} 470 460 520 C 520 560 600 620 640 760 M ${n(500 - t - 26)} 420 C 390 540 470 600 560 640 M ${n(500 + t + 14)} 300 C ${n(500 + t + 24)} 420 600 500 520 530 M ${n(500 + t + 30)} 430 C 640 520 650 640 680 770 M 600 520 C 620 600 640 680 664 770`,
            clothShade(c.base),
            5,
            2.4,
            0.54,
          ) +
          line('M 620 778 L 700 768', accent.base, 9) +
          softLine(
            `M 440 142 C ${n(500 - t)} 180 ${n(500 - t - 12)} 250 ${n(500 - t - 16)} 320`,
            clothLight(c.base),
            6,
            2.4,
            0.3,
          ),
      }),

    cast: d,
    hair: 'none',
    ears: false,
  };
};

/** A dupatta or light shawl over the back of the head: the hair shows at the forehead. */
export const dupatta: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const outerHalf: Point[] = [
    [500, 106],
    [414, 120],
    [500 - t - 26, 200],
    [500 - t - 40, 330],
    [500 - t - 46, 460],
    [500 - t - 60, 580],
    [500 - t - 58, 720],
  ];
  const innerHalf: Point[] = [
    [500, 152],
    [440, 164],
    [500 - t + 2, 226],
    [500 - t - 12, 330],
    [500 - t - 8, 440],
    [500 - t + 20, 560],
    [500 - t + 34, 716],
  ];
  const shape = (o: readonly Point[], i: readonly Point[]): string => `${curve(o)} ${curve([...i].reverse(), 'L')} Z`;
  const d = `${shape(outerHalf, innerHalf)} ${shape(mirrorPoints(outerHalf), mirrorPoints(innerHalf))}`;
  const fold = softLine(
    `M ${n(500 - t - 18)} 260 C ${n(500 - t - 30)} 380 ${n(500 - t - 26)} 520 ${n(500 - t - 8)} 700 M ${n(500 - t - 32)} 420 C ${n(500 - t - 34)} 520 ${n(500 - t - 40)} 620 ${n(500 - t - 34)} 716`,
    clothShade(c.base),
    4.5,
    2.4,
    0.54,
  );
  return {
    back: `${clothDefs(c)}<path d="${curve(outerHalf)} L ${n(500 + t + 58)} 720 ${curve(mirrorPoints(outerHalf).reverse(), 'L')} Z" fill="url(#clothback)"/>`,
    front:
      clothDefs(c) +
      clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }) +
      line(curve(innerHalf), accent.base, 7) +
      line(curve(mirrorPoints(innerHalf)), accent.base, 7) +
      fold +
      mirrored(fold) +
      softLine(
        `M 440 132 C ${n(500 - t - 4)} 170 ${n(500 - t - 16)} 240 ${n(500 - t - 22)} 320`,
        clothLight(c.base),
        5,
        2.4,
        0.3,
      ),
    cast: d,
    hair: 'all',
    ears: true,
  };
};

/** A gele: a stiff headtie folded into a fan. */
export const gele: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const petals: string[] = [];
  const fan: readonly (readonly [number, number, number])[] = [
    [-60, 156, 1.08],
    [-37, 166, 1.16],
    [-14, 172, 1.2],
    [10, 170, 1.18],
    [33, 162, 1.12],
    [55, 146, 1.02],
  ];
  for (const [angle, length, wide] of fan) {
    const w = 54 * wide;
    petals.push(
      `<g transform="translate(500 232) rotate(${angle})"><path d="M ${n(-w * 0.34)} 0 C ${n(-w * 0.9)} ${-length * 0.5} ${n(-w)} ${-length * 0.9} ${n(-w * 0.5)} ${-length} Q 0 ${-length * 1.1} ${n(w * 0.56)} ${n(-length * 0.98)} C ${n(w)} ${-length * 0.86} ${n(w * 0.8)} ${-length * 0.46} ${n(w * 0.34)} 0 Z" fill="url(#cloth)" stroke="${c.deep}" stroke-width="2.4"/>` +
        softLine(
          `M ${n(-w * 0.1)} -20 C ${n(-w * 0.4)} ${-length * 0.5} ${n(-w * 0.5)} ${-length * 0.8} ${n(-w * 0.2)} ${-length * 0.98} M ${n(w * 0.1)} -20 C ${n(w * 0.3)} ${-length * 0.5} ${n(w * 0.5)} ${-length * 0.8} ${n(w * 0.3)} ${-length * 0.96}`,
          clothShade(c.base),
          5,
          2.4,
          0.54,
        ) +
        line(
          `M ${n(w * 0.3)} -30 C ${n(w * 0.6)} ${-length * 0.5} ${n(w * 0.74)} ${-length * 0.8} ${n(w * 0.5)} ${-length * 0.9}`,
          accent.base,
          4,
          0.8,
        ) +
        `</g>`,
    );
  }
  const band = `M ${n(500 - t - 12)} 270 C ${n(500 - t - 20)} 200 ${n(500 - t + 16)} 150 500 146 C ${n(500 + t - 16)} 150 ${n(500 + t + 20)} 200 ${n(500 + t + 12)} 270 C ${n(500 + t - 10)} 226 560 206 500 204 C 440 206 ${n(500 - t + 10)} 226 ${n(500 - t - 12)} 270 Z`;
  return {
    back: '',
    front:
      clothDefs(c) +
      petals.slice(0, 2).join('') +
      petals.slice(3).reverse().join('') +
      petals[2]! +
      clothForm(band, c.base, { paint: 'url(#cloth)', size: 13 }) +
      softLine(
        `M ${n(500 - t - 2)} 248 C 410 190 560 178 ${n(500 + t + 4)} 246 M ${n(500 - t + 2)} 226 C 420 168 560 160 ${n(500 + t)} 222`,
        clothShade(c.base),
        5,
        2.4,
        0.58,
      ) +
      line(`M ${n(500 - t - 6)} 262 C 420 206 580 206 ${n(500 + t + 6)} 262`, accent.base, 4, 0.9),
    cast: band,
    hair: 'back',
    ears: true,
  };
};

/** A headwrap knotted above the forehead. */
export const headwrap: HeadwearMaker = (face, c, accent) => {
  const t = face.temple;
  const d = `M ${n(500 - t - 10)} 282 C ${n(500 - t - 40)} 200 ${n(500 - t - 10)} 96 480 84 C 560 70 ${n(500 + t + 30)} 110 ${n(500 + t + 16)} 210 C ${n(500 + t + 16)} 240 ${n(500 + t + 12)} 262 ${n(500 + t + 8)} 282 C ${n(500 + t - 10)} 232 566 210 500 206 C 434 210 ${n(500 - t + 10)} 232 ${n(500 - t - 10)} 282 Z`;
  const knot = `M 470 160 C 430 90 440 40 486 56 C 500 20 560 30 556 76 C 604 70 600 120 552 150 C 536 176 490 180 470 160 Z`;
  return {
    back: '',
    front:
      clothDefs(c) +
      clothForm(d, c.base, { paint: 'url(#cloth)', size: 13 }) +
      softLine(
        `M ${n(500 - t - 4)} 264 C 400 180 480 140 520 130 M ${n(500 - t - 18)} 200 C 410 130 470 110 510 106 M ${n(500 + t + 4)} 262 C 600 190 560 150 520 140 M ${n(500 + t + 12)} 200 C 610 140 570 110 530 110`,
        clothShade(c.base),
        5.5,
        2.4,
        0.58,
      ) +
      line(`M ${n(500 - t)} 246 C 420 176 480 150 512 146`, accent.base, 6, 0.85) +
      line(`M ${n(500 + t)} 244 C 590 180 560 158 530 150`, accent.base, 6, 0.85) +
      clothForm(knot, c.base, { paint: 'url(#cloth)', size: 13 }) +
      softLine(
        'M 486 66 C 486 110 500 140 512 160 M 552 84 C 540 110 526 140 514 160 M 470 110 C 484 130 500 150 510 164',
        clothShade(c.base),
        4.5,
        2.4,
        0.58,
      ) +
      line('M 500 50 C 506 80 510 120 514 150', accent.base, 5, 0.8),
    cast: d,
    hair: 'back',
    ears: true,
  };
};
