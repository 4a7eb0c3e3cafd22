import type { Product } from '../config/sections/product.js';
import type { Template, TextsOfLanguage } from '../config/templates/template.js';
import { CommentReader } from '../viewers/replies/comments/comment-reader.js';
import { replyPacks } from '../viewers/replies/comments/reply-packs.js';
import { listingLanguage } from '../writer/listing-language.js';

/** Texts of badge and ticker. */
export interface ShownTexts {
  readonly badge: string;
  readonly ticker: readonly string[];
}

type Claim = 'samples' | 'custom' | 'small-orders';

/** The claim that each text makes; those without one hold for every product. */
const CLAIM_OF_LINE = { 'own-logo': 'custom', 'small-orders': 'small-orders', questions: undefined } as const;
const CLAIM_OF_BADGE = { samples: 'samples', custom: 'custom', order: undefined } as const;
const CLAIM_OF_TICKER: readonly (Claim | undefined)[] = [undefined, 'samples', 'custom', undefined];
const MAX_SMALL_ORDER = 20;

/** The template's own texts. */
export const ownTexts = ({ badge, line }: Template, texts: TextsOfLanguage): ShownTexts => ({
  badge: texts.badges[badge],
  ticker: [texts.lines[line], ...texts.ticker],
});

/** The texts that hold for all of these products: a claim that one of the listings does not make gives way to a text without one. */
export function heldTexts(
  { badge, line }: Template,
  texts: TextsOfLanguage,
  products: readonly Product[],
  language: string,
): ShownTexts {
  const comments = new CommentReader(replyPacks(), language);
  const holds = (claim: Claim | undefined): boolean =>
    claim === undefined || products.every((one) => states(one, claim, comments, language));
  return {
    badge: texts.badges[holds(CLAIM_OF_BADGE[badge]) ? badge : 'order'],
    ticker: [
      texts.lines[holds(CLAIM_OF_LINE[line]) ? line : 'questions'],
      ...texts.ticker.filter((_, i) => holds(CLAIM_OF_TICKER[i])),
    ],
  };
}

function states(product: Product, claim: Claim, comments: CommentReader, fallback: string): boolean {
  if (claim === 'small-orders') {
    const from =
      product.priceLadder[0]?.from ?? Number.parseInt(product.minimumOrder.replace(/[.,](?=\d{3})/g, ''), 10);
    return from <= MAX_SMALL_ORDER;
  }
  if (claim === 'samples' && product.sample !== undefined) return true;
  const matcher = comments.matcher(listingLanguage(product, fallback));
  const intent = claim === 'samples' ? 'sample' : 'customisation';
  const said = [...product.facts, ...[...product.attributes, ...product.packing].map(({ name }) => name)];
  return said.some((text) => matcher.concerns(intent, text));
}
