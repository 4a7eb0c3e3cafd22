import type { Product } from '../../config/sections/product.js';
import { cleanValue, slotValue, spokenTitle } from '../../writer/clean-value.js';
import type { ListingReader } from '../../writer/product-sentences.js';

const VARIABLE = /\{([a-zA-Z.]+)(?::([^{}]{1,80}))?\}/g;

export interface RuleVariables {
  /** A given name, or how a viewer without one is spoken to. */
  readonly user: string | undefined;
  readonly product: Product | undefined;
  readonly reader: ListingReader | undefined;
}

/** Fills the variables of a rule's answer; undefined when one of them has no value in the listing. */
export function fillVariables(text: string, variables: RuleVariables): string | undefined {
  let isComplete = true;
  const filled = text.replace(VARIABLE, (_, name: string, argument: string | undefined) => {
    const value = valueOf(name, argument, variables);
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete ? filled : undefined;
}

function valueOf(
  name: string,
  argument: string | undefined,
  { user, product, reader }: RuleVariables,
): string | undefined {
  if (name === 'user') return user;
  if (product === undefined || reader === undefined) return undefined;
  const { values, unit } = reader;
  const slot = (sentences: readonly { slots: Readonly<Record<string, string>> }[], key: string): string | undefined =>
    sentences[0]?.slots[key];
  switch (name) {
    case 'product.title':
      return spokenTitle(product.title);
    case 'price': {
      const amount = priceAt(product, argument);
      return amount === undefined || amount <= 0 ? undefined : values.money(amount, product.price.currency);
    }
    case 'moq':
      return slot(reader.minimumOrder(), 'quantity');
    case 'leadTime': {
      const days = daysAt(product, argument);
      return days === undefined ? undefined : values.days(days);
    }
    case 'sample':
      return slot(reader.sample(), 'price');
    case 'colours':
      return slot(reader.choices(), 'all') ?? slot(reader.choices(), 'count');
    case 'certificates': {
      const names = product.certificates.flatMap((one) => slotValue(one.name) ?? []);
      return names.length === 0 ? undefined : values.list(names.slice(0, 4));
    }
    case 'material':
      return attributeOf(product, reader, (one) => /material|材/iu.test(one));
    case 'unit':
      return values.quantity(1, unit);
    case 'attribute':
      return attributeOf(product, reader, (one) => one.toLowerCase() === argument?.trim().toLowerCase());
    default:
      return undefined;
  }
}

const attributeOf = (product: Product, reader: ListingReader, is: (name: string) => boolean): string | undefined => {
  const found = product.attributes.find(({ name }) => is(name));
  return found && reader.value(cleanValue(found.value));
};

function priceAt({ price, priceLadder }: Product, argument: string | undefined): number | undefined {
  if (argument === undefined) return priceLadder[0]?.price ?? price.amount;
  const count = Number(argument);
  if (priceLadder.length === 0) return price.amount;
  return priceLadder.findLast(({ from, to }) => from <= count && (to === undefined || count <= to))?.price;
}

function daysAt({ leadTime }: Product, argument: string | undefined): number | undefined {
  if (argument === undefined) return leadTime[0]?.days;
  const count = Number(argument);
  return leadTime.findLast(({ from, to }) => from <= count && (to === undefined || count <= to))?.days;
}
