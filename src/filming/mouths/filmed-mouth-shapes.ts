import sharp, { type WebpOptions } from 'sharp';
import { type Viseme, VISEMES } from '../../core/speech.js';
import type { MouthSpace } from '../face/mouth-space.js';
import type { Patch } from '../footage/sample-patch.js';

const smooth = (t: number): number => {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
};
const FEATHER_SHARE = 0.15;
const TOP_FEATHER_SHARE = 0.09;
/** How far inside the jaw the mouth's picture ends. */
const INSIDE_JAW = 0.86;
/** Heights between mouth and chin to which the jaw's width counts, and from which the chin's does. */
const JAW_TO = 0.92;
const CHIN_FROM = 0.6;
const CHIN_SHARE = 0.33;

/** Alpha 0…1 of a mouth's picture: full around the mouth, soft towards nose, jaw and neck. */
export function patchMask(space: MouthSpace): Float32Array {
  const { unit, top, left, width, height, chinY, halfWidth } = space;
  const out = new Float32Array(width * height);
  const bottom = top + height;
  // The chin moves, so the picture holds it with some neck; the jaw beside it stays the frame's own.
  const chinFrom = CHIN_FROM * chinY;
  for (let v = 0; v < height; v += 1) {
    const y = top + v + 0.5;
    const jaw = y < JAW_TO * chinY ? halfWidth[v]! * INSIDE_JAW : 0;
    const t = Math.max(0, (y - chinFrom) / (bottom - chinFrom));
    const chin = y < chinFrom ? 0 : CHIN_SHARE * unit * Math.sqrt(Math.max(0, 1 - t * t));
    const half = Math.min(-left, Math.max(jaw, chin));
    for (let u = 0; u < width; u += 1) {
      const x = Math.abs(left + u + 0.5);
      const side = smooth((half - x) / (FEATHER_SHARE * unit));
      const above = smooth((y - top) / (TOP_FEATHER_SHARE * unit));
      const below = smooth((bottom - y) / (0.12 * unit));
      out[v * width + u] = side * above * below;
    }
  }
  return out;
}

const MAX_COLUMNS = 16;
const QUALITY = 96;

/** All pictures of mouths on one sheet with their mask as alpha: WebP, near lossless. */
export async function writeMouthSheet(
  path: string,
  patches: readonly Patch[],
  masks: readonly Float32Array[],
): Promise<number> {
  const { width, height } = patches[0]!;
  // WebP has at most 16383 pixels a side.
  const columns = Math.min(patches.length, Math.max(MAX_COLUMNS, Math.ceil((patches.length * height) / 16_000)));
  const rows = Math.ceil(patches.length / columns);
  const sheet = Buffer.alloc(columns * width * rows * height * 4);
  patches.forEach(({ data }, i) => {
    const mask = masks[i]!;
    const left = (i % columns) * width;
    const top = Math.floor(i / columns) * height;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const from = y * width + x;
        const to = ((top + y) * columns * width + left + x) * 4;
        for (let k = 0; k < 3; k += 1) sheet[to + k] = Math.min(255, Math.max(0, Math.round(data[from * 3 + k]!)));
        sheet[to + 3] = Math.round(255 * mask[from]!);
      }
    }
  });
  await sharp(sheet, { raw: { width: columns * width, height: rows * height, channels: 4 } })
    .webp({ quality: QUALITY, alphaQuality: 100, smartSubsample: true, exact: true } as WebpOptions)
    .toFile(path);
  return columns;
}

/** A mouth to make: lengths are shares of the unit. */
export interface MouthShape {
  readonly viseme: Viseme;
  /** As a mouth track has it, 0–255. */
  readonly openness: number;
  /** −1 rounded … 1 spread. */
  readonly spread: number;
  /** Gap between the lips in the middle. */
  readonly gap: number;
  /** Outward shift of each corner. */
  readonly widen: number;
  /** Share of the gap by which the upper lip rises. */
  readonly up: number;
  /** How far the chin sinks. */
  readonly jaw: number;
  /** Lips pressed together, 0–1. */
  readonly press: number;
  /** Lower lip under the upper teeth, 0–1. */
  readonly tuck: number;
  /** Tongue raised, 0–1. */
  readonly tongue: number;
}

/** Gap of the widest vowel. */
const WIDEST_GAP = 0.17;
const MAX_OPENNESS = 235;
const SPREAD_SHIFT = 0.028;
const ROUND_SHIFT = 0.075;

interface Family {
  readonly visemes: readonly Viseme[];
  readonly spread: number;
  readonly levels: readonly number[];
  readonly tongue?: number;
}

/** Sounds that look alike share their pictures. */
const FAMILIES: readonly Family[] = [
  { visemes: ['aa', 'kk'], spread: 0, levels: [10, 24, 45, 75, 105, 140, 175, 205, 235] },
  { visemes: ['E'], spread: 0.5, levels: [12, 28, 50, 80, 110, 140, 165] },
  { visemes: ['I', 'SS'], spread: 1, levels: [12, 28, 45, 70, 95, 130] },
  { visemes: ['O'], spread: -0.6, levels: [14, 32, 60, 95, 130, 165, 199] },
  { visemes: ['U', 'CH', 'RR'], spread: -1, levels: [12, 28, 45, 75, 105, 135] },
  // On the way from a round mouth to an open one.
  { visemes: ['O'], spread: -0.3, levels: [20, 50, 90, 130, 170] },
  { visemes: ['DD', 'nn', 'TH'], spread: 0.3, levels: [25, 60, 95], tongue: 1 },
];

const closed = (viseme: Viseme, more: Partial<MouthShape>): MouthShape => ({
  viseme,
  openness: 0,
  spread: 0,
  gap: 0,
  widen: 0,
  up: 0.3,
  jaw: 0,
  press: 0,
  tuck: 0,
  tongue: 0,
  ...more,
});

/** All mouths made from a resting one. The first is the mouth at rest. */
export const MOUTH_SHAPES: readonly MouthShape[] = [
  closed('sil', {}),
  closed('PP', { press: 1 }),
  closed('FF', { openness: 45, gap: 0.022, up: 0.85, tuck: 1, jaw: 0.005 }),
  ...FAMILIES.flatMap(({ visemes, spread, levels, tongue = 0 }) =>
    levels.map((openness): MouthShape => {
      const gap = (WIDEST_GAP * openness) / MAX_OPENNESS;
      const shift = spread > 0 ? spread * SPREAD_SHIFT : spread * ROUND_SHIFT;
      // Rounding and spreading come with the first opening; a wide jaw draws the corners in.
      const early = Math.min(1, 0.45 + openness / 150);
      return {
        viseme: visemes[0]!,
        openness,
        spread,
        gap: gap * (spread <= -0.6 ? 0.92 : 1),
        widen: shift * early - 0.1 * gap,
        up: spread > 0.7 ? 0.3 : 0.24,
        jaw: 0.7 * gap,
        press: 0,
        tuck: 0,
        tongue,
      };
    }),
  ),
];

/** Mouth spread that each viseme wants, in the order of VISEMES. */
export const SPREAD_OF: Readonly<Record<Viseme, number>> = (() => {
  const of = Object.fromEntries(VISEMES.map((v) => [v, 0])) as Record<Viseme, number>;
  for (const family of FAMILIES) for (const v of family.visemes) if (of[v] === 0) of[v] = family.spread;
  return of;
})();

/** How the film's light falls: brightness of the skin and the colour of the lips, RGB 0–255. */
export interface InnerLight {
  readonly skin: readonly [number, number, number];
  readonly lips: readonly [number, number, number];
}

/** A place in the gap between the lips; lengths in pixels. */
interface InnerPlace {
  /** −1…1 from corner to corner. */
  readonly across: number;
  readonly x: number;
  readonly fromUpper: number;
  readonly fromLower: number;
  readonly belowLine: number;
  readonly unit: number;
  readonly shape: MouthShape;
}

const smoothstep = (from: number, to: number, x: number): number => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Lower edge of the upper teeth below the resting line of the lips, and width of a tooth, in shares of the unit. */
const TEETH_EDGE = 0.034;
const TOOTH = 0.082;
const LOWER_TEETH = 0.02;

/**
 * A drawn inner mouth: upper teeth that stay with the skull, a tongue and lower teeth that sink with the jaw, the rest
 * dark. Shade falls from the lips and grows towards the corners.
 */
export function innerMouth(place: InnerPlace, { skin, lips }: InnerLight, out: Float32Array): void {
  const { across, x, fromUpper, fromLower, belowLine, unit, shape } = place;
  const light = Math.min(1.1, (0.3 * skin[0] + 0.6 * skin[1] + 0.1 * skin[2]) / 190);
  const far = Math.abs(across);
  // Dark red, darkest at the top of the throat.
  const depth = 0.13 + 0.1 * smoothstep(0, 0.12 * unit, Math.max(0, belowLine));
  let r = lips[0] * depth + 6;
  let g = lips[1] * depth * 0.62 + 3;
  let b = lips[2] * depth * 0.66 + 4;
  const mix = (amount: number, cr: number, cg: number, cb: number): void => {
    r += (cr - r) * amount;
    g += (cg - g) * amount;
    b += (cb - b) * amount;
  };
  // Tongue.
  const high = (0.04 + 0.3 * shape.gap + 0.055 * shape.tongue) * unit * Math.sqrt(Math.max(0, 1 - (far / 0.8) ** 2));
  const onTongue = smoothstep(-0.012 * unit, 0.02 * unit, high - fromLower) * (1 - smoothstep(0.6, 0.85, far));
  const groove = 1 - 0.12 * Math.exp(-((x / (0.02 * unit)) ** 2));
  const tongueLight = (0.42 + 0.2 * shape.tongue) * groove * light;
  mix(onTongue * 0.85, 205 * tongueLight, 122 * tongueLight, 118 * tongueLight);
  // Lower teeth: a narrow edge behind the lower lip, seen in spread mouths.
  if (shape.spread > 0.2) {
    const edge = LOWER_TEETH * unit * (1 - 0.5 * far * far);
    const on = smoothstep(-1, 1, edge - fromLower) * (1 - smoothstep(0.45, 0.7, far)) * 0.5 * shape.spread;
    mix(on, 150 * light, 140 * light, 128 * light);
  }
  // Upper teeth.
  // Round lips cover the teeth instead of darkening them: their colour is the same in every mouth.
  const covered = 0.03 * smoothstep(0.25, 1, -shape.spread);
  const arc = (TEETH_EDGE - covered) * unit - 0.035 * unit * across * across - shape.up * shape.gap * unit * 0.1;
  const k = Math.abs(x) / (TOOTH * unit);
  const inTooth = Math.abs(((x / (TOOTH * unit) + 100) % 1) - 0) * 2 - 1;
  const edge = arc - (inTooth * inTooth > 0.7 ? 0.005 * unit : 0);
  const on = smoothstep(-1.1, 1.1, edge - belowLine) * (1 - smoothstep(0.72, 0.92, far));
  const between = 1 - 0.1 * smoothstep(0.82, 1, Math.abs(inTooth));
  const shade = light * between * (1 - 0.3 * far * far) * (1 - 0.04 * k);
  mix(on * 0.94, 226 * shade, 216 * shade, 203 * shade);
  // The lips' shade.
  const under = 0.45 + 0.55 * smoothstep(0, 0.035 * unit, fromUpper);
  const over = 0.72 + 0.28 * smoothstep(0, 0.018 * unit, fromLower);
  const corner = 1 - 0.4 * smoothstep(0.5, 1, far);
  const all = under * over * corner;
  // The corners are soft: the wet inside of the lips, not a black notch.
  const soft = 0.75 * smoothstep(0.7, 1, far);
  out[0] = r * all + (lips[0] * 0.5 - r * all) * soft;
  out[1] = g * all + (lips[1] * 0.42 - g * all) * soft;
  out[2] = b * all + (lips[2] * 0.44 - b * all) * soft;
}
