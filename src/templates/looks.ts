import type { BubbleStyle, CardStyle } from '../config/templates/template.js';
import type { Place } from '../config/templates/template-layout.js';
import type { BrandColours } from './brand-colours.js';

/** A layer as the room file has it. */
export type LayerFile = { readonly id: string; readonly type: string } & Readonly<Record<string, unknown>>;

interface CardLook {
  readonly theme: 'light' | 'dark' | 'brand';
  readonly accent: (c: BrandColours) => string;
  /** A sheet behind the card, grown or moved by some pixels. */
  readonly plate?: { readonly grow: number; readonly shift: number; readonly fill?: string };
}

const CARDS: Readonly<Record<CardStyle, CardLook>> = {
  paper: { theme: 'light', accent: (c) => c.onLight },
  stacked: { theme: 'light', accent: (c) => c.onLight, plate: { grow: 0, shift: 9 } },
  framed: { theme: 'light', accent: (c) => c.onLight, plate: { grow: 5, shift: 0 } },
  night: { theme: 'dark', accent: (c) => c.onDark },
  'night-stacked': { theme: 'dark', accent: (c) => c.onDark, plate: { grow: 0, shift: 8 } },
  'night-framed': { theme: 'dark', accent: (c) => c.onDark, plate: { grow: 3, shift: 0 } },
  brand: { theme: 'brand', accent: (c) => c.card },
  'brand-framed': { theme: 'brand', accent: (c) => c.card, plate: { grow: 4, shift: 0, fill: '#ffffff' } },
};

const ENTER = { type: 'slide-left', durationMs: 420 } as const;
const LEAVE = { type: 'fade', durationMs: 250 } as const;
const APPEAR = { type: 'fade', durationMs: 300 } as const;
/** Rows of a panel that fit into the card's place. */
const MAX_ROWS = 4;

/** The price card, and the sheet behind it. */
export function cardLayers(style: CardStyle, place: Place, colours: BrandColours): LayerFile[] {
  const { theme, accent, plate } = CARDS[style];
  const colour = accent(colours);
  const { height, ...spot } = place;
  const card: LayerFile = {
    id: 'card',
    type: 'card',
    z: 30,
    ...spot,
    theme,
    accent: colour,
    enter: ENTER,
    leave: LEAVE,
  };
  // A card without a sheet is as high as its content.
  if (plate === undefined) return [card];
  const { grow, shift, fill = colour } = plate;
  const sheet: LayerFile = {
    id: 'card-sheet',
    type: 'shape',
    z: 29,
    x: place.x - grow + shift,
    y: place.y - grow + shift,
    width: place.width + 2 * grow,
    height: place.height + 2 * grow,
    fill,
    radius: Math.round(place.width * 0.05) + grow,
  };
  return [sheet, { ...card, height }];
}

/**
 * Price ladder and key attributes in the card's place and look: each stands before the card while its line is spoken, so
 * that the picture has no panel more than before.
 */
export function panelLayers(style: CardStyle, place: Place, colours: BrandColours): LayerFile[] {
  const { theme, accent } = CARDS[style];
  const shared = { z: 31, ...place, theme, accent: accent(colours), shown: 'on-cue', enter: APPEAR, leave: LEAVE };
  return [
    { id: 'price-ladder', type: 'ladder', ...shared, maxRows: MAX_ROWS },
    { id: 'key-attributes', type: 'attributes', ...shared, maxRows: MAX_ROWS },
  ];
}

interface BubbleLook {
  readonly fill: (c: BrandColours) => string;
  readonly colour: (c: BrandColours) => string;
  readonly radius: number;
  readonly tail: 'none' | 'left' | 'bottom';
}

const dark = (c: BrandColours): string => c.panel;
const white = (): string => '#ffffff';

const BUBBLES: Readonly<Record<BubbleStyle, BubbleLook>> = {
  cream: { fill: () => '#fffaf0f2', colour: dark, radius: 24, tail: 'left' },
  pill: { fill: () => '#ffffffee', colour: dark, radius: 40, tail: 'left' },
  square: { fill: () => '#ffffff', colour: dark, radius: 6, tail: 'left' },
  glass: { fill: () => '#f2f8fdd8', colour: dark, radius: 18, tail: 'bottom' },
  gold: { fill: () => '#fdeec4', colour: dark, radius: 14, tail: 'left' },
  tint: { fill: (c) => c.tint, colour: dark, radius: 22, tail: 'left' },
  night: { fill: (c) => `${c.panel}ee`, colour: white, radius: 12, tail: 'left' },
  accent: { fill: (c) => c.ground, colour: white, radius: 26, tail: 'left' },
};

/** Two lines need the height of the bubble; a tail below it comes on top of that. */
const TAIL_UP_PX = 6;
const TAIL_PX = 14;
const roomForTail = (place: Place): Place => ({ ...place, y: place.y - TAIL_UP_PX, height: place.height + TAIL_PX });

export function bubbleLayer(style: BubbleStyle, place: Place, text: string, colours: BrandColours): LayerFile {
  const { fill, colour, radius, tail } = BUBBLES[style];
  return {
    id: 'bubble',
    type: 'bubble',
    z: 30,
    ...(tail === 'bottom' ? roomForTail(place) : place),
    text,
    size: 25,
    weight: 'bold',
    colour: colour(colours),
    fill: fill(colours),
    radius,
    padding: 12,
    align: 'center',
    maxLines: 2,
    tail,
  };
}

/** A short text in a box of the brand's colour. */
export const badgeLayer = ({ x, y, height }: Place, text: string, colours: BrandColours): LayerFile => ({
  id: 'badge',
  type: 'bubble',
  z: 26,
  x,
  y,
  height,
  text,
  size: 20,
  weight: 'bold',
  colour: '#ffffff',
  fill: colours.ground,
  radius: Math.round(height / 2),
  padding: 14,
  align: 'center',
  maxLines: 1,
  tail: 'none',
});
