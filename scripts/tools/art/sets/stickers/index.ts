import { GOODS } from './goods.js';
import { SIGNS } from './signs.js';
import type { Sticker } from './sticker.js';

/** All drawn stickers, by name. */
export const STICKERS: Readonly<Record<string, Sticker>> = { ...SIGNS, ...GOODS };
