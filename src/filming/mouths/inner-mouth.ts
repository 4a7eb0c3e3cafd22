import type { MouthShape } from './filmed-mouth-shapes.js';

/** How the film's light falls: brightness of the skin and the colour of the lips, RGB 0–255. */
export interface InnerLight {
  readonly skin: readonly [number, number, number];
  readonly lips: readonly [number, number, number];
}

/** A place in the gap between the lips; lengths in pixels. */
export interface InnerPlace {
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
