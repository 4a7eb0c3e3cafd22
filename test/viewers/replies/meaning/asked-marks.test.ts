import t from 'tap';
import { product } from '../../../../src/config/sections/product.js';
import { asksOtherMark } from '../../../../src/viewers/replies/meaning/meaning-answers.js';

const cream = product.parse({
  id: 'cream',
  title: 'Face Cream',
  image: 'cream.png',
  price: { amount: 6.5, currency: 'USD', unit: 'piece' },
  certificates: [{ name: 'GMP' }, { name: 'Halal' }],
  facts: ['GMP', 'Halal'],
});

t.test('a certificate that is asked for by name is not answered by another one', async (t) => {
  for (const text of [
    'ist die bio zertifiziert',
    'is it fda approved',
    '有ce认证吗',
    'オーガニックですか',
    'это веган',
  ])
    t.equal(asksOtherMark(text, cream), true, text);
  for (const text of ['is it gmp certified', '是清真的吗', 'حلال؟', 'халяль есть', 'any certificates', 'gmp or fda?'])
    t.equal(asksOtherMark(text, cream), false, text);
});
