import { z } from 'zod';
import { base, lasting, turn } from './layer-base.js';
import { colour, length } from './length.js';
import { inShots, SHOTS, type ShotName, type ShotPlacing } from './shots.js';
import { licence } from './rights.js';

/** The layers of a room's picture. `base` holds the common properties; `type` selects the form. */

export type { Easing, Motion, Transition } from './layer-base.js';

const textStyle = {
  font: z.string().max(100).default('sans').describe('Font family: "sans" is the built-in set for all scripts'),
  weight: z.enum(['regular', 'bold']).default('regular').describe('Weight'),
  size: length.default('4vmin').describe('Font size'),
  colour: colour.default('#ffffff'),
  align: z.enum(['left', 'center', 'right']).default('left').describe('Alignment of lines'),
  maxLines: z.int().min(1).max(20).default(2).describe('Maximum lines; further lines are cut with an ellipsis'),
  outline: colour.optional().describe('Outline colour'),
};

const panel = {
  fill: colour.default('#000000b0').describe('Panel colour'),
  radius: length.default('1.5vmin').describe('Corner radius'),
  padding: length.default('2vmin').describe('Space between edge and content'),
};

const fit = z.enum(['cover', 'contain', 'fill']).default('contain').describe('Fit of the picture in its box');

const pushIn = z
  .strictObject({
    from: z.number().min(0.8).max(0.99).default(0.94).describe('Size at the beginning, as a share of the full size'),
    durationMs: z.int().min(1000).max(120_000).default(14_000).describe('Time in which it grows to its full size'),
    towards: z
      .enum(['middle', 'foot'])
      .default('middle')
      .describe('The point that stays in place: the middle, or the middle of the lower edge'),
  })
  .describe('A slow push-in: the picture grows to its full size after it appears');
export type PushIn = z.infer<typeof pushIn>;

const stands = z
  .strictObject({
    share: z
      .number()
      .min(0.02)
      .max(0.8)
      .describe('Share of the frame that the picture is to cover, as far as its box allows'),
    framed: z
      .enum(['print', 'fill'])
      .default('print')
      .describe('A picture without clear edges becomes a print that stands there, or fills the box'),
    ground: z.boolean().default(true).describe('It casts shadows on the ground and on what is behind it'),
    lean: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Where a picture narrower than its box stands: 0 at the left, 0.5 in the middle, 1 at the right'),
    at: z.enum(['foot', 'middle']).default('foot').describe('Stands on the lower edge, or floats above the middle'),
  })
  .describe('Stands on the lower edge of its box, without its clear margins');
export type Stands = z.infer<typeof stands>;

const imageLayer = z.strictObject({
  ...base,
  ...turn,
  type: z.literal('image').describe('A picture'),
  src: z
    .string()
    .min(1)
    .describe(
      'Picture file relative to the room file, "product" for the current product\'s picture, "detail" for its next picture, ' +
        '"beside" for a variant or the product that it is compared with, or a data: URL',
    ),
  fit,
  stands: stands.optional(),
  licence,
  radius: length.default(0).describe('Corner radius'),
  night: z
    .string()
    .min(1)
    .optional()
    .describe('The same picture at night, of the same form: the layer then follows the time of day by `daylight`'),
  pushIn: pushIn.optional(),
  shadow: z.boolean().optional().describe('A soft shadow below the picture'),
});
const textLayer = z.strictObject({
  ...base,
  ...turn,
  ...textStyle,
  type: z.literal('text').describe('Static text'),
  text: z
    .string()
    .max(2000)
    .describe(
      'Text; {{product.title}}, {{product.price}}, {{product.subtitle}}, {{product.minimumOrder}} and {{room.name}} are filled in',
    ),
});
const captionLayer = z
  .strictObject({
    ...base,
    ...textStyle,
    ...panel,
    type: z.literal('caption').describe('The words being spoken'),
    highlight: colour.default('#ffd54a').describe('Colour of the word being spoken'),
  })
  .describe('The spoken words, word by word');
const bubbleLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...textStyle,
    ...panel,
    type: z.literal('bubble').describe('A speech bubble'),
    text: z.string().max(500).describe('Text in the bubble'),
    tail: z.enum(['none', 'left', 'right', 'bottom', 'top']).default('left').describe('Side of the tail'),
  })
  .describe('A speech bubble');
const tickerLayer = z
  .strictObject({
    ...base,
    ...textStyle,
    ...panel,
    type: z.literal('ticker').describe('A line of text that runs through'),
    items: z.array(z.string().min(1).max(300)).min(1).max(50).describe('Texts shown one after another'),
    speedPxPerSecond: z
      .number()
      .min(10)
      .max(600)
      .default(60)
      .describe('Speed to the left (to the right for right-to-left text)'),
    separator: z.string().max(8).default('  •  ').describe('Separator between two texts'),
    turnMs: z
      .int()
      .min(2000)
      .max(600_000)
      .optional()
      .describe('The texts stand still, one after another, each for so long, and fade into the next'),
  })
  .describe('A line of text that runs through');
const stickerLayer = z
  .strictObject({
    ...base,
    ...turn,
    type: z.literal('sticker').describe('A decoration, usually with motion'),
    src: z.string().min(1).describe('Picture file, usually an SVG or PNG with transparency'),
    fit,
    licence,
  })
  .describe('A decoration, usually with motion');
const openCard = z
  .strictObject({
    size: length.default('12.7vmin').describe('Size of the digits'),
    colour: colour.default('#ffffff').describe('Colour of title and terms'),
    align: z.enum(['left', 'center', 'right']).default('left').describe('Side that the lines keep to'),
    terms: z.boolean().default(true).describe('Unit and minimum order below the price'),
    ground: z.enum(['none', 'scrim', 'paper']).default('none').describe('What lies under the letters'),
    fill: colour.default('#000000').describe('Colour of that ground'),
  })
  .describe('Price, title and terms in large letters without a card; `accent` colours the price');
export type OpenCard = z.infer<typeof openCard>;

const cardLayer = z
  .strictObject({
    ...base,
    ...turn,
    type: z.literal('card').describe("The current product's price card"),
    theme: z.enum(['light', 'dark', 'brand']).default('light').describe('Look of the card'),
    accent: colour.default('#e8453c'),
    open: openCard.optional(),
    of: z
      .enum(['product', 'beside', 'variant'])
      .default('product')
      .describe(
        'Whose price: the current product, what stands beside it in a comparison, or the product by its variant there',
      ),
  })
  .describe("The current product's price card: title, subtitle, price, former price, minimum order");
const shapeLayer = z.strictObject({
  ...base,
  ...turn,
  type: z.literal('shape').describe('A plain or shaded rectangle or ellipse'),
  shape: z.enum(['rectangle', 'ellipse']).default('rectangle').describe('Outline'),
  fill: colour,
  fillTo: colour.optional().describe('Second colour of a vertical gradient'),
  outline: colour.optional().describe('Colour of a line inside the edge'),
  outlineWidth: length.default('0.8vmin').describe('Width of that line'),
  radius: length.default(0),
});
const mediaLayer = z
  .strictObject({
    ...base,
    type: z.literal('media').describe('Pictures and clips shown in turn'),
    items: z
      .array(z.string().min(1))
      .min(1)
      .max(200)
      .describe(
        'Pictures and clips (MP4, MOV, WebM, MKV; up to 120 s and 256 MB, without their sound) shown one after another',
      ),
    holdMs: z
      .int()
      .min(200)
      .max(600_000)
      .default(4000)
      .describe('Duration of each picture; a clip plays its whole length'),
    fadeMs: z.int().min(0).max(5000).default(400).describe('Cross-fade between them'),
    idleAfterMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(5000)
      .describe('Time for which a stalled clip shows its last frame before its first frame is shown'),
    slateAfterMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(30_000)
      .describe('Duration of a stall after which a slate replaces the clip; 0 never'),
    fit,
    licence,
    radius: length.default(0),
  })
  .describe('A list of pictures and video clips in turn; a single clip plays again and again');
const presenterLayer = z
  .strictObject({ ...lasting, ...inShots, type: z.literal('presenter').describe('The presenter') })
  .describe('Position of the presenter; its height sets the scale');
const assistantLayer = z
  .strictObject({ ...lasting, ...inShots, type: z.literal('assistant').describe('The assistant, where it has a pack') })
  .describe('Position of the assistant; its height sets the scale');
const labelLayer = z
  .strictObject({
    ...lasting,
    type: z.literal('label').describe('The AI label'),
    text: z.string().max(60).optional().describe("Default: the AI label in the room's language"),
  })
  .describe('Position of the AI label; it is always shown, with at least 5 % of the shorter side');

/** The layers of a sale: countdown, coupon, price ladder, attribute table, question and announcement. */

const look = {
  theme: z.enum(['light', 'dark', 'brand']).default('light').describe('Look of the panel, as of the price card'),
  accent: colour.default('#e8453c'),
};
const DAY_MS = 86_400_000;
/** Digits show up to 99 days. */
const MAX_COUNTDOWN_MS = 99 * DAY_MS;

const countdownLayer = z
  .strictObject({
    ...base,
    ...look,
    type: z.literal('countdown').describe('Time left of an offer'),
    title: z.string().max(80).optional().describe('Short title; default: "Flash sale" in the room\'s language'),
    offer: z
      .string()
      .min(1)
      .max(120)
      .describe('The offer that ends, such as "{{product.price}} instead of $59"; a countdown without one is refused'),
    endsAt: z.iso
      .datetime({ offset: true, error: 'expected a date and time with its zone, such as "2026-11-12T00:00:00+08:00"' })
      .optional()
      .describe('When the offer ends, with its time zone, such as "2026-11-11T24:00:00+08:00"')
      .meta({ examples: ['2026-11-12T00:00:00+08:00'] }),
    durationMs: z
      .int()
      .min(1000)
      .max(MAX_COUNTDOWN_MS)
      .optional()
      .describe('Length of the offer from the moment the layer is shown; instead of endsAt'),
    ended: z.string().max(80).optional().describe('Text once the offer has ended; without it the layer leaves'),
  })
  .refine(({ endsAt, durationMs }) => (endsAt === undefined) !== (durationMs === undefined), {
    error: 'expected either endsAt or durationMs',
    path: ['endsAt'],
  })
  .describe('Time left of an offer, to the second; it never starts again by itself');

const couponLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('coupon').describe("A coupon of the platform, claimed on the listing's own page"),
    amount: z.number().positive().optional().describe('Money off'),
    percent: z.number().gt(0).max(99).optional().describe('Per cent off; instead of amount'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as "USD"')
      .optional()
      .describe("ISO 4217 code; default: the products' currency"),
    minimumSpend: z.number().positive().optional().describe('Order value from which it applies'),
    condition: z.string().max(100).optional().describe('Condition in words; default: from minimumSpend'),
    how: z.string().max(100).optional().describe("How viewers get it on the platform; default in the room's language"),
  })
  .refine(({ amount, percent }) => (amount === undefined) !== (percent === undefined), {
    error: 'expected either amount or percent',
    path: ['amount'],
  })
  .describe('A coupon of the platform: value, condition, and how to get it. Codes to type or scan are not shown');

const ladderLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('ladder').describe("The current product's price by quantity"),
    title: z.string().max(80).optional().describe('Default: "Price by quantity" in the room\'s language'),
    maxRows: z.int().min(1).max(8).default(4).describe('Maximum steps shown, from the smallest quantity on'),
  })
  .describe("The current product's prices by quantity; absent for a product without a priceLadder");

const attributesLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('attributes').describe("The current product's key attributes as a table"),
    title: z.string().max(80).optional().describe('Default: "Key attributes" in the room\'s language'),
    names: z
      .array(z.string().min(1).max(80))
      .max(12)
      .default([])
      .describe('Attributes to show, by their names in the listing and in this order; default: the first ones'),
    maxRows: z.int().min(1).max(10).default(5).describe('Maximum rows'),
  })
  .describe("The current product's key attributes; absent for a product without attributes");

const questionLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('question').describe("A viewer's comment"),
    user: z.string().max(60).default('').describe("The viewer's name as the platform shows it; empty for none"),
    text: z.string().min(1).max(300).describe('The comment; up to three lines are shown'),
  })
  .describe("A viewer's comment, shown while it is answered");

const announcementLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('announcement').describe('One line with a sign before it'),
    icon: z
      .enum(['megaphone', 'truck', 'gift', 'star', 'clock', 'check', 'info', 'heart', 'none'])
      .default('megaphone')
      .describe('Sign before the text'),
    text: z.string().min(1).max(160).describe('The line; {{product.…}} and {{room.name}} are filled in'),
  })
  .describe('One line of news with a sign before it');

export const layer = z
  .discriminatedUnion('type', [
    imageLayer,
    textLayer,
    captionLayer,
    bubbleLayer,
    tickerLayer,
    stickerLayer,
    cardLayer,
    shapeLayer,
    mediaLayer,
    presenterLayer,
    assistantLayer,
    labelLayer,
    countdownLayer,
    couponLayer,
    ladderLayer,
    attributesLayer,
    questionLayer,
    announcementLayer,
  ])
  .meta({ id: 'Layer' });
export type Layer = z.infer<typeof layer>;
/** Sources of an image that follow the product. */
const PRODUCT_PICTURES: ReadonlySet<string> = new Set(['product', 'detail', 'beside']);
export const isProductPicture = (src: string): boolean => PRODUCT_PICTURES.has(src);
/** Kept in the room, and not on the picture. */
export const isHidden = (layer: Layer): boolean => 'hidden' in layer && layer.hidden === true;
/** The layers that a shot shows, each at its place there. */
export function layersInShot(layers: readonly Layer[], shot: ShotName): readonly Layer[] {
  return layers.flatMap((layer) => {
    const shots = 'shots' in layer ? layer.shots : undefined;
    if (shots === undefined) return [layer];
    const placing = shots[shot];
    return placing === undefined ? [] : [placedIn(layer, placing)];
  });
}

const placedIn = (layer: Layer, { x, y }: ShotPlacing): Layer => ({
  ...layer,
  ...(x === undefined ? {} : { x }),
  ...(y === undefined ? {} : { y }),
});

/** The shots that a room has: the first alone, unless a layer names others. */
export function shotsOf(layers: readonly Layer[]): readonly ShotName[] {
  const named = new Set(
    layers.flatMap((layer) => ('shots' in layer && layer.shots !== undefined ? Object.keys(layer.shots) : [])),
  );
  return SHOTS.filter((shot, i) => i === 0 || named.has(shot));
}

/** Its turn in degrees, clockwise. */
export const turnOf = (layer: Layer): number => ('rotate' in layer ? (layer.rotate ?? 0) : 0);
export type LayerOf<T extends Layer['type']> = Extract<Layer, { type: T }>;
