import type { ChangeStyle, Template } from '../config/templates/template.js';
import type { LayoutPlaces, Orientation, Place } from '../config/templates/template-layout.js';
import type { BrandColours } from './brand-colours.js';
import type { ShownTexts } from './held-texts.js';
import { badgeLayer, bubbleLayer, cardLayers, type LayerFile, panelLayers } from './looks.js';

export interface LayersInput {
  readonly template: Template;
  readonly places: LayoutPlaces;
  readonly orientation: Orientation;
  readonly texts: ShownTexts;
  /** AI label, where the language's own is too long for one line. */
  readonly label?: string | undefined;
  readonly colours: BrandColours;
  /** Any price with a former one: the card may need a line for it. */
  readonly hasFormerPrices: boolean;
  readonly logo?: string | undefined;
}

/** Extra height of a card that strikes out a former price on a line of its own. */
const FORMER_PRICE_PX = 26;
/** It grows upwards too, and the sticker and the badge below make room. */
const CARD_UP_PX = 8;
const DOWN_PX = 8;

const lower = (place: Place): Place => ({ ...place, y: place.y + DOWN_PX });
const higher = (card: Place): Place => ({
  ...card,
  y: card.y - CARD_UP_PX,
  height: card.height + FORMER_PRICE_PX,
});

/** The layers of a room, from the back to the front. */
export function templateLayers(input: LayersInput): LayerFile[] {
  const { template, places, orientation, texts, colours, label, logo } = input;
  const { caption } = places;
  const { hasFormerPrices } = input;
  const card = hasFormerPrices ? higher(places.card) : places.card;
  const { lines, ...captionPlace } = caption;
  const whole = { x: 0, y: 0, width: places.width, height: places.height };
  return [
    {
      ...picture('background', -100, whole, `assets/${orientation}.webp`, 'cover'),
      night: `assets/${orientation}-night.webp`,
    },
    {
      ...picture('lights', -50, places.lights, `assets/${orientation}-lights.svg`, 'fill'),
      depth: LIGHTS_DEPTH,
      motion: GLIMMER,
    },
    { id: 'presenter', type: 'presenter', z: 0, ...places.presenter },
    picture('front', 10, places.front, `assets/${orientation}-front.svg`, 'fill'),
    { ...picture('near', 14, places.near, `assets/${orientation}-near.webp`, 'contain'), depth: NEAR_DEPTH },
    ...(logo === undefined ? [] : [picture('logo', 12, places.logo, logo, 'contain')]),
    {
      ...picture('product', 20, places.picture, 'product', 'contain'),
      radius: 12,
      shadow: true,
      enter: CHANGES[template.styles.change],
      leave: { type: 'fade', durationMs: 250 },
      pushIn: { from: 0.94, durationMs: 14_000, towards: 'foot' },
    },
    ...cardLayers(template.styles.card, card, colours),
    ...panelLayers(template.styles.card, card, colours),
    bubbleLayer(template.styles.bubble, places.bubble, texts.bubble, colours),
    badgeLayer(hasFormerPrices ? lower(places.badge) : places.badge, texts.badge, colours),
    ...places.stickers.flatMap((place, i) =>
      stickerLayer(template.stickers[i], i, hasFormerPrices && i === 0 ? lower(place) : place),
    ),
    {
      id: 'caption',
      type: 'caption',
      z: 50,
      anchor: 'top',
      ...captionPlace,
      x: Math.round(captionPlace.x + captionPlace.width / 2 - places.width / 2),
      size: 33,
      weight: 'bold',
      align: 'center',
      maxLines: lines,
      colour: '#ffffff',
      fill: `${colours.panel}ea`,
      radius: 20,
      padding: 14,
      highlight: colours.highlight,
    },
    {
      id: 'ticker',
      type: 'ticker',
      z: 50,
      ...places.ticker,
      size: 24,
      colour: '#ffffff',
      fill: colours.panel,
      radius: 0,
      padding: 8,
      items: texts.ticker,
      speedPxPerSecond: 60,
    },
    {
      id: 'ai-label',
      type: 'label',
      z: 60,
      ...places.label,
      ...(label === undefined ? {} : { text: label }),
    },
  ];
}

const picture = (id: string, z: number, place: Place, src: string, fit: string): LayerFile => ({
  id,
  type: 'image',
  z,
  ...place,
  src,
  fit,
});

/** Planes of the set: the wall stands still, lights behind the presenter sway a little, goods before the counter most. */
const LIGHTS_DEPTH = 0.45;
const NEAR_DEPTH = 1.4;
/** Faint: stronger discs before a plain wall look like stains. */
const GLIMMER = {
  loopMs: 9000,
  stepMs: 500,
  keyframes: [
    { atMs: 0, opacity: 0.42 },
    { atMs: 4200, opacity: 0.6 },
    { atMs: 9000, opacity: 0.42 },
  ],
};

const CHANGES: Readonly<Record<ChangeStyle, object>> = {
  pop: { type: 'pop', durationMs: 450, easing: 'back-out' },
  slide: { type: 'slide-left', durationMs: 520 },
  wipe: { type: 'wipe', durationMs: 480, easing: 'ease-in-out' },
  fade: { type: 'fade', durationMs: 420 },
};

/** The first sticker hovers, the others hop from time to time. */
function stickerLayer(name: string | undefined, i: number, place: Place): LayerFile[] {
  if (name === undefined) return [];
  const motion = i === 0 ? HOVER : HOP;
  return [
    { id: `sticker-${i + 1}`, type: 'sticker', z: i === 0 ? 25 : -5, ...place, src: `assets/${name}.svg`, motion },
  ];
}

const HOVER = {
  loopMs: 2400,
  keyframes: [
    { atMs: 0, dy: 0, opacity: 0.85 },
    { atMs: 900, dy: -6, opacity: 1 },
    { atMs: 1700, dy: 3, opacity: 1 },
    { atMs: 2400, dy: 0, opacity: 0.85 },
  ],
};
const HOP = {
  loopMs: 4000,
  keyframes: [
    { atMs: 0, dy: 0 },
    { atMs: 260, dy: -18, easing: 'ease-out' },
    { atMs: 520, dy: 0, easing: 'ease-in' },
    { atMs: 720, dy: -7, easing: 'ease-out' },
    { atMs: 920, dy: 0, easing: 'ease-in' },
    { atMs: 4000, dy: 0 },
  ],
};
