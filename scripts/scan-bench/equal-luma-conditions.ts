import { between, form, maxiCode, pick, type Random } from './code-shapes.js';
import { type Condition, equalLuma } from './conditions.js';
import { huePair } from './more-conditions.js';
import { makeCode } from './make-code.js';
import { matrixShape, roundShape, type Shape } from './symbol-shapes.js';

/*
 * Codes of all forms but QR in colours of one luma: a frame has them at half size only. What stands upright is in two colours
 * of exactly one luma, what is turned in two named hues.
 */

const round = async (random: Random): Promise<Shape> =>
  roundShape(Math.floor(random() * 1e9), pick(random, [36, 54, 72]), random() < 0.5);

/** Of 12 by 36 modules. */
const wide = async (random: Random): Promise<Shape> =>
  matrixShape(await makeCode(`A${Math.floor(random() * 1e6)}`, 'DataMatrix', 'forceSquare=false,version=28'), 2);

const FORMS = [
  { name: 'Data Matrix', sizes: [60, 90, 140, 200], shape: form('DataMatrix', 6, 12, 2) },
  { name: 'Aztec', sizes: [60, 90, 140, 200], shape: form('Aztec', 6, 12, 2) },
  { name: 'Micro QR', sizes: [60, 90, 140, 200], shape: form('MicroQRCode', 4, 10, 2) },
  // The least there is has 86 modules a row.
  { name: 'PDF417', sizes: [140, 200], shape: form('PDF417', 2, 12, 2) },
  { name: 'MaxiCode', sizes: [140, 200], shape: maxiCode },
  { name: 'round', sizes: [90, 120, 160, 200], shape: round },
] as const;

export const EQUAL_LUMA_CONDITIONS: readonly Condition[] = [
  { name: 'wide Data Matrix, equal luma', sizes: [90], shape: wide, place: equalLuma },
  ...FORMS.map(({ name, sizes, shape }) => ({ name: `${name}, equal luma`, sizes, shape, place: equalLuma })),
  ...FORMS.map(({ name, sizes, shape }) => ({
    name: `${name}, hue pairs, turned`,
    sizes,
    shape,
    place: (random: Random) => ({ ...huePair(random), degrees: between(random, 0, 360) }),
  })),
];
