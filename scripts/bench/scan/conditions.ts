import { between, form, maxiCode, pick, qr, QR_SIZES, type Random } from './code-shapes.js';
import { type Effect, throughJpeg } from './frame-effects.js';
import type { Frame, Placing, Rgb } from './paint-symbol.js';
import { roundShape, type Shape } from './symbol-shapes.js';

export interface Condition {
  readonly name: string;
  /** Longer side of the symbol without quiet zone, in pixels. */
  readonly sizes: readonly number[];
  shape(random: Random, size: number): Promise<Shape>;
  readonly place?: (random: Random, frame: Frame) => Partial<Placing>;
  readonly effects?: readonly Effect[];
}

/** Two equiluminant colours (BT.709), far apart in chroma. */
function equalLuma(random: Random): { dark: Rgb; light: Rgb } {
  const luma = between(random, 90, 130);
  const [axis, strength] = [between(random, 0, 2 * Math.PI), between(random, 35, 60)];
  const at = (sign: number): Rgb => {
    const cb = sign * strength * Math.cos(axis) * 0.7;
    const cr = sign * strength * Math.sin(axis);
    const r = luma + 1.5748 * cr;
    const b = luma + 1.8556 * cb;
    return [Math.round(r), Math.round((luma - 0.2126 * r - 0.0722 * b) / 0.7152), Math.round(b)];
  };
  const [dark, light] = [at(1), at(-1)];
  return [...dark, ...light].some((c) => c < 0 || c > 255) ? equalLuma(random) : { dark, light };
}

function faint(random: Random): { dark: Rgb; light: Rgb } {
  const contrast = between(random, 26, 60);
  const low = between(random, 20, 230 - contrast);
  const grey = (v: number): Rgb => [v, v, v];
  return { dark: grey(Math.round(low)), light: grey(Math.round(low + contrast)) };
}

/** A dark and a light colour as brands like them: the contrast in luma stays over 60 steps. */
function brandColours(random: Random): Partial<Placing> {
  const dark = (): Rgb =>
    pick<Rgb>(random, [
      [196, 20, 40],
      [20, 90, 190],
      [10, 120, 70],
      [120, 30, 140],
      [30, 30, 60],
      [225, 90, 10],
    ]);
  const light = pick<Rgb>(random, [
    [255, 255, 255],
    [255, 240, 200],
    [225, 240, 255],
    [250, 225, 235],
  ]);
  return { dark: dark(), dark2: dark(), light };
}

/** Two or three distortions at once, each below its maximum. */
function mixed(random: Random): Partial<Placing> {
  const some = <T extends object>(share: number, what: T): T | object => (random() < share ? what : {});
  return {
    degrees: between(random, 0, 360),
    ...some(0.5, { tilt: between(random, 10, 35), tiltAxis: between(random, 0, 360) }),
    ...some(0.3, { mirror: true }),
    ...some(0.3, { dark: [240, 240, 240], light: [30, 25, 40] }),
    ...some(0.4, { opacity: between(random, 0.5, 0.9) }),
    ...some(0.4, { blurModules: between(random, 0.2, 0.5) }),
    ...some(0.3, { curve: between(random, 20, 40) }),
    ...some(0.4, { shade: between(random, 0.2, 0.5), noise: between(random, 4, 16) }),
  };
}

const logoSizes = [90, 140, 220, 300];

/** Distortions of a code, one at a time; the position, a small rotation and the colours are random in all. */
export const CONDITIONS: readonly Condition[] = [
  { name: 'plain', sizes: QR_SIZES, shape: (r, s) => qr(r, s) },
  { name: 'rotated', sizes: QR_SIZES, shape: (r, s) => qr(r, s), place: (r) => ({ degrees: between(r, 0, 360) }) },
  {
    name: 'tilted',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s),
    place: (r) => ({ tilt: between(r, 20, 50), tiltAxis: between(r, 0, 360) }),
  },
  { name: 'mirrored', sizes: QR_SIZES, shape: (r, s) => qr(r, s), place: () => ({ mirror: true }) },
  {
    name: 'inverted',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s),
    place: () => ({ dark: [245, 245, 245], light: [15, 20, 30] }),
  },
  { name: 'no quiet zone', sizes: QR_SIZES, shape: (r, s) => qr(r, s, 0) },
  { name: 'dots', sizes: [60, ...logoSizes], shape: (r, s) => qr(r, s, 3, 'dots') },
  { name: 'rounded', sizes: [60, ...logoSizes], shape: (r, s) => qr(r, s, 3, 'rounded') },
  { name: 'logo', sizes: logoSizes, shape: (r, s) => qr(r, s, 3, pick(r, ['square', 'dots', 'rounded']), 0.24) },
  {
    name: 'half transparent',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s),
    place: (r) => ({ opacity: between(r, 0.3, 0.7) }),
  },
  {
    name: 'blurred',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s),
    place: (r) => ({ blurModules: between(r, 0.4, 0.85) }),
  },
  { name: 'low contrast', sizes: QR_SIZES, shape: (r, s) => qr(r, s), place: faint },
  { name: 'curved', sizes: QR_SIZES, shape: (r, s) => qr(r, s), place: (r) => ({ curve: between(r, 25, 60) }) },
  { name: 'equal luma', sizes: [60, 90, 140, 220, 300], shape: (r, s) => qr(r, s), place: equalLuma },
  {
    name: 'styled',
    sizes: [60, ...logoSizes],
    shape: (r, s) =>
      qr(
        r,
        s,
        pick(r, [0, 2, 4]),
        pick(r, ['dots', 'small dots', 'rounded', 'diamonds', 'bars']),
        s >= 90 && r() < 0.5 ? 0.22 : 0,
        pick(r, ['square', 'ring', 'rounded']),
      ),
    place: brandColours,
  },
  {
    name: 'artistic',
    sizes: logoSizes,
    shape: (r, s) => qr(r, s, pick(r, [0, 2]), 'artistic', 0),
    place: (r) => ({ degrees: between(r, -10, 10) }),
  },
  {
    name: 'clear light',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s, 0),
    place: (r) => (r() < 0.5 ? { clearLight: true } : { clearLight: true, dark: [250, 250, 250] }),
  },
  { name: 'mixed', sizes: QR_SIZES, shape: (r, s) => qr(r, s, pick(r, [0, 1, 4])), place: mixed },
  {
    name: 'JPEG',
    sizes: QR_SIZES,
    shape: (r, s) => qr(r, s),
    place: (r) => ({ degrees: between(r, 0, 360) }),
    effects: [throughJpeg(40, 80)],
  },
  { name: 'Micro QR', sizes: [40, 60, 90, 140], shape: form('MicroQRCode', 4, 10, 2) },
  { name: 'rMQR', sizes: [90, 140, 220, 300], shape: form('RMQRCode', 6, 20, 2) },
  { name: 'Data Matrix', sizes: [40, 60, 90, 140, 220], shape: form('DataMatrix', 6, 12, 2) },
  { name: 'Aztec', sizes: [40, 60, 90, 140, 220], shape: form('Aztec', 6, 12, 2) },
  { name: 'Data Matrix, mixed', sizes: [60, 90, 140], shape: form('DataMatrix', 6, 12, 1), place: mixed },
  { name: 'Aztec, mixed', sizes: [60, 90, 140], shape: form('Aztec', 6, 12, 1), place: mixed },
  { name: 'PDF417', sizes: [220, 300], shape: form('PDF417', 6, 24, 2) },
  { name: 'MaxiCode', sizes: [140, 220, 300], shape: maxiCode },
  {
    name: 'round',
    sizes: [120, 160, 220, 300],
    shape: async (r) => roundShape(Math.floor(r() * 1e9), pick(r, [36, 54, 72]), r() < 0.5),
    place: (r) => ({
      dark: pick<Rgb>(r, [
        [20, 20, 20],
        [7, 140, 80],
        [40, 90, 60],
      ]),
      degrees: between(r, -20, 20),
    }),
  },
  {
    name: 'round, tilted',
    sizes: [120, 160, 220, 300],
    shape: async (r) => roundShape(Math.floor(r() * 1e9), pick(r, [36, 54, 72]), r() < 0.5),
    place: (r) => ({ degrees: between(r, 0, 360), tilt: between(r, 10, 35), tiltAxis: between(r, 0, 360) }),
  },
];
