import * as curly from './short-and-curly-styles.js';
import * as short from './short-and-curly-styles.js';
import type { HairStyle } from './sheet.js';
import * as long from './long-styles.js';
import * as tied from './long-styles.js';

/** All hair styles by the name that a spec takes. */
export const HAIR_STYLES = {
  bob: long.bob,
  'bob-fringe': long.bobFringe,
  lob: long.lob,
  'long-straight': long.longStraight,
  'long-side': long.longSide,
  'long-wavy': long.longWavy,
  'chest-wavy': long.chestWavy,
  'long-fringe': long.longFringe,
  'airy-fringe': long.airyFringe,
  'curtain-bangs': long.curtainBangs,
  'half-up': long.halfUp,
  'side-braid': long.sideBraid,
  'two-braids': long.twoBraids,
  shoulder: long.manLong,
  'low-bun': tied.lowBun,
  'top-bun': tied.topBun,
  'sleek-bun': tied.sleekBun,
  'high-pony': tied.highPony,
  'side-pony': tied.sidePony,
  'pony-fringe': tied.ponyFringe,
  'crown-braid': tied.crownBraid,
  puff: tied.puff,
  'two-puffs': tied.twoPuffs,
  'man-bun': tied.manBun,
  afro: curly.afro,
  'big-afro': curly.bigAfro,
  'short-afro': curly.shortAfro,
  'curly-top': curly.curlyTop,
  'curly-bob': curly.curlyBob,
  'curly-long': curly.curlyLong,
  'box-braids': curly.boxBraids,
  locs: curly.locs,
  cornrows: curly.cornrows,
  'wavy-pixie': curly.wavyPixie,
  pixie: short.pixie,
  'neat-crop': short.neatCrop,
  'side-part': short.sidePart,
  quiff: short.quiff,
  'slick-back': short.slickBack,
  undercut: short.undercut,
  crew: short.crew,
  receding: short.receding,
  balding: short.balding,
  bald: short.bald,
  buzz: short.buzz,
  'soft-fringe': short.softFringe,
  'bowl-fringe': short.bowlFringe,
  curtains: short.curtains,
  comma: short.commaHair,
  'wavy-medium': short.wavyMedium,
  spiky: short.spiky,
  'grey-waves': short.greyWaves,
} as const satisfies Readonly<Record<string, HairStyle>>;

export type HairStyleName = keyof typeof HAIR_STYLES;
export const HAIR_STYLE_NAMES = Object.keys(HAIR_STYLES) as [HairStyleName, ...HairStyleName[]];
