import t from 'tap';
import { product } from '../../src/config/sections/product.js';
import { cleanTitle, toProduct } from '../../src/listing/to-product.js';
import { completeListing } from '../../src/listing/listing.js';
import { listingOf } from './fixture.js';

const options = { where: 'page', image: 'products/x/1.png' };

t.test('every fixture becomes a product that the room file takes', async (t) => {
  for (const name of [
    'alibaba-ladder.html',
    'alibaba-sku-priced.html',
    'alibaba-drawn.html',
    '1688-desktop.html',
    '1688-mobile.html',
    'taobao.html',
    'alibaba-api.json',
    'shopify.html',
    'woocommerce.html',
    'aliexpress.html',
    'open-graph.html',
    'pasted-en.txt',
    'pasted-zh.txt',
  ]) {
    const result = product.safeParse(toProduct(listingOf(name), options));
    t.ok(result.success, `${name} ${result.success ? '' : result.error.message}`);
  }
});

t.test('slogans, ranks and contacts are left out, facts are kept', async (t) => {
  const made = toProduct(listingOf('alibaba-ladder.html'), options);
  t.equal(made.title, 'Portable Bluetooth Speaker');
  t.equal(made.minimumOrder, '6 pieces');
  t.notMatch(JSON.stringify(made), /WhatsApp|Best in|#1|@example/);
  t.ok(made.facts.includes('Power: 10W'));
  t.ok(made.facts.includes('RoHS'));
  t.strictSame(
    made.faq.map((one) => one.question),
    ['Can you print our logo?'],
  );
  t.equal(made.priceLadder.length, 3);
});

t.test("sample and own logo become fields out of the listing's answers", async (t) => {
  const listing = completeListing({
    source: 'pasted-text',
    title: 'Kettle',
    currency: 'USD',
    priceLadder: [{ from: 1, price: 12.9 }],
    faq: [
      { question: 'Samples?', answer: 'We are the best factory. A sample costs 18 US dollars and ships in 3 days.' },
      { question: 'Own logo?', answer: 'Yes, from 200 pieces.' },
    ],
  });
  const made = toProduct(listing, options);
  t.match(made, { sample: { price: 18, quantity: 1, days: 3 }, customisation: { from: 200 } });
  t.equal(made.faq[0]!.answer, 'A sample costs 18 US dollars and ships in 3 days.', 'the slogan alone is left out');
  t.equal(toProduct({ ...listing, currency: 'GHS' }, options).sample, undefined, 'dollars are no cedis');
});

t.test('refuses a listing without price or currency, with the remedy', async (t) => {
  const bare = completeListing({ source: 'pasted-text', title: 'Lamp' });
  t.throws(() => toProduct(bare, options), { code: 'E_LISTING_INVALID', expected: 'a price' });
  const priced = { ...bare, priceLadder: [{ from: 1, price: 3 }] };
  t.throws(() => toProduct(priced, options), { code: 'E_LISTING_INVALID', message: /--currency/ });
  t.equal(toProduct(priced, { ...options, currency: 'eur' }).price.currency, 'EUR');
});

t.test('a ladder is made ascending and without gaps or repeats', async (t) => {
  const made = toProduct(
    completeListing({
      source: 'pasted-text',
      title: 'Lamp',
      currency: 'USD',
      minimumOrder: 10,
      unit: 'box',
      priceLadder: [
        { from: 100, price: 2 },
        { from: 10, to: 50, price: 3 },
        { from: 100, price: 9 },
        { from: 1, to: 9, price: 4 },
      ],
    }),
    options,
  );
  t.strictSame(made.priceLadder, [
    { from: 10, to: 99, price: 3 },
    { from: 100, price: 2 },
  ]);
  t.equal(made.minimumOrder, '10 boxes');
});

t.test('titles lose their keywords', async (t) => {
  t.equal(cleanTitle('Wholesale Portable LED Lamp for Camping Hiking Outdoor 2024 New'), 'Portable LED Lamp');
  t.equal(cleanTitle('跨境爆款折叠台灯 LED护眼灯，厂家直销'), '折叠台灯 LED护眼灯');
  t.equal(cleanTitle('Mug'), 'Mug');
});

t.test('titles lose braces, and slogans before and after the name', async (t) => {
  for (const [title, clean] of [
    ['Custom Logo Foldable Silicone Kettle {BPA Free} Travel', 'Foldable Silicone Kettle Travel'],
    ['{BPA Free} Lunch Box', 'Lunch Box'],
    ['[2024 New] Steel Water Bottle', 'Steel Water Bottle'],
    ['Luxury Sneakers', 'Sneakers'],
    ['New Luxury High Quality Leather Bag', 'Leather Bag'],
    ['2025 New Design Fashion Sneakers Hot Sale', 'Sneakers'],
    ['Best Price Premium Yoga Mat New', 'Yoga Mat'],
    ['Premium', 'Premium'],
    ['New Year Gift Box', 'New Year Gift Box'],
    ['Best Friend Necklace', 'Best Friend Necklace'],
    ['New Zealand Wool Blanket', 'New Zealand Wool Blanket'],
    ['Low Noise Fan', 'Low Noise Fan'],
    ['Top Handle Bag', 'Top Handle Bag'],
    ['Free Standing Mirror', 'Free Standing Mirror'],
    ['Hot Water Bottle', 'Hot Water Bottle'],
    ['High Back Chair', 'High Back Chair'],
    ['{新款} 硅胶折叠水壶', '硅胶折叠水壶'],
    ['高档网红硅胶水壶 便携', '硅胶水壶 便携'],
    ['{跨境}', '跨境'],
  ] as const)
    t.equal(cleanTitle(title), clean, title);
});
