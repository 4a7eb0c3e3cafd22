import * as hats from './hats.js';
import type { HeadwearMaker } from './hats.js';
import * as scarves from './scarves.js';

/** Everything worn on the head by the name that a spec takes. */
export const HEADWEAR = {
  hijab: scarves.hijab,
  shayla: scarves.shayla,
  dupatta: scarves.dupatta,
  gele: scarves.gele,
  headwrap: scarves.headwrap,
  dastar: hats.dastar,
  ghutra: hats.ghutra,
  kufi: hats.kufi,
  songkok: hats.songkok,
  toque: hats.toque,
  beret: hats.beret,
  cap: hats.cap,
  beanie: hats.beanie,
  headband: hats.headband,
  flower: hats.flower,
  tikka: hats.tikka,
} as const satisfies Readonly<Record<string, HeadwearMaker>>;

export type HeadwearName = keyof typeof HEADWEAR;
export const HEADWEAR_NAMES = Object.keys(HEADWEAR) as [HeadwearName, ...HeadwearName[]];
