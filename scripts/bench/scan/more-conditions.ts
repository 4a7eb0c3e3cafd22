import { between, form, pick, qr, QR_SIZES, type Random } from './code-shapes.js';
import type { Condition } from './conditions.js';
import { covered, type Effect, glare, grain, motion, screenDoor, shadow, throughVideo } from './frame-effects.js';
import { makeCode } from './make-code.js';
import type { Frame, Placing, Rgb } from './paint-symbol.js';
import { matrixShape, otherRoundShape, type Shape } from './symbol-shapes.js';

/*
 * Conditions chosen independently of conditions.ts: light and lens, films, colours by name, perspective from near, and
 * the formats and sizes that conditions.ts leaves out.
 */

const MIDDLE = [60, 90, 140, 220] as const;
const plain = (name: string, effects: readonly Effect[], sizes: readonly number[] = MIDDLE): Condition => ({
  name,
  sizes,
  shape: (r, s) => qr(r, s),
  place: (r) => ({ degrees: between(r, 0, 360) }),
  effects,
});

/** Hues that designers set against each other. */
const HUE_PAIRS: readonly (readonly [number, number])[] = [
  [0, 120],
  [0, 180],
  [30, 200],
  [60, 250],
  [140, 320],
  [100, 290],
  [20, 280],
  [210, 350],
];

const WEIGHTS = { 709: [0.2126, 0.7152, 0.0722], 601: [0.299, 0.587, 0.114] } as const;

function hslToRgb(hue: number, saturation: number, lightness: number): Rgb {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** The colour of that hue with the luma nearest to the requested one. */
function ofLuma(hue: number, saturation: number, luma: number, weights: readonly number[]): Rgb {
  let [best, off] = [hslToRgb(hue, saturation, 0.5), Infinity];
  for (let step = 1; step < 400; step += 1) {
    const colour = hslToRgb(hue, saturation, step / 400);
    const away = Math.abs(colour.reduce((sum, v, c) => sum + v * weights[c]!, 0) - luma);
    if (away < off) [best, off] = [colour, away];
  }
  return best;
}

/** Two equiluminant hues, by the weights of either standard. */
function huePair(random: Random): Partial<Placing> {
  const [first, second] = pick(random, HUE_PAIRS);
  const weights = random() < 0.6 ? WEIGHTS[709] : WEIGHTS[601];
  const luma = between(random, 70, 150);
  const saturation = between(random, 0.55, 1);
  const [a, b] = [ofLuma(first, saturation, luma, weights), ofLuma(second, saturation, luma, weights)];
  return random() < 0.5 ? { dark: a, light: b } : { dark: b, light: a };
}

function gradient(random: Random): Partial<Placing> {
  const hue = between(random, 0, 360);
  return {
    dark: hslToRgb(hue, 0.8, between(random, 0.2, 0.4)),
    dark2: hslToRgb(hue + between(random, 60, 180), 0.8, between(random, 0.2, 0.4)),
    light: hslToRgb(hue + 90, 0.6, between(random, 0.88, 1)),
    degrees: between(random, -20, 20),
  };
}

/** A part of the code is outside the picture, at one side. */
function overTheEdge(random: Random, frame: Frame, size: number): Partial<Placing> {
  const out = size * between(random, 0.08, 0.2);
  const [low, along] = [random() < 0.5, random()];
  const at = (length: number): number => (low ? size / 2 - out : length - size / 2 + out);
  return random() < 0.5
    ? { x: at(frame.width), y: size * 0.7 + along * (frame.height - 1.4 * size) }
    : { y: at(frame.height), x: size * 0.7 + along * (frame.width - 1.4 * size) };
}

/** The maximum number of modules of 2 px at this size. */
async function highVersion(random: Random, size: number): Promise<Shape> {
  const version = Math.min(40, Math.floor((size / 2 - 17) / 4) - Math.floor(random() * 6));
  const text = Array.from({ length: version * version }, () => Math.floor(random() * 36).toString(36)).join('');
  return matrixShape(await makeCode(text, 'QRCode', `ecLevel=L,version=${version}`), 4);
}

export const MORE_CONDITIONS: readonly Condition[] = [
  { name: 'hue pairs', sizes: [60, 90, 140, 220], shape: (r, s) => qr(r, s), place: huePair },
  {
    name: 'hue pairs, turned',
    sizes: [60, 90, 140, 220],
    shape: (r, s) => qr(r, s),
    place: (r) => ({
      ...huePair(r),
      degrees: between(r, 0, 360),
      tilt: between(r, 0, 25),
      tiltAxis: between(r, 0, 360),
    }),
  },
  { name: 'gradient', sizes: MIDDLE, shape: (r, s) => qr(r, s, pick(r, [1, 4])), place: gradient },
  {
    name: 'seen from near',
    sizes: [60, 90, 140, 220],
    shape: (r, s) => qr(r, s),
    place: (r) => ({
      degrees: between(r, 0, 360),
      tilt: between(r, 25, 45),
      tiltAxis: between(r, 0, 360),
      distance: between(r, 1.6, 2.5),
    }),
  },
  plain('shadow', [shadow]),
  plain('glare', [glare]),
  plain('screen door', [screenDoor]),
  plain('camera noise', [grain]),
  plain('moved', [motion(33)]),
  plain('film', [throughVideo], QR_SIZES),
  {
    name: 'film of a worn code',
    sizes: MIDDLE,
    shape: (r, s) => qr(r, s, pick(r, [1, 4])),
    place: (r) => ({ degrees: between(r, 0, 360), opacity: between(r, 0.5, 0.9), blurModules: between(r, 0.2, 0.5) }),
    effects: [throughVideo],
  },
  {
    name: 'covered in part',
    sizes: [90, 140, 220, 300],
    shape: (r, s) => qr(r, s, 3, 'square', 0.02),
    place: (r) => ({ degrees: between(r, 0, 360) }),
    effects: [covered],
  },
  ...[140, 220, 300].map((size): Condition => ({
    name: 'over the edge',
    sizes: [size],
    shape: (r, s) => qr(r, s),
    place: (r, frame) => ({ ...overTheEdge(r, frame, size), degrees: 0 }),
  })),
  { name: 'high version', sizes: [300, 420, 560], shape: highVersion },
  { name: 'fills the frame', sizes: [600, 700], shape: (r, s) => qr(r, s), place: () => ({ degrees: 0 }) },
  {
    name: 'Micro QR, turned',
    sizes: [60, 90, 140],
    shape: form('MicroQRCode', 4, 10, 2),
    place: (r) => ({ degrees: between(r, 0, 360), tilt: between(r, 0, 25), tiltAxis: between(r, 0, 360) }),
  },
  {
    name: 'PDF417, turned',
    sizes: [220, 300],
    shape: form('PDF417', 6, 24, 2),
    place: (r) => ({ degrees: between(r, 0, 360), tilt: between(r, 0, 25), tiltAxis: between(r, 0, 360) }),
    effects: [throughVideo],
  },
  {
    name: 'round, drawn otherwise',
    sizes: [120, 160, 220, 300],
    shape: async (r) => otherRoundShape(r),
    place: (r) => ({ degrees: between(r, 0, 360) }),
  },
];
