import type { Drawing } from '../drawing.js';
import type { Palette } from '../palette.js';

/** A thing for sale: about 200 units wide and high, its foot at the origin. */
export type Prop = (d: Drawing, p: Palette) => string;
