import { z } from 'zod';
import { COMPOSITIONS } from './template-layout.js';
import { BADGE_TEXTS, LINE_TEXTS, templateLanguage } from './template-texts.js';

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'expected "#rrggbb" in small letters');
const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'expected a file name in small letters');

const CHANGE_STYLES = ['pop', 'slide', 'wipe', 'fade'] as const;
export type ChangeStyle = (typeof CHANGE_STYLES)[number];

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
        ground: colour.describe('Scrim or paper under the price, and the shade of a close-up'),
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
