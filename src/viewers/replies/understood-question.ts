import type { Product } from '../../config/sections/product.js';
import type { Intent } from './comments/reply-pack-schema.js';

/**
 * A viewer's question as it was understood. The show says and shows this, never the comment: each field is a name of the
 * show's own, a number, or a place in a listing, so that no character of a comment can reach picture or sound by it.
 */
export interface UnderstoodQuestion {
  /** Language of the viewer, if it is one that is answered in. */
  readonly language: string;
  /** What is asked; undefined for a question that no intent covers. */
  readonly intent: Intent | undefined;
  /** The product that it is about. */
  readonly product: Product | undefined;
  /** Number of pieces, of a question about the price or the time of so many. */
  readonly quantity: number | undefined;
  /** Name of an attribute or a detail of packing of the product, as its listing writes it. */
  readonly attribute: string | undefined;
  /** Canonical name of what is asked, of the meaning tables. */
  readonly meaning?: string | undefined;
  /** Position in the product's `faq` of the question that it equals. */
  readonly faq: number | undefined;
}

const MAX_QUANTITY = 999_999;
const MAX_PLAIN_COUNT = 12;

/**
 * Whether a number of pieces may be shown: at most two digits of it tell anything, the rest are zeros. 500, 1200 and
 * 25000 are quantities that people order; 138001 can be a part of a telephone number.
 */
export function isPlainQuantity(count: number): boolean {
  if (!Number.isInteger(count) || count < 1 || count > MAX_QUANTITY) return false;
  if (count <= MAX_PLAIN_COUNT) return true;
  return count < 100 ? count % 10 === 0 : count % 10 ** (String(count).length - 2) === 0;
}
