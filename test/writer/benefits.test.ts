import t from 'tap';
import { benefitsOf } from '../../src/writer/benefits.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { fullProduct } from './sample-products.js';

const keys = (title: string, attributes: { name: string; value: string }[] = []): string[] =>
  benefitsOf(fullProduct({ title, subtitle: '', facts: [], attributes }), 'en').map(({ key }) => key);

t.test('says what a property is good for where the listing carries it', async (t) => {
  t.same(keys('Foldable Silicone Kettle'), ['foldable']);
  t.same(keys('水壶 可折叠 便携'), ['foldable', 'portable']);
  t.same(keys('Lamp', [{ name: 'Waterproof', value: 'Yes' }]), ['waterproof']);
});

t.test('says nothing that the listing denies or does not say', async (t) => {
  t.same(keys('Kettle'), []);
  t.same(keys('Lamp, not waterproof'), []);
  t.same(keys('Non-foldable table'), []);
  t.same(keys('不防水的灯'), []);
  t.same(keys('Lamp', [{ name: 'Waterproof', value: 'No' }]), []);
});

t.test('has a sentence in every language of the writer', async (t) => {
  const product = fullProduct({ title: 'Foldable portable lightweight rechargeable wireless waterproof lamp' });
  for (const language of sentencePlans().keys())
    t.equal(benefitsOf(product, language).length, benefitsOf(product, 'en').length, language);
});
