import { z } from 'zod';

const side = (describe: string) => z.number().min(0).max(0.45).optional().describe(describe);

/** The distance that text keeps from each edge, for `engine check`. */
export const safeArea = z
  .strictObject({
    left: side('Share of the width; default 0.02'),
    right: side('Share of the width; default 0.02'),
    top: side("Share of the height; default 0.1 in portrait, because of the platform's buttons, else 0.02"),
    bottom: side('Share of the height; default 0.2 in portrait, else 0.02'),
  })
  .describe('Margins in which `engine check` reports text');

/**
 * A length on the canvas. A number is pixels; `"40%"` is a share of the frame's width (for x, width) or height (for y,
 * height); `"5vmin"` is a share of the shorter side, which keeps a template's proportions in portrait and landscape.
 */
export const length = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(%|vmin)$/, 'expected a number of pixels, "40%" or "5vmin"')])
  .describe('Pixels as a number, or "40%" of the frame\'s width/height, or "5vmin" of its shortest side');
export type Length = z.infer<typeof length>;

/** A length in whole pixels. `axis` is the frame's width or height, `shortest` the smaller of both. */
export function resolveLength(value: Length, axis: number, shortest: number): number {
  if (typeof value === 'number') return Math.round(value);
  const share = Number.parseFloat(value) / 100;
  return Math.round(share * (value.endsWith('vmin') ? shortest : axis));
}

export const colour = z
  .string()
  .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/, 'expected "#rgb", "#rrggbb" or "#rrggbbaa"')
  .describe('Colour as "#rgb", "#rrggbb" or "#rrggbbaa"');

export const anchor = z
  .enum(['top-left', 'top', 'top-right', 'left', 'center', 'right', 'bottom-left', 'bottom', 'bottom-right'])
  .describe('The point of the frame and of the layer that x and y are measured between');
export type Anchor = z.infer<typeof anchor>;
