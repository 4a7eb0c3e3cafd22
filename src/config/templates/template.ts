import { z } from 'zod';
import { LAYOUTS } from './template-layout.js';
import { BADGE_TEXTS, BUBBLE_TEXTS, templateLanguage } from './template-texts.js';

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'expected "#rrggbb" in small letters');
const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'expected a file name in small letters');

export const CARD_STYLES = [
  'paper',
  'stacked',
  'framed',
  'night',
  'night-stacked',
  'night-framed',
  'brand',
  'brand-framed',
] as const;
export type CardStyle = (typeof CARD_STYLES)[number];
const BUBBLE_STYLES = ['cream', 'pill', 'square', 'glass', 'gold', 'tint', 'night', 'accent'] as const;
export type BubbleStyle = (typeof BUBBLE_STYLES)[number];
const CHANGE_STYLES = ['pop', 'slide', 'wipe', 'fade'] as const;
export type ChangeStyle = (typeof CHANGE_STYLES)[number];

const product = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .describe('Name of the product in the room'),
  image: fileName.describe('Picture beside the template file'),
  price: z.number().positive().describe('Price of one unit in US dollars'),
  unit: z.enum(['piece', 'set', 'pair', 'box']).describe('Unit of price and minimum order'),
  minimumOrder: z.int().min(1).describe('Minimum order in units'),
  material: z.string().min(1).optional().describe("Material, a word of the script writer's languages"),
  colours: z.array(z.string().min(1)).max(6).describe("Colours, words of the script writer's languages"),
  title: z.record(templateLanguage, z.string().min(1).max(60)).describe('Title in each language'),
});

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
    layout: z.enum(LAYOUTS).describe('Places of the slots, in layouts.json'),
    styles: z
      .strictObject({
        card: z.enum(CARD_STYLES).describe('Look of the price card'),
        bubble: z.enum(BUBBLE_STYLES).describe('Look of the speech bubble'),
        change: z.enum(CHANGE_STYLES).default('pop').describe('How the next product comes onto the stage'),
      })
      .describe('Looks by name'),
    texts: z
      .strictObject({
        bubble: z.enum(BUBBLE_TEXTS).describe('Text of the bubble, in texts.json'),
        badge: z.enum(BADGE_TEXTS).describe('Text of the badge, in texts.json'),
      })
      .describe('Texts by name'),
    music: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .describe('Music bed under templates/music'),
    stickers: z
      .array(z.string().regex(/^[a-z0-9-]+$/))
      .min(1)
      .max(4)
      .describe('Stickers under templates/stickers'),
    products: z.array(product).min(1).max(10).describe('Placeholder products'),
  })
  .describe('A Showroom template: a set for one kind of goods');
export type Template = z.infer<typeof template>;

/** JSON Schema of a template file, for editors. */
export const templateSchema = (): unknown => z.toJSONSchema(template, { io: 'input' });
