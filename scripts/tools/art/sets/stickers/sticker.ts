import { dark, light } from '../colour.js';
import { type Drawing, line, oval } from '../drawing.js';

/** Stickers: a motif with a white rim, 130 units square. */
export type Sticker = (d: Drawing) => string;

export const W = 'stroke="#ffffff" stroke-width="7" stroke-linejoin="round"';
/** A round badge with a motif on it. */
export const badge = (d: Drawing, colour: string, motif: string): string =>
  oval(65, 65, 54, 54, d.down(light(colour, 0.18), dark(colour, 0.12)), 'stroke="#ffffff" stroke-width="7"') +
  oval(65, 65, 45, 45, 'none', 'stroke="#ffffff" stroke-width="2" opacity=".55"') +
  motif;
export const white = (d: string, width = 8): string => line(d, '#ffffff', width);
