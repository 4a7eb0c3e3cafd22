import t from 'tap';
import { LayoutMaker } from '../../../src/scene/lay-out.js';
import { draw, kernels, roomOf, square } from '../scene-kit.js';

const STRIP = { x: 16, y: 886, width: 608, height: 120, theme: 'dark' };

const product = {
  id: 'pot',
  title: 'Pot',
  image: 'p.svg',
  price: { amount: 12.8, currency: 'USD', unit: 'piece' },
  priceLadder: [
    { from: 100, to: 499, price: 12.8 },
    { from: 500, to: 1999, price: 11.9 },
    { from: 2000, price: 10.9 },
  ],
  attributes: [
    { name: 'Material', value: 'Ceramic-coated aluminium' },
    { name: 'Capacity', value: '4.2 litres' },
    { name: 'Lid', value: 'glass' },
  ],
};

t.test('a low wide panel shows its rows side by side and keeps to its height', async (t) => {
  const laid = async (
    type: 'ladder' | 'attributes',
    parts: { language?: string; of?: object; height?: number } = {},
  ) => {
    const { language = 'en', of = {}, height = STRIP.height } = parts;
    const room = roomOf(t.testdir({ 'p.svg': square('#0000ff') }), {
      width: 720,
      height: 1280,
      language,
      layers: [{ id: 'table', type, ...STRIP, height, maxRows: 3 }],
      products: [{ ...product, ...of }],
      product: 'pot',
    });
    const layout = new LayoutMaker(room, { kernels, admit: async () => undefined, draw });
    return (await layout.layers('pot')).find(({ layer: { id } }) => id === 'table')!;
  };
  for (const language of ['en', 'de', 'th', 'ar', 'zh'])
    for (const type of ['ladder', 'attributes'] as const) {
      const { box, overflow } = await laid(type, { language });
      t.same(box, { x: 16, y: 886, width: 608, height: 120 }, `${type} in ${language}`);
      t.equal(overflow, undefined, `${type} in ${language}`);
    }
  const ladder = await laid('ladder');
  for (const price of ['$12.80', '$11.90', '$10.90', '100', '2,000']) t.match(ladder.text, price);
  t.notMatch(ladder.text, 'quantity', 'no title');
  t.match((await laid('ladder', { height: 300 })).text, 'quantity', 'a higher one keeps its title');

  const table = await laid('attributes');
  for (const { value } of product.attributes) t.match(table.text, value, 'a long value takes two lines and more room');

  const rich = product.priceLadder.map((step) => ({ ...step, price: step.price * 98_765 }));
  const dear = await laid('ladder', { of: { priceLadder: rich } });
  t.match(dear.text, '1,264,192', 'every price stays');
  t.match(dear.text, '1,076,538', 'every price stays');

  const value = 'Oberflächenversiegelung durch Keramikbeschichtung';
  const wordy = await laid('attributes', {
    of: {
      attributes: [
        { name: 'Coating', value },
        { name: 'Finish', value },
      ],
    },
  });
  t.match(wordy.text, 'Coating');
  t.notMatch(wordy.text, 'Finish', 'what would need smaller letters is left out');
});
