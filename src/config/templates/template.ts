import { z } from 'zod';
import { PLATFORMS, type Platform } from '../sections/platform.js';
import { safeArea } from '../sections/length.js';

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'expected "#rrggbb" in small letters');
const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'expected a file name in small letters');

const CHANGE_STYLES = ['pop', 'slide', 'wipe', 'fade'] as const;
export type ChangeStyle = (typeof CHANGE_STYLES)[number];

/** The languages that every template speaks. */
export const TEMPLATE_LANGUAGES = [
  'ar',
  'de',
  'en',
  'es',
  'fr',
  'hi',
  'id',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt',
  'ru',
  'th',
  'tr',
  'vi',
  'zh',
] as const;
export type TemplateLanguage = (typeof TEMPLATE_LANGUAGES)[number];

const text = (max: number) => z.string().min(1).max(max);
const templateLanguage = z.enum(TEMPLATE_LANGUAGES);

/** Sentences of the ticker and the badge, which a template picks by name. */
const LINE_TEXTS = ['own-logo', 'small-orders', 'questions'] as const;
const BADGE_TEXTS = ['samples', 'custom', 'order'] as const;

const textsOfLanguage = z.strictObject({
  label: text(60).optional().describe("AI label, where the language's own is too long for one line"),
  greeting: text(120).describe('First line of the show'),
  ticker: z.array(text(80)).min(1).max(8).describe('Texts of the ticker'),
  lines: z.record(z.enum(LINE_TEXTS), text(40)).describe('First texts of the ticker by name'),
  badges: z.record(z.enum(BADGE_TEXTS), text(24)).describe('Texts of the badge at the price by name'),
  example: text(40).describe('Subtitle of a placeholder product'),
  facts: z.array(text(80)).max(4).describe('What the placeholder listings state'),
});
export type TextsOfLanguage = z.infer<typeof textsOfLanguage>;

/** `templates/sets/texts.json`: the texts that all templates share. */
export const templateTexts = z
  .record(templateLanguage, textsOfLanguage)
  .describe('Texts of the templates in each language');
export type TemplateTexts = z.infer<typeof templateTexts>;

const product = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .describe('Name of the product in the room'),
  image: fileName.describe('Picture beside the template file'),
  other: fileName.optional().describe('Picture of its second colour, for comparisons'),
  detail: fileName.optional().describe('Picture for close-ups'),
  price: z.number().positive().describe('Price of one unit in US dollars'),
  unit: z.enum(['piece', 'set', 'pair', 'box']).describe('Unit of price and minimum order'),
  minimumOrder: z.int().min(1).describe('Minimum order in units'),
  material: z.string().min(1).optional().describe("Material, a word of the script writer's languages"),
  colours: z.array(z.string().min(1)).max(6).describe("Colours, words of the script writer's languages"),
  title: z.record(templateLanguage, z.string().min(1).max(60)).describe('Title in each language'),
});

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
  lean: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Where a narrow product stands in its place, beside the face: 1 at the right'),
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
  panel: place.describe('Price ladder and key attributes, in the place of the price while a line shows them'),
  question: place.describe("A viewer's question, on the lower edge, while it is answered"),
  side: z
    .strictObject({
      presenter: point,
      front: point,
      panel: point,
      question: point,
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
      question: point,
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
  'display',
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

/** `templates/sets/NAME/template.json`. */
export const template = z
  .strictObject({
    $schema: z.string().optional().describe('For editors only'),
    name: z.strictObject({ en: z.string().min(1).max(40), zh: z.string().min(1).max(20) }).describe('Name for people'),
    presenter: z.string().min(1).describe('Presenter under templates/presenters'),
    look: z
      .string()
      .min(1)
      .max(32)
      .optional()
      .describe("Clothes in place of the presenter's own: apron, chef, lab-coat"),
    brand: z
      .strictObject({
        primary: colour.describe('Ground of captions and ticker'),
        accent: colour.describe('Prices, highlights and trimmings; --brand takes its place'),
      })
      .describe("The template's own colours"),
    composition: z.enum(COMPOSITIONS).describe('Places of product, presenter and texts in each shot, in layouts.json'),
    letters: z
      .strictObject({
        price: colour.describe('The price, on the wall or the counter'),
        ink: colour.describe('Title and terms at the price'),
        stress: colour.describe('The word being spoken, and the price in a close-up comparison'),
        beside: colour.describe('The price of what stands beside the product'),
        ground: colour.describe('Scrim or paper under the price'),
        wall: z
          .tuple([colour, colour])
          .describe('The wall behind face and shoulders: ground of the presenter in a close-up'),
        landscape: z
          .strictObject({ price: colour, ink: colour, ground: colour })
          .partial()
          .optional()
          .describe('Colours that differ in landscape, where the price stands on the wall'),
      })
      .describe('Colours of the letters'),
    change: z.enum(CHANGE_STYLES).default('fade').describe('How the next product comes onto the stage'),
    badge: z.enum(BADGE_TEXTS).describe('Text of the badge, in texts.json'),
    line: z.enum(LINE_TEXTS).describe('First of the texts in turn, in texts.json'),
    music: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .describe('Music bed under templates/music'),
    products: z.array(product).min(1).max(10).describe('Placeholder products'),
  })
  .describe('A Showroom template: a set for one kind of goods');
export type Template = z.infer<typeof template>;

/** JSON Schema of a template file, for editors. */
export const templateSchema = (): unknown => z.toJSONSchema(template, { io: 'input' });
