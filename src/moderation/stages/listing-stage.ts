import type { Detector, Stage } from '../detector.js';
import { detectWrongLanguage } from '../language/detect-language.js';
import { detectListingConflicts } from '../listing/detect-listing.js';
import { detectBrands } from '../names/detect-brands.js';
import { isShown } from '../text-context.js';

const conflicts: Detector = {
  name: 'listing',
  detect: (reading) => {
    const { folded, languages, context } = reading;
    if (context.entry === undefined || context.entry.length === 0) return [];
    return detectListingConflicts(folded, context.entry, reading.ranges('gift'), reading.ranges('scarcity'), languages);
  },
};

const brands: Detector = {
  name: 'brands',
  detect: ({ words, sets, context }) =>
    context.entry === undefined || context.entry.length === 0 || !isShown(context)
      ? []
      : detectBrands(words, sets, context.entry),
};

const language: Detector = {
  name: 'language',
  detect: ({ text, room, counts, guess, context }) =>
    context.surface === 'frame' ? [] : detectWrongLanguage(text, room, counts, guess),
};

/** Compares the line with the listing, its brands and the room's language. */
export const listingStage: Stage = { name: 'listing', detectors: [conflicts, brands, language] };
