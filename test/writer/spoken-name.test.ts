import t from 'tap';
import { KnownWords } from '../../src/writer/spoken-values.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { goodsTable, namesProduct, spokenName } from '../../src/writer/spoken-name.js';
import { fullProduct } from './sample-products.js';

const plans = sentencePlans();
const known = new KnownWords(plans);
const nameOf = (title: string, language: string, listingLanguage = 'en', more: object = {}): string | undefined =>
  spokenName(fullProduct({ title, attributes: [], ...more }), { plan: plans.get(language)!, known, listingLanguage });

t.test('calls a product by the words of its title, without search words', async (t) => {
  for (const [title, said] of [
    ['Custom Logo Foldable Silicone Kettle BPA Free Travel', 'foldable silicone kettle'],
    ['2026 New Arrival Luxury Sneakers', 'sneakers'],
    ['Unisex Breathable Running Shoes Lightweight Sneakers for Men', 'lightweight sneakers'],
    ['Insulated Steel Bottle 750 ml with bamboo lid, custom logo', 'insulated steel bottle'],
    ['Factory Wholesale Type-C LED Desk Lamp', 'Type-C LED desk lamp'],
    ['Harbour Thing of No Kind', 'Harbour Thing of No Kind'],
  ] as const)
    t.equal(nameOf(title, 'en'), said);
  t.equal(nameOf('定制LOGO硅胶折叠水壶 便携旅行', 'zh', 'zh'), '硅胶折叠水壶');
  t.equal(nameOf('2024新款厂家直销竹制砧板', 'zh', 'zh'), '竹制砧板');
});

t.test('names the kind of goods and its material in the other languages', async (t) => {
  const title = 'Custom Logo Foldable Silicone Kettle';
  for (const [language, said] of [
    ['zh', '硅胶水壶'],
    ['es', 'el hervidor de silicona'],
    ['fr', 'la bouilloire en silicone'],
    ['de', 'der Wasserkocher aus Silikon'],
    ['ru', 'чайник из силикона'],
    ['pl', 'czajnik z silikonu'],
    ['ja', 'シリコーンのケトル'],
    ['hi', 'केतली'],
  ] as const)
    t.equal(nameOf(title, language), said);
  const bamboo = [{ name: '材质', value: '竹' }];
  t.equal(nameOf('竹砧板', 'en', 'zh', { attributes: bamboo }), 'bamboo cutting board');
  const two = [{ name: 'Material', value: 'Bamboo and glass' }];
  t.equal(nameOf('Kettle', 'es', 'en', { attributes: two }), 'el hervidor', 'two materials are none');
  t.equal(nameOf('Harbour Thing', 'zh'), undefined);
});

t.test('says the name that the seller gave', async (t) => {
  t.equal(nameOf('Custom Kettle', 'es', 'en', { name: { es: 'el hervidor Bahía' } }), 'el hervidor Bahía');
});

t.test('tells lines that name the product from those that do not', async (t) => {
  const kettle = fullProduct({ title: 'Foldable Silicone Kettle' });
  t.ok(namesProduct('Here is the kettle.', kettle, 'en', 'en'));
  t.ok(namesProduct('这是硅胶水壶。', kettle, 'zh', 'en'));
  t.ok(namesProduct('Aquí tengo el hervidor.', kettle, 'es', 'en'));
  t.notOk(namesProduct('现在我手上这款，我们仔细看看。', kettle, 'zh', 'en'));
  t.notOk(namesProduct('Now the next one.', kettle, 'en', 'en'));
});

t.test('every kind of goods has a name in every language, and no name stands for two kinds', async (t) => {
  const goods = goodsTable();
  for (const language of plans.keys()) {
    const kinds = goods.kinds();
    t.same(
      kinds.filter((kind) => goods.name(kind, language) === undefined),
      [],
      language,
    );
  }
  const english = goods.kinds().flatMap((kind) => goods.words(kind, 'en'));
  t.equal(new Set(english).size, english.length, 'English names are of one kind each');
});
