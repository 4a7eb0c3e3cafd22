import type { Light } from '../../config/sections/daylight.js';
import type { Raster } from '../raster.js';

interface Mix {
  /** Share of the picture at night. */
  readonly night: number;
  /** Gains of red, green and blue. */
  readonly gains: readonly [number, number, number];
}

/** A low sun is warm; lamps are lit while it is still half bright outside. */
const MIXES: Readonly<Record<Light, Mix>> = {
  night: { night: 1, gains: [1, 1, 1] },
  dawn: { night: 0.34, gains: [1.02, 0.96, 0.97] },
  day: { night: 0, gains: [1, 1, 1] },
  evening: { night: 0.08, gains: [1.04, 0.95, 0.83] },
  dusk: { night: 0.6, gains: [1, 0.91, 0.87] },
};

/** Whether the picture at night is part of a light. */
export const needsNight = (light: Light): boolean => MIXES[light].night > 0;
export const needsDay = (light: Light): boolean => MIXES[light].night < 1;

/** A picture in a light, from the same picture by day and at night. Both have the same size. */
export function litRaster(day: Raster, night: Raster, light: Light): Raster {
  const { night: share, gains } = MIXES[light];
  const { width, height } = day;
  const tables = gains.map((gain) => Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.round(v * gain))));
  const [red, green, blue] = [tables[0]!, tables[1]!, tables[2]!];
  // In 1/256, so that every machine gives the same pixel.
  const dark = Math.round(share * 256);
  const rgba = new Uint8Array(day.rgba.length);
  const mixed = (i: number): number => (day.rgba[i]! * (256 - dark) + night.rgba[i]! * dark + 128) >> 8;
  for (let i = 0; i < rgba.length; i += 4) {
    rgba[i] = red[mixed(i)]!;
    rgba[i + 1] = green[mixed(i + 1)]!;
    rgba[i + 2] = blue[mixed(i + 2)]!;
    rgba[i + 3] = mixed(i + 3);
  }
  return { rgba, width, height };
}
