import { splitColour } from '../../../scene/text/text-svg.js';

type Rgb = readonly [r: number, g: number, b: number];

/** Blends a colour of the room file over an opaque colour. */
export function over(colour: string, under: Rgb): Rgb {
  const { rgb, alpha } = splitColour(colour);
  const value = Number.parseInt(rgb.slice(1), 16);
  const mix = (top: number, bottom: number): number => top * alpha + bottom * (1 - alpha);
  return [mix(value >> 16, under[0]), mix((value >> 8) & 255, under[1]), mix(value & 255, under[2])];
}

/** Relative luminance of sRGB, 0–1 (WCAG 2.2). */
function luminance(colour: Rgb): number {
  const linear = (v: number): number => {
    const c = v / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

/** Contrast ratio of two colours, 1–21 (WCAG 2.2). */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const la = luminance(a);
  const lb = luminance(b);
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
}

export interface TextPaint {
  readonly colour: string;
  readonly outline?: string | undefined;
  /** The panel under the letters. */
  readonly fill?: string | undefined;
}

/**
 * Contrast of letters to their background at its worst, without the worst tenth: a few dark pixels of a busy picture
 * don't make a text unreadable. `rgba` is the background of panel and letters.
 */
export function textContrast(rgba: Uint8Array, paint: TextPaint): number {
  const ratios: number[] = [];
  const pixels = rgba.length / 4;
  const step = Math.max(1, Math.floor(pixels / 2000));
  for (let i = 0; i < pixels; i += step) {
    const at = i * 4;
    const under: Rgb = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    const ground = paint.fill === undefined ? under : over(paint.fill, under);
    const letters = over(paint.colour, ground);
    const plain = contrastRatio(letters, ground);
    const outlined = paint.outline === undefined ? 0 : contrastRatio(letters, over(paint.outline, ground));
    ratios.push(Math.max(plain, outlined));
  }
  ratios.sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 10)] ?? 21;
}
