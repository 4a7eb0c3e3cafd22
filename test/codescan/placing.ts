import type { Frame, Placing, Rgb } from '../../scripts/bench/scan/paint-symbol.js';

/** A symbol seen head-on: dark on light, flat, sharp and opaque. */
export const STRAIGHT: Omit<Placing, 'x' | 'y' | 'size'> = {
  degrees: 0,
  tilt: 0,
  tiltAxis: 0,
  curve: 0,
  mirror: false,
  dark: [20, 20, 20],
  light: [250, 250, 250],
  opacity: 1,
  blurModules: 0,
};

/** A frame of one colour. */
export function frameOf(width: number, height: number, ground: Rgb): Frame {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) rgba.set([...ground, 255], 4 * i);
  return { width, height, rgba };
}
