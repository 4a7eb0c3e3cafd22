import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { parseRoom } from '../../src/config/load-room.js';
import { layer, type Layer } from '../../src/config/sections/layer.js';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { TextJudge } from '../../src/moderation/index.js';
import { benefitsOf } from '../../src/writer/benefits.js';
import { expandWordings, fillSlots } from '../../src/writer/expand-wordings.js';
import { openChatClient } from '../../src/writer/llm/chat-client.js';
import { readPlans, sentencePlans } from '../../src/writer/plan-schema.js';
import { readProductFile } from '../../src/writer/read-product-file.js';
import { measureRepetition } from '../../src/writer/repetition.js';
import { replaceScript } from '../../src/writer/replace-script.js';
import { goodsTable, namesProduct, spokenName } from '../../src/writer/spoken-name.js';
import { KnownWords, SpokenValues } from '../../src/writer/spoken-values.js';
import { writeScript } from '../../src/writer/write-script.js';
import { fullProduct } from './sample-products.js';

t.test('benefits', async (t) => {
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
});

t.test('files', async (t) => {
  const base = {
    name: 'shop',
    presenter: { pack: 'mei' },
    layers: [{ id: 'host', type: 'presenter' }],
    script: { gapMs: 300, fillers: ['Still here.'], segments: [{ lines: [{ text: 'Old' }] }] },
    language: 'en',
  };
  const cup = { id: 'cup', title: 'Cup', image: 'cup.svg', price: { amount: 2, currency: 'USD' } };
  const parse = (room: object) => parseRoom(JSON.stringify(room), '/rooms/shop/room.json', { env: {} });

  t.test('replaces the segments of a room file and keeps all else in its order', async (t) => {
    const file = join(t.testdir(), 'room.json');
    writeFileSync(file, JSON.stringify(base));
    await replaceScript(file, [{ lines: [{ text: 'New', variants: [], gesture: 'none' }] }]);
    const after = JSON.parse(readFileSync(file, 'utf8')) as typeof base;
    t.same(Object.keys(after), Object.keys(base));
    t.same({ ...after, script: undefined }, { ...base, script: undefined });
    t.match(after.script, { gapMs: 300, fillers: ['Still here.'], segments: [{ lines: [{ text: 'New' }] }] });
  });

  t.test('reads one product, a list, and a room’s products; names the fault in others', async (t) => {
    const dir = t.testdir();
    const read = (content: string): string[] => {
      writeFileSync(join(dir, 'p.json'), content);
      return readProductFile(join(dir, 'p.json')).map(({ id }) => id);
    };
    t.same(read(JSON.stringify(cup)), ['cup']);
    t.same(read(JSON.stringify([cup, { ...cup, id: 'b' }])), ['cup', 'b']);
    t.same(read(JSON.stringify({ ...base, products: [cup] })), ['cup']);
    t.throws(() => read('{'), { code: 'E_LISTING_INVALID', message: /not JSON/ });
    t.throws(() => read(JSON.stringify({ ...cup, price: 2 })), { code: 'E_LISTING_INVALID', message: /price/ });
  });

  t.test('refuses a sentence plan whose wordings lack a slot, with its place', async (t) => {
    const dir = t.testdir();
    mkdirSync(join(dir, 'plans'));
    const plan = JSON.parse(readFileSync(templatePath('writer/en.json'), 'utf8')) as {
      sentences: Record<string, string[]>;
    };
    plan.sentences['price'] = ['It is cheap.', 'It costs {price}.'];
    writeFileSync(join(dir, 'plans', 'en.json'), JSON.stringify(plan));
    t.throws(() => readPlans(join(dir, 'plans')), { code: 'E_ASSET_INVALID', message: /sentences\.price.*\{price\}/ });
  });

  t.test('a key that is written out in the room file is refused and not shown', async (t) => {
    const llm = { baseUrl: 'https://llm.example/v1', model: 'm', apiKey: 'sk-very-secret' };
    try {
      parse({ ...base, llm });
      t.fail('expected a refusal');
    } catch (error) {
      t.match((error as Error).message, /llm\.apiKey.*LLM_KEY/);
      t.notMatch(JSON.stringify(error) + String(error), /very-secret/);
    }
  });

  t.test('the key comes from the environment when the client is opened, and stays out of the room', async (t) => {
    const { llm } = parse({ ...base, llm: { baseUrl: 'https://llm.example/v1', model: 'm', apiKey: '${LLM_KEY}' } });
    t.equal(llm?.apiKey, '${LLM_KEY}');
    t.throws(() => openChatClient(llm!, {}), { code: 'E_ENV_MISSING', message: /LLM_KEY/ });
    t.ok(openChatClient(llm!, { LLM_KEY: 'k' }));
  });

  t.test('measures how often a sentence comes again within two hours', async (t) => {
    const line = (variants: string[]) =>
      scriptSchema.parse({ gapMs: 0, segments: [{ lines: [{ text: 'x'.repeat(145), variants, pauseMs: 50_000 }] }] });
    // Ten seconds to say and fifty of silence: once a minute.
    const one = await measureRepetition(line([]), 24 * 3600, 'en');
    t.match(one, { maximum: 120, shortestGapS: 60 });
    const two = await measureRepetition(line(['y'.repeat(145)]), 24 * 3600, 'en');
    t.match(two, { maximum: 60, shortestGapS: 120 });
  });
});

t.test('layer cues', async (t) => {
  const layers: Layer[] = [
    { id: 'steps', type: 'ladder', shown: 'on-cue' },
    { id: 'table', type: 'attributes', shown: 'on-cue' },
    { id: 'always', type: 'ladder' },
    { id: 'other', type: 'ladder', shown: 'on-cue', product: 'cup' },
    { id: 'deal', type: 'coupon', shown: 'on-cue', amount: 5 },
    { id: 'black', type: 'image', shown: 'on-cue', src: '/room/black.png' },
    { id: 'logo', type: 'image', shown: 'on-cue', src: '/room/logo.png' },
  ].map((one) => layer.parse(one));

  const colours = { name: 'Color', values: [{ name: 'Black', image: '/room/black.png' }, { name: 'White' }] };

  async function shownBy(products: readonly ReturnType<typeof fullProduct>[]): Promise<Map<string, string[]>> {
    const { segments } = await writeScript({
      products,
      languages: ['en'],
      roomLanguage: 'en',
      minutes: 20,
      style: 'warm',
      judge: new TextJudge(),
      maxWordings: 1,
      layers,
    });
    return new Map(segments.flatMap(({ lines }) => lines.map(({ text, show = [] }) => [text, [...show]] as const)));
  }

  const linesWith = (shown: Map<string, string[]>, id: string): string[] =>
    [...shown].filter(([, ids]) => ids.includes(id)).map(([text]) => text);

  t.test('shows the ladder, the table, a variant and a coupon with the lines about them', async (t) => {
    const shown = await shownBy([fullProduct({ variants: [colours] })]);
    const steps = linesWith(shown, 'steps');
    t.equal(steps.length, 1, 'one line for the whole ladder');
    t.ok(
      steps.every((text) => /4\.[28]0 US dollars/.test(text)),
      steps.join(' | '),
    );
    const table = linesWith(shown, 'table');
    t.ok(table.length >= 3 && table.some((text) => text.includes('350 milliliters')), table.join(' | '));
    t.match(linesWith(shown, 'black'), [/black.*white/i]);
    t.equal(linesWith(shown, 'deal').length, 1, 'with how to order');
    for (const id of ['always', 'other', 'logo']) t.same(linesWith(shown, id), [], id);
    t.same(shown.values().next().value, [], 'nothing with the greeting');
  });

  t.test('names no ladder for a product with one price', async (t) => {
    const shown = await shownBy([fullProduct({ priceLadder: [] })]);
    t.same(linesWith(shown, 'steps'), []);
    t.equal(linesWith(shown, 'deal').length, 2, 'with the price and with how to order');
  });
});

t.test('spoken name', async (t) => {
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
      ['Table Lamp with Fabric Shade', 'table lamp'],
      ['Armchair with Wooden Legs', 'armchair'],
      ['Face Cream and Serum', 'face cream and serum'],
    ] as const)
      t.equal(nameOf(title, 'en'), said);
    t.equal(nameOf('Table Lamp with Fabric Shade', 'es'), 'la lámpara');
    t.equal(nameOf('Lampe mit Schirm aus Stoff', 'es', 'de'), 'la lámpara');
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
});

t.test('spoken values', async (t) => {
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
});
