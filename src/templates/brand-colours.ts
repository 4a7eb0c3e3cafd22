/**
 * Colours of a room from two brand colours.
 *
 * Problem: a brand colour is chosen for a logo. As letters or under letters it may be unreadable.
 * Rule: the hue stays and the lightness moves, in small steps, until letters have a contrast of 4.5 : 1 to their ground
 * (WCAG 2.2, level AA), for white letters on captions 9 : 1, since the picture shines through.
 */
import { contrastRatio, over } from '../scene/contrast.js';

const READABLE = 4.5;
const CAPTION = 9;
/** Lighter than need be, since captions let the picture shine through. */
const HIGHLIGHT = 5.5;
const STEP = 0.02;
/** Opacity of the faint letters of a brand card. */
const FAINT = 0.9;
const WHITE = '#ffffff';
const BLACK = '#000000';
/** Bodies of the light and the dark price card. */
const CARD_DARK = '#171b24';

export interface BrandColours {
  /** Brand colour, as given. */
  readonly accent: string;
  /** Accent letters on white, and on a faint tint of the accent. */
  readonly onLight: string;
  readonly onDark: string;
  /** Accent as a ground of white letters. */
  readonly ground: string;
  /** Accent as the body of a price card, with faint white letters on it. */
  readonly card: string;
  /** Ground of captions and ticker. */
  readonly panel: string;
  /** The word being spoken, and a price, on the counter. */
  readonly stress: string;
}

/**
 * @param primary the template's dark colour; a brand colour of one's own tints it
 * @param stress the template's light colour; by default the accent, as light as needs be
 */
export function brandColours(primary: string, accent: string, stress = accent): BrandColours {
  const panel = towards(primary, BLACK, (c) => contrast(WHITE, c) >= CAPTION);
  return {
    accent,
    onLight: towards(accent, BLACK, (c) => contrast(c, blend(c, WHITE, 0.11)) >= READABLE),
    onDark: towards(accent, WHITE, (c) => contrast(c, CARD_DARK) >= READABLE),
    ground: towards(accent, BLACK, (c) => contrast(WHITE, c) >= READABLE),
    card: towards(accent, BLACK, (c) => contrast(blend(WHITE, c, FAINT), c) >= READABLE),
    panel,
    stress: towards(stress, WHITE, (c) => contrast(c, panel) >= HIGHLIGHT),
  };
}

/** The dark colour that goes with a brand colour: mostly black, with its hue. */
export const primaryOf = (accent: string): string => blend(accent, '#14181e', 0.24);

export function contrast(a: string, b: string): number {
  return contrastRatio(over(a, [0, 0, 0]), over(b, [0, 0, 0]));
}

/** Mixes `share` of the first colour into the second. */
function blend(colour: string, under: string, share: number): string {
  const mixed = over(colour, [0, 0, 0]).map((v, i) => v * share + over(under, [0, 0, 0])[i]! * (1 - share));
  return `#${mixed.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`;
}

function towards(colour: string, end: string, fits: (colour: string) => boolean): string {
  for (let share = 1; share > 0; share -= STEP) {
    const now = blend(colour, end, share);
    if (fits(now)) return now;
  }
  return end;
}
