import type { Product } from '../config/sections/product.js';
import type {
  CaptionPlace,
  ChangeStyle,
  LayoutPlaces,
  Orientation,
  Place,
  PricePlace,
  StandingPlace,
  Template,
  TextsOfLanguage,
} from '../config/templates/template.js';
import { CommentReader } from '../viewers/replies/comments/comment-reader.js';
import { replyPacks } from '../viewers/replies/comments/reply-packs.js';
import { listingLanguage } from '../writer/listing-language.js';
import { type BrandColours, contrast } from './brand-colours.js';

/** Texts of badge and ticker. */
interface ShownTexts {
  readonly badge: string;
  readonly ticker: readonly string[];
}

type Claim = 'samples' | 'custom' | 'small-orders';

/** The claim that each text makes; those without one hold for every product. */
const CLAIM_OF_LINE = { 'own-logo': 'custom', 'small-orders': 'small-orders', questions: undefined } as const;
const CLAIM_OF_BADGE = { samples: 'samples', custom: 'custom', order: undefined } as const;
const CLAIM_OF_TICKER: readonly (Claim | undefined)[] = [undefined, 'samples', 'custom', undefined];
const MAX_SMALL_ORDER = 20;

/** The template's own texts. */
export const ownTexts = ({ badge, line }: Template, texts: TextsOfLanguage): ShownTexts => ({
  badge: texts.badges[badge],
  ticker: [texts.lines[line], ...texts.ticker],
});

/** The texts that hold for all of these products: a claim that one of the listings does not make gives way to a text without one. */
export function heldTexts(
  { badge, line }: Template,
  texts: TextsOfLanguage,
  products: readonly Product[],
  language: string,
): ShownTexts {
  const comments = new CommentReader(replyPacks(), language);
  const holds = (claim: Claim | undefined): boolean =>
    claim === undefined || products.every((one) => states(one, claim, comments, language));
  return {
    badge: texts.badges[holds(CLAIM_OF_BADGE[badge]) ? badge : 'order'],
    ticker: [
      texts.lines[holds(CLAIM_OF_LINE[line]) ? line : 'questions'],
      ...texts.ticker.filter((_, i) => holds(CLAIM_OF_TICKER[i])),
    ],
  };
}

function states(product: Product, claim: Claim, comments: CommentReader, fallback: string): boolean {
  if (claim === 'small-orders') {
    const from =
      product.priceLadder[0]?.from ?? Number.parseInt(product.minimumOrder.replace(/[.,](?=\d{3})/g, ''), 10);
    return from <= MAX_SMALL_ORDER;
  }
  if (claim === 'samples' && product.sample !== undefined) return true;
  const matcher = comments.matcher(listingLanguage(product, fallback));
  const intent = claim === 'samples' ? 'sample' : 'customisation';
  const said = [...product.facts, ...[...product.attributes, ...product.packing].map(({ name }) => name)];
  return said.some((text) => matcher.concerns(intent, text));
}

/** A layer as the room file has it. */
export type LayerFile = { readonly id: string; readonly type: string } & Readonly<Record<string, unknown>>;

export interface LayersInput {
  readonly template: Template;
  readonly places: LayoutPlaces;
  readonly orientation: Orientation;
  readonly texts: ShownTexts;
  /** AI label, where the language's own is too long for its lines. */
  readonly label?: string | undefined;
  readonly colours: BrandColours;
  readonly logo?: string | undefined;
  /** Planes of the set that not every set has. */
  readonly planes: { readonly near: boolean; readonly frame: boolean };
  /** The platform covers the foot of the picture: nothing is written there. */
  readonly footCovered?: boolean;
}

const HERO = { hero: {} } as const;
const SIDE = { 'side-by-side': {} } as const;
const CLOSE = { 'close-up': {} } as const;
const STAGE = { hero: {}, 'side-by-side': {} } as const;

const WHITE = '#ffffff';
const BLACK = '#000000';
const CLEAR = '#00000000';
/** Rows of a panel, so that its letters keep a readable size. */
const MAX_ROWS = 3;
/** Gives way to the words of the viewer who asks. */
const QUESTION = '?';
/** Each text of the ticker stands so long. */
const TURN_MS = 9000;
/** A close-up grows over its whole length; the shot may end before, so it grows evenly. */
export const PUSH = { from: 0.96, durationMs: 12_000 } as const;
const APPEAR = { type: 'fade', durationMs: 250 } as const;
const LEAVE = { type: 'fade', durationMs: 200 } as const;

const CHANGES: Readonly<Record<ChangeStyle, object>> = {
  pop: { type: 'pop', durationMs: 450, easing: 'back-out' },
  slide: { type: 'slide-left', durationMs: 520 },
  wipe: { type: 'wipe', durationMs: 480, easing: 'ease-in-out' },
  fade: { type: 'fade', durationMs: 420 },
};

/** The layers of a room in its three shots, from the back to the front. */
export function templateLayers(input: LayersInput): LayerFile[] {
  const { template, places, orientation, texts, colours, label, logo, planes } = input;
  const letters = { ...template.letters, ...(orientation === 'landscape' ? template.letters.landscape : {}) };
  const shade = shadeOf(template.letters);
  const { side, close } = places;
  const whole = { x: 0, y: 0, width: places.width, height: places.height };
  const own = (file: string): string => `assets/${orientation}${file}`;
  const change = { enter: CHANGES[template.change], leave: { type: 'fade', durationMs: 250 } };
  const stress = colours.stress;
  return [
    { ...picture('background', -100, whole, own('.webp'), 'cover'), night: own('-night.webp'), shots: STAGE },
    { ...picture('close-background', -90, whole, own('-close.webp'), 'cover'), shots: CLOSE },
    {
      ...standing('close-picture', -80, close.picture, 'detail', { framed: 'fill', ground: false, at: 'middle' }),
      shots: CLOSE,
      pushIn: PUSH,
    },
    ...close.shade.map((place, i) => ({
      id: `close-shade-${i + 1}`,
      type: 'shape',
      z: -70,
      ...place,
      ...(i === 0 ? { fill: `${shade}00`, fillTo: `${shade}f2` } : { fill: `${shade}f2` }),
      shots: CLOSE,
    })),
    {
      id: 'close-window',
      type: 'shape',
      z: -10,
      ...close.window,
      fill: letters.wall[0],
      fillTo: letters.wall[1],
      radius: WINDOW.radius,
      shots: CLOSE,
    },
    {
      id: 'presenter',
      type: 'presenter',
      z: 0,
      ...places.presenter,
      shots: {
        hero: {},
        'side-by-side': side.presenter,
        'close-up': { ...close.presenter, window: inside(close.window) },
      },
    },
    {
      id: 'close-frame',
      type: 'shape',
      z: 2,
      ...close.window,
      fill: CLEAR,
      outline: stress,
      outlineWidth: WINDOW.line,
      radius: WINDOW.radius,
      shots: CLOSE,
    },
    ...(planes.frame ? [{ ...picture('frame', 4, whole, own('-frame.webp'), 'fill'), shots: STAGE }] : []),
    {
      ...picture('front', 10, places.front, own('-front.webp'), 'fill'),
      shots: { hero: {}, 'side-by-side': side.front },
    },
    ...(places.trim === undefined
      ? []
      : [
          {
            id: 'trim',
            type: 'shape',
            z: 11,
            ...places.trim,
            fill: colours.accent,
            shots: {
              hero: {},
              'side-by-side': { x: places.trim.x, y: places.trim.y + side.front.y - places.front.y },
            },
          },
        ]),
    ...(logo === undefined ? [] : [{ ...picture('logo', 12, places.logo, logo, 'contain'), shots: HERO }]),
    ...(planes.near ? [{ ...picture('near', 14, whole, own('-near.webp'), 'fill'), shots: HERO }] : []),
    { ...standing('product', 20, places.product, 'product'), ...change, shots: HERO },
    { ...standing('side-other', 20, side.products[0], 'beside'), ...change, shots: SIDE },
    { ...standing('side-product', 21, side.products[1], 'product'), ...change, shots: SIDE },
    price('card', places.price, { colour: letters.price, ink: letters.ink, ground: letters.ground, shots: HERO }),
    ...(['beside', 'variant'] as const).map((of, i) =>
      price(
        i === 0 ? 'side-other-price' : 'side-price',
        side.prices[i as 0 | 1],
        orientation === 'portrait'
          ? onCounter(i === 0 ? letters.beside : stress, letters.ground, of)
          : { ...letters, colour: letters.price, of, shots: SIDE },
      ),
    ),
    price('close-price', close.price, { colour: WHITE, ink: WHITE, ground: shade, shots: CLOSE }),
    ...(places.badge === undefined ? [] : [badge(places.badge, places.width, texts.badge, colours)]),
    ...panels(places, letters.price, colours),
    caption('caption', places.caption, places.width, stress, HERO),
    caption('side-caption', side.caption, places.width, stress, SIDE),
    caption('close-caption', close.caption, places.width, stress, CLOSE),
    ...(places.ticker === undefined || input.footCovered === true
      ? []
      : [
          {
            id: 'ticker',
            type: 'ticker',
            z: 15,
            ...places.ticker,
            size: 26,
            colour: '#ffffffa0',
            align: 'center',
            fill: CLEAR,
            radius: 0,
            padding: 8,
            items: texts.ticker,
            turnMs: TURN_MS,
          },
        ]),
    {
      id: 'ai-label',
      type: 'label',
      z: 60,
      ...places.label,
      ...(label === undefined ? {} : { text: label }),
    },
  ];
}

/** The frame of the presenter in a close-up: its line hides the square corners of the picture in it. */
const WINDOW = { radius: 20, line: 6 } as const;
/** Less than the line, which covers the edge. */
const inside = ({ x, y, width, height }: Place): Place => {
  const by = WINDOW.line - 2;
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
};

const picture = (id: string, z: number, place: Place, src: string, fit: string): LayerFile => ({
  id,
  type: 'image',
  z,
  ...place,
  src,
  fit,
});

const standing = (id: string, z: number, { share, lean, ...place }: StandingPlace, src: string, more: object = {}) => ({
  ...picture(id, z, place, src, 'contain'),
  stands: { share, ...(lean === undefined ? {} : { lean }), ...more },
});

/** Under the white letters of a close-up: the dark of the set, whose ground may be pale paper under dark ink. */
export const shadeOf = ({ ground, ink }: Template['letters']): string =>
  contrast(ground, WHITE) > contrast(ground, BLACK) ? ground : ink;

interface PriceLook {
  readonly colour: string;
  readonly ink: string;
  readonly ground: string;
  readonly of?: 'beside' | 'variant';
  readonly shots: object;
}

const onCounter = (colour: string, ground: string, of: 'beside' | 'variant'): PriceLook => ({
  colour,
  ink: WHITE,
  ground,
  of,
  shots: SIDE,
});

/** Under dark letters: unseen on a light wall, and light enough when the wall darkens at night. */
const PALE_SCRIM = '#fbf7efd0';

function price(id: string, { size, align, ground, terms, ...place }: PricePlace, look: PriceLook): LayerFile {
  const { height: _height, ...spot } = place;
  const isDark = contrast(look.colour, WHITE) > contrast(look.colour, BLACK);
  const scrim = isDark ? PALE_SCRIM : `${look.ground}9c`;
  return {
    id,
    type: 'card',
    z: 30,
    ...spot,
    accent: look.colour,
    ...(look.of === undefined ? {} : { of: look.of }),
    open: {
      size,
      colour: look.ink,
      align,
      ground: isDark && ground === 'none' ? 'scrim' : ground,
      fill: ground === 'paper' ? look.ground : scrim,
      ...(terms ? {} : { terms: false }),
    },
    enter: APPEAR,
    leave: LEAVE,
    shots: look.shots,
  };
}

/**
 * Price ladder and key attributes take the place of the price while their line is spoken, so that they cover neither the
 * product nor the presenter. A question stands on the lower edge of its place, as high as its words.
 */
function panels(
  { panel, question, side, close, height }: LayoutPlaces,
  price: string,
  colours: BrandColours,
): LayerFile[] {
  // As light or dark as the set: a price in dark letters stands on a light wall.
  const isLight = contrast(price, WHITE) > contrast(price, BLACK);
  const look = {
    theme: isLight ? 'light' : 'dark',
    accent: isLight ? price : colours.onDark,
    shown: 'on-cue',
    enter: APPEAR,
    leave: LEAVE,
  };
  const table = {
    z: 40,
    ...panel,
    ...look,
    maxRows: MAX_ROWS,
    shots: { hero: {}, 'side-by-side': side.panel, 'close-up': close.panel },
  };
  const asked = ({ x, y }: { x: number; y: number }) => ({ x, y: y + question.height - height });
  return [
    { id: 'price-ladder', type: 'ladder', ...table },
    { id: 'key-attributes', type: 'attributes', ...table },
    {
      id: 'question',
      type: 'question',
      z: 40,
      anchor: 'bottom-left',
      ...asked(question),
      width: question.width,
      ...look,
      text: QUESTION,
      shots: { hero: {}, 'side-by-side': asked(side.question), 'close-up': asked(close.question) },
    },
  ];
}

/** A short text in a box of the brand's colour. */
function badge(
  { x, y, height, align }: NonNullable<LayoutPlaces['badge']>,
  width: number,
  text: string,
  colours: BrandColours,
): LayerFile {
  return {
    id: 'badge',
    type: 'bubble',
    z: 26,
    ...(align === 'right' ? { anchor: 'top-right', x: x - width } : { x }),
    y,
    height,
    text,
    size: 25,
    weight: 'bold',
    colour: WHITE,
    fill: colours.ground,
    radius: Math.round(height / 2),
    padding: 14,
    align: 'center',
    maxLines: 1,
    tail: 'none',
    enter: APPEAR,
    shots: HERO,
  };
}

/** The spoken words, on the counter: no panel, so that it stays part of the set. */
function caption(
  id: string,
  { lines, align, ...place }: CaptionPlace,
  width: number,
  stress: string,
  shots: object,
): LayerFile {
  const isCentred = align === 'center';
  return {
    id,
    type: 'caption',
    z: 50,
    anchor: isCentred ? 'top' : 'top-left',
    ...place,
    x: isCentred ? Math.round(place.x + place.width / 2 - width / 2) : place.x,
    size: 32,
    weight: 'bold',
    align,
    maxLines: lines,
    colour: WHITE,
    fill: CLEAR,
    radius: 0,
    padding: 0,
    highlight: stress,
    shots,
  };
}
