import { AFRICA_EUROPE_AMERICAS } from './africa-europe-americas.js';
import { BUSINESS, CASUAL } from './business-casual.js';
import { EAST_ASIA, SOUTH_WEST_ASIA } from './asia.js';
import type { OutfitPlan } from './outfit.js';
import { WORK_SPORT } from './work-sport.js';

/** All outfits by the name that a spec, a wardrobe or a live change takes. */
export const OUTFITS = {
  ...BUSINESS,
  ...CASUAL,
  ...WORK_SPORT,
  ...EAST_ASIA,
  ...SOUTH_WEST_ASIA,
  ...AFRICA_EUROPE_AMERICAS,
} as const satisfies Readonly<Record<string, OutfitPlan>>;

export type OutfitName = keyof typeof OUTFITS;
export const OUTFIT_NAMES = Object.keys(OUTFITS) as [OutfitName, ...OutfitName[]];
