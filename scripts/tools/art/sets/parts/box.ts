import type { Drawing } from '../drawing.js';
import type { Palette } from '../palette.js';
import type { PropName } from '../props/index.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Fills a box of the set: shelves, a window, a rack. */
export type Feature = (d: Drawing, p: Palette, box: Box) => string;
export type Goods = readonly PropName[];
