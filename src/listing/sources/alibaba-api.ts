import { type Attribute, completeListing, type Listing, type PriceStep } from '../listing.js';
import { largestPicture, PageValue, plainText } from '../page-tree.js';

/** Whether JSON is the answer of the Alibaba.com Open API to `alibaba.icbu.product.get`. */
export const isAlibabaAnswer = (value: PageValue): boolean => answered(value).exists;

const answered = (value: PageValue): PageValue => {
  const wrapped = value.at('alibaba_icbu_product_get_response', 'product');
  return wrapped.exists
    ? wrapped
    : value.at('product', 'subject').exists
      ? value.at('product')
      : new PageValue(undefined);
};

/**
 * An answer of `alibaba.icbu.product.get`. Its prices carry binary noise (7.66999…), a lot is not a piece, and steps below
 * the minimum order are never sold.
 */
export function readAlibabaAnswer(value: PageValue): Listing {
  const product = answered(value);
  const wholesale = product.at('wholesale_trade');
  const sourcing = product.at('sourcing_trade');
  const minimumOrder = wholesale.at('min_order_quantity').number ?? sourcing.at('min_order_quantity').number;
  const isLot = /lot|batch/i.test(wholesale.at('sale_type').text ?? '');
  return completeListing({
    source: 'alibaba-api',
    id: product.at('product_id').text ?? product.at('id').text,
    title: product.at('subject').text ?? '',
    currency: product.at('currency').text ?? sourcing.at('fob_currency').text ?? 'USD',
    priceLadder: priceLadder(product, minimumOrder ?? 1),
    unit: isLot ? 'lot' : unitName(wholesale.at('unit_type').text ?? sourcing.at('fob_unit_type').text),
    minimumOrder,
    variants: variants(product),
    attributes: attributes(product),
    pictures: product
      .at('main_image', 'images', 'string')
      .list.flatMap((one) => (one.text === undefined ? [] : [largestPicture(one.text)])),
    description: plainText(product.at('description').text),
    stock: product.at('display').text === 'N' ? 'sold-out' : 'on-sale',
  });
}

/** An attribute with several values comes once for each of them. */
function attributes(product: PageValue): Attribute[] {
  const byName = new Map<string, Set<string>>();
  for (const one of product.at('attributes', 'product_attribute').list) {
    const name = one.at('attribute_name').text;
    const text = one.at('value_name').text;
    if (name === undefined || text === undefined) continue;
    byName.set(name, (byName.get(name) ?? new Set()).add(text));
  }
  return [...byName].map(([name, values]) => ({ name, value: [...values].join(', ') }));
}

const unitName = (unit: string | undefined): string | undefined =>
  unit?.toLowerCase().replace(/[_-]/g, ' ').replace(/\/.*$/, '').trim();

const cents = (price: number): number => Math.round(price * 100) / 100;

function priceLadder(product: PageValue, minimumOrder: number): PriceStep[] {
  const discount = product
    .at('product_sku', 'skus', 'sku_definition')
    .list.flatMap((sku) => sku.at('bulk_discount_prices', 'bulk_discount_price').list);
  for (const list of [product.at('ladder_prices').list, discount]) {
    const byQuantity = new Map<number, number>();
    for (const one of list) {
      // −1 stands for a price at any quantity.
      const from = Math.max(minimumOrder, one.at('start_quantity').number ?? one.at('min_quantity').number ?? -1);
      const price = one.at('price').number;
      if (price === undefined) continue;
      byQuantity.set(from, Math.min(cents(price), byQuantity.get(from) ?? Infinity));
    }
    const steps = [...byQuantity].sort(([a], [b]) => a - b);
    if (steps.length === 0) continue;
    return steps.map(([from, price], i) => ({
      from,
      price,
      ...(i + 1 < steps.length && { to: steps[i + 1]![0] - 1 }),
    }));
  }
  const price = product.at('wholesale_trade', 'price').number ?? product.at('sourcing_trade', 'fob_min_price').number;
  return price === undefined ? [] : [{ from: minimumOrder, price: cents(price) }];
}

function variants(product: PageValue): { name: string; values: { name: string }[] }[] {
  const groups = new Map<string, Set<string>>();
  for (const one of product.at('product_sku', 'sku_attributes', 'sku_attribute').list) {
    const name = one.at('attribute_name').text;
    const values = one
      .at('values', 'sku_attribute_value')
      .list.flatMap((value) => value.at('custom_value_name').text ?? value.at('system_value_name').text ?? []);
    if (name !== undefined && values.length > 0) groups.set(name, new Set(values));
  }
  for (const sku of product.at('product_sku', 'skus', 'sku_definition').list)
    for (const one of sku.at('attributes', 'sku_attribute').list) {
      const name = one.at('attribute_name').text;
      const text = one.at('value_name').text ?? one.at('custom_value_name').text;
      if (name === undefined || text === undefined) continue;
      groups.set(name, (groups.get(name) ?? new Set()).add(text));
    }
  return [...groups].map(([name, values]) => ({ name, values: [...values].map((one) => ({ name: one })) }));
}
