import t from 'tap';
import { expandWordings, fillSlots } from '../../src/writer/expand-wordings.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { SpokenValues } from '../../src/writer/spoken-values.js';

const values = (language: string): SpokenValues => new SpokenValues(sentencePlans().get(language)!);

t.test('counts with the plural that each language has', async (t) => {
  t.equal(values('en').quantity(1, 'piece'), '1 piece');
  t.equal(values('en').quantity(500, 'box'), '500 boxes');
  t.equal(values('zh').quantity(500, 'piece'), '500件');
  t.same(
    [1, 2, 5, 21].map((n) => values('ru').quantity(n, 'piece')),
    ['1 штука', '2 штуки', '5 штук', '21 штука'],
  );
  t.same(
    [1, 22].map((n) => values('ru').quantity(n, 'piece', true)),
    ['1 штуки', '22 штук'],
    'genitive after "from"',
  );
  t.same(
    [2, 3, 11, 100].map((n) => values('ar').quantity(n, 'piece')),
    ['قطعتان', '3 قطع', '11 قطعة', '100 قطعة'],
  );
  t.same(
    [1, 3, 5].map((n) => values('pl').quantity(n, 'set')),
    ['1 zestaw', '3 zestawy', '5 zestawów'],
  );
});

t.test('says amounts by name, whole ones without decimals', async (t) => {
  t.equal(values('en').money(4.2, 'USD'), '4.20 US dollars');
  t.equal(values('en').money(9, 'USD'), '9 US dollars');
  t.equal(values('de').money(1500, 'EUR'), '1500 Euro');
  t.equal(values('ja').money(4.2, 'USD'), '4.20米ドル');
});

t.test('says measures in the unit names of the language, and nothing that is no measure', async (t) => {
  t.equal(values('es').measure('350 ml'), '350 mililitros');
  t.equal(values('en').measure('1升'), '1 liter');
  t.equal(values('fr').measure('12V'), '12 V');
  t.equal(values('ru').measure('20x30*5 CM'), '20 × 30 × 5 см');
  for (const no of ['about 5 ml', '350', 'constructor', '5 constructor', '12 foo'])
    t.equal(values('en').measure(no), undefined, no);
});

t.test('expands alternatives and fills slots once', async (t) => {
  t.same(expandWordings(['(A|B) {x}.', 'C {x}.']), ['A {x}.', 'C {x}.', 'B {x}.']);
  t.equal(fillSlots('{x} and {y}', { x: '{y}', y: 'two' }), '{y} and two');
});
