import { z } from 'zod';
import { PLATFORMS, type Platform } from '../sections/platform.js';
import { safeArea } from '../sections/safe-area.js';

const place = z.strictObject({
  x: z.int().describe('Pixels from the left edge'),
  y: z.int().describe('Pixels from the top edge'),
  width: z.int().min(1).describe('Width in pixels'),
  height: z.int().min(1).describe('Height in pixels'),
});
export type Place = z.infer<typeof place>;

const places = z.strictObject({
  width: z.int().min(64).describe('Width of the frame the places are given for'),
  height: z.int().min(64).describe('Height of that frame'),
  presenter: place,
  front: place.describe('Counter and product stage, before the presenter'),
  lights: place.describe('Lights out of focus, behind the presenter'),
  near: place.describe('Goods on the near side of the counter, out of focus'),
  picture: place.describe("The current product's picture, standing on the stage"),
  card: place.describe('Price card'),
  bubble: place.describe('Speech bubble'),
  badge: place.describe('Short text beside the product'),
  stickers: z.array(place).min(1).max(4).describe('Places of the stickers'),
  caption: place.extend({ lines: z.int().min(1).max(3).describe('Lines of a caption page') }),
  ticker: place,
  label: z.strictObject({ x: z.int(), y: z.int() }).describe('Place of the AI label'),
  logo: place.describe('Where a logo goes'),
});
export type LayoutPlaces = z.infer<typeof places>;

export const LAYOUTS = ['ticker-top', 'ticker-low'] as const;
export const ORIENTATIONS = ['portrait', 'landscape'] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** `templates/sets/layouts.json`: where the slots of a template stand, and the margins that platforms write into. */
export const templateLayouts = z.strictObject({
  layouts: z
    .record(z.enum(LAYOUTS), z.record(z.enum(ORIENTATIONS), places))
    .describe('Places by layout and orientation'),
  safeAreas: z
    .record(z.enum(Object.keys(PLATFORMS) as [Platform, ...Platform[]]), z.record(z.enum(ORIENTATIONS), safeArea))
    .describe('Margins that texts keep from the edges, by platform and orientation'),
});
export type TemplateLayouts = z.infer<typeof templateLayouts>;
