import { z } from 'zod';
import { PLATFORMS, type Platform } from '../sections/platform.js';
import { safeArea } from '../sections/safe-area.js';

const spot = {
  x: z.int().describe('Pixels from the left edge'),
  y: z.int().describe('Pixels from the top edge'),
};
const point = z.strictObject(spot);
const place = z.strictObject({
  ...spot,
  width: z.int().min(1).describe('Width in pixels'),
  height: z.int().min(1).describe('Height in pixels'),
});
export type Place = z.infer<typeof place>;

const align = z.enum(['left', 'center', 'right']);
const standing = place.extend({
  share: z.number().min(0.02).max(0.8).describe('Share of the frame that it is to cover'),
});
export type StandingPlace = z.infer<typeof standing>;
const price = place.extend({
  size: z.int().min(24).describe('Size of the digits'),
  align,
  ground: z.enum(['none', 'scrim', 'paper']).describe('What lies under the letters'),
  terms: z.boolean().default(true).describe('Unit and minimum order below the price'),
});
export type PricePlace = z.infer<typeof price>;
const caption = place.extend({ lines: z.int().min(1).max(3).describe('Lines of a caption page'), align });
export type CaptionPlace = z.infer<typeof caption>;

const places = z.strictObject({
  width: z.int().min(64).describe('Width of the frame the places are given for'),
  height: z.int().min(64).describe('Height of that frame'),
  presenter: place,
  front: place.describe('Counter, plinth or bench, before the presenter'),
  trim: place.optional().describe('The edge of the counter, in the accent'),
  product: standing.describe("The current product's picture, on the counter's front edge"),
  price,
  badge: z
    .strictObject({ ...spot, height: z.int().min(1), align })
    .optional()
    .describe('Short text at the price'),
  caption,
  panel: place.describe('Price ladder and key attributes, while a line shows them'),
  side: z
    .strictObject({
      presenter: point,
      front: point,
      panel: point,
      products: z.tuple([standing, standing]),
      prices: z.tuple([price, price]),
      caption,
    })
    .describe('The comparison: what stands beside the product, and the product'),
  close: z
    .strictObject({
      window: place.describe('The frame through which the presenter is seen'),
      presenter: point,
      picture: standing,
      price,
      caption,
      panel: point,
      shade: z.tuple([place, place]).describe('A shade under the texts: where it comes in, and where it is whole'),
    })
    .describe('The close-up'),
  label: z.strictObject({ ...spot, width: z.int().min(1) }).describe('Place of the AI label, in two lines'),
  ticker: place.optional().describe('Short texts in turn'),
  logo: place.describe('Where a logo goes'),
});
export type LayoutPlaces = z.infer<typeof places>;

export const COMPOSITIONS = [
  'apparel',
  'beauty',
  'electronics',
  'food',
  'furniture',
  'jewellery',
  'kitchen',
  'machinery',
] as const;
export type Composition = (typeof COMPOSITIONS)[number];
export const ORIENTATIONS = ['portrait', 'landscape'] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** `templates/sets/layouts.json`: where the slots of a template stand, and the margins that platforms write into. */
export const templateLayouts = z.strictObject({
  compositions: z
    .record(z.enum(COMPOSITIONS), z.record(z.enum(ORIENTATIONS), places))
    .describe('Places by composition and orientation'),
  safeAreas: z
    .record(z.enum(Object.keys(PLATFORMS) as [Platform, ...Platform[]]), z.record(z.enum(ORIENTATIONS), safeArea))
    .describe('Margins that texts keep from the edges, by platform and orientation'),
});
export type TemplateLayouts = z.infer<typeof templateLayouts>;
