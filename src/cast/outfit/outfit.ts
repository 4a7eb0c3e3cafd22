import type { Tone } from '../draw/colours.js';
import type { Sleeve } from '../body/limbs.js';
import type { Person } from '../person.js';

/** Clothes on a person: the torso from the neck down, and the arms. */
export interface Outfit {
  readonly torso: string;
  readonly sleeve: Sleeve;
}

export interface Cloths {
  readonly main: Tone;
  readonly accent: Tone;
}

export interface OutfitPlan {
  readonly wear: (p: Person, c: Cloths) => Outfit;
  /** Colours when a spec names none. */
  readonly colour: string;
  readonly accent: string;
  /** Where it comes from, for lists. */
  readonly kind: 'business' | 'casual' | 'work' | 'sport' | 'evening' | 'traditional';
}

export const GOLD = '#d9a441';
export const WHITE = '#fdfaf6';
