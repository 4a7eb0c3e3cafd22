import type { Product } from '../../../config/sections/product.js';
import { foldComment } from './fold-comment.js';

const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const MIN_LETTERS = 4;
const SIGNS_OF_A_WORD = 2;

/** Finds the product that a comment names by words of its title. */
export class NamedProduct {
  private readonly stems: readonly { product: Product; own: ReadonlySet<string> }[];

  constructor(products: readonly Product[]) {
    const all = products.map((product) => ({ product, words: stemsOf(product.title) }));
    // A word in two titles names neither.
    this.stems = all.map(({ product, words }) => ({
      product,
      own: new Set(
        [...words].filter((word) => all.every((other) => other.product === product || !other.words.has(word))),
      ),
    }));
  }

  /** The product with the most title words in the comment; undefined when none or two have. */
  in(comment: string): Product | undefined {
    const folded = foldComment(comment);
    const tight = folded.replaceAll(' ', '');
    let best: Product | undefined;
    let most = 0;
    let isShared = false;
    for (const { product, own } of this.stems) {
      let count = 0;
      for (const stem of own)
        if (DENSE.test(stem) ? tight.includes(stem) : ` ${folded}`.includes(` ${stem}`)) count += 1;
      if (count > most) [best, most, isShared] = [product, count, false];
      else if (count === most && count > 0) isShared = true;
    }
    return isShared ? undefined : best;
  }
}

/** Beginnings of words that survive inflection; pairs of characters for scripts without spaces. */
function stemsOf(title: string): Set<string> {
  const stems = new Set<string>();
  for (const word of foldComment(title).split(' ')) {
    if (DENSE.test(word)) {
      for (let i = 0; i + SIGNS_OF_A_WORD <= word.length; i += 1) stems.add(word.slice(i, i + SIGNS_OF_A_WORD));
    } else if (word.length >= MIN_LETTERS && !/\d/.test(word)) {
      stems.add(word.slice(0, Math.max(MIN_LETTERS, Math.ceil(word.length * 0.75))));
    }
  }
  return stems;
}
