import { Parser } from 'htmlparser2';
import { EngineError } from '../core/errors.js';

/**
 * Bounds of a page, checked by its tags alone before its tree is built: building a tree of deep nesting takes time with
 * the square of its depth. The largest product pages seen have 15,000 elements in 60 levels.
 */
export const PAGE_LIMITS = {
  depth: 256,
  elements: 60_000,
  attributes: 300_000,
  attributesOfOne: 400,
  comments: 20_000,
} as const;

/** Throws E_LISTING_INVALID, naming the bound that a page exceeds. */
export function checkPageBounds(html: string, where: string): void {
  const counts = { depth: 0, elements: 0, attributes: 0, attributesOfOne: 0, comments: 0 };
  const count = (name: keyof typeof counts): void => {
    counts[name] += 1;
    if (counts[name] > PAGE_LIMITS[name]) throw tooMuch(where, name);
  };
  const parser = new Parser({
    onopentagname: () => (counts.attributesOfOne = 0),
    onattribute: () => {
      count('attributesOfOne');
      count('attributes');
    },
    onopentag: () => {
      count('elements');
      count('depth');
    },
    onclosetag: () => (counts.depth -= 1),
    oncomment: () => count('comments'),
  });
  parser.write(html);
  parser.end();
}

const NAMES: Readonly<Record<keyof typeof PAGE_LIMITS, string>> = {
  depth: 'levels of elements',
  elements: 'elements',
  attributes: 'attributes',
  attributesOfOne: 'attributes of one element',
  comments: 'comments',
};

const tooMuch = (where: string, name: keyof typeof PAGE_LIMITS): EngineError =>
  new EngineError('E_LISTING_INVALID', {
    where,
    expected: `at most ${PAGE_LIMITS[name]} ${NAMES[name]}`,
    found: 'more',
    todo: 'paste title, price and facts as text: `engine product -`',
    details: { limit: name, most: PAGE_LIMITS[name] },
  });
