import type { Product } from '../config/sections/product.js';
import type { Surface } from '../core/verdict.js';

/** The context of a text to be judged. */
export interface TextContext {
  readonly surface: Surface;
  /** BCP-47 language that the text should be in. */
  readonly language: string;
  /** The listing or listings that the text is about. */
  readonly entry?: readonly Product[];
  /** Names of viewers in the room: they may be greeted, not exposed. */
  readonly viewerNames?: readonly string[];
}

/** Whether the text is printed on the picture. A short text there stands by itself: a sticker, a label. */
export const isShown = ({ surface }: TextContext): boolean => surface !== 'speech' && surface !== 'reply';
