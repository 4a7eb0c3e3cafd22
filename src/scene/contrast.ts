import { splitColour } from './text/text-svg.js';

type Rgb = readonly [r: number, g: number, b: number];

/** A function that blends a colour of the room file over an opaque colour. */
function blender(colour: string): (under: Rgb) => Rgb {
  const { rgb, alpha } = splitColour(colour);
  const value = Number.parseInt(rgb.slice(1), 16);
  const [r, g, b] = [(value >> 16) * alpha, ((value >> 8) & 255) * alpha, (value & 255) * alpha];
  const rest = 1 - alpha;
  return (under) => [r + under[0] * rest, g + under[1] * rest, b + under[2] * rest];
}

/** Blends a colour of the room file over an opaque colour. */
export const over = (colour: string, under: Rgb): Rgb => blender(colour)(under);

const LEVELS = 256;
const LINEAR = Float64Array.from({ length: LEVELS + 1 }, (_, v) => {
  const c = v / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** Linear light of an sRGB value between two levels; a power for each of a million pixels would take seconds. */
function linear(v: number): number {
  const low = Math.floor(v);
  return LINEAR[low]! + (LINEAR[low + 1]! - LINEAR[low]!) * (v - low);
}

/** Relative luminance of sRGB, 0–1 (WCAG 2.2). */
const luminance = (colour: Rgb): number =>
  0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);

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
  const letter = blender(paint.colour);
  const panel = paint.fill === undefined ? undefined : blender(paint.fill);
  const outline = paint.outline === undefined ? undefined : blender(paint.outline);
  const pixels = rgba.length / 4;
  const step = Math.max(1, Math.floor(pixels / 2000));
  for (let i = 0; i < pixels; i += step) {
    const at = i * 4;
    const under: Rgb = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    const ground = panel ? panel(under) : under;
    const letters = letter(ground);
    const plain = contrastRatio(letters, ground);
    const outlined = outline ? contrastRatio(letters, outline(ground)) : 0;
    ratios.push(Math.max(plain, outlined));
  }
  ratios.sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 10)] ?? 21;
}
