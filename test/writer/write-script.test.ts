import t from 'tap';
import type { Product } from '../../src/config/sections/product.js';
import { script as scriptSchema, type Segment, wordingsOf } from '../../src/config/sections/script.js';
import { judgeAcross, recentText, TextJudge } from '../../src/moderation/index.js';
import { Listings } from '../../src/show/listings.js';
import { Rundown } from '../../src/show/rundown.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { type WriteOptions, writeScript, type WrittenScript } from '../../src/writer/write-script.js';
import { fullProduct } from './sample-products.js';
import { sampled } from '../kit/whole.js';

const judge = new TextJudge();
const write = (products: readonly Product[], more: Partial<WriteOptions> = {}): Promise<WrittenScript> => {
  const languages = more.languages ?? ['en'];
  return writeScript({
    products,
    languages,
    roomLanguage: languages[0]!,
    minutes: 20,
    style: 'warm',
    judge,
    maxWordings: 2,
    ...more,
  });
};
const linesOf = ({ segments }: WrittenScript) =>
  segments.flatMap((s) => s.lines.map((line) => ({ ...line, product: s.product })));
const texts = (script: WrittenScript): string[] => linesOf(script).map(({ text }) => text);

/** What `engine check` would call a fault in the script's words. */
function faults(segments: readonly Segment[], products: readonly Product[], roomLanguage: string): string[] {
  const found: string[] = [];
  const listings = new Listings(products);
  let said = '';
  for (const { product, lines } of scriptSchema.parse({ segments }).segments) {
    for (const line of lines) {
      const language = line.language ?? roomLanguage;
      for (const text of wordingsOf(line)) {
        for (const surface of ['speech', 'caption'] as const)
          for (const hit of judge.judge(text, { surface, language, entry: listings.of(product, text) }).hits)
            if (hit.action !== 'warn' && hit.action !== 'review') found.push(`${text}: ${hit.rule} ${hit.match}`);
      }
      for (const hit of judgeAcross(judge, said, line.text, language))
        found.push(`${said} + ${line.text}: ${hit.rule}`);
      said = recentText(said, line.text);
    }
  }
  return found;
}

const cup = fullProduct({
  id: 'cup',
  title: 'Travel Cup 500 ml',
  attributes: [
    { name: 'Material', value: 'Glass' },
    { name: 'Capacity', value: '500 ml' },
  ],
});

for (const language of sampled([...sentencePlans().keys()], 4)) {
  t.test(`writes a clean script in ${language} with other wordings for every line`, async (t) => {
    const products = [fullProduct(), fullProduct({ id: 'old', title: 'Old Cup', stock: 'sold-out' })];
    const script = await write(products, { languages: [language], maxWordings: 3 });
    t.same(faults(script.segments, products, language), []);
    const least = ['en', 'zh', 'es'].includes(language) ? 3 : 2;
    for (const line of linesOf(script)) {
      const isAnswer = line.text.startsWith('Yes, it is engraved');
      if (!isAnswer) t.ok(1 + line.variants.length >= least, `${least} wordings of "${line.text}"`);
    }
    const abouts = new Set(script.leftOut.map(({ about }) => about));
    t.notOk(abouts.has('price ladder') || abouts.has('price') || abouts.has('order'), 'price and order are said');
  });
}

t.test('says the ladder, the minimum, the lead time, the sample and the certificate of the listing', async (t) => {
  const all = texts(await write([fullProduct()])).join(' ');
  for (const part of [
    '100 pieces',
    '4.80 US dollars',
    '500 pieces',
    '4.20 from 500 pieces',
    '15 days',
    '30 days',
    '9 US dollars',
    'LFGB',
  ])
    t.match(all, part);
});

t.test('does not let two products of one kind sound like copies', async (t) => {
  const twin = fullProduct({ id: 'twin', title: 'Steel Mug 450 ml' });
  const script = await write([fullProduct(), twin]);
  const of = (id: string): string[] => linesOf(script).flatMap((l) => (l.product === id ? [l.text] : []));
  const shared = of('twin').filter((text) => of('mug').includes(text));
  t.same(
    shared.filter((text) => !text.startsWith('Yes, it is engraved')),
    [],
  );
});

t.test('the wordings depend on the product, and the same product gets the same script', async (t) => {
  t.same(texts(await write([fullProduct()])), texts(await write([fullProduct()])));
  const of = async (id: string): Promise<string> => texts(await write([fullProduct({ id })])).join('\n');
  t.ok(new Set([await of('mug'), await of('cup-7'), await of('bottle')]).size > 1);
});

t.test('begins with the distinctive features of a product', async (t) => {
  const shared = { name: 'Material', value: 'Stainless steel' };
  const a = fullProduct({ id: 'a', facts: [], attributes: [shared, { name: 'Capacity', value: '350 ml' }] });
  const b = fullProduct({ id: 'b', facts: [], attributes: [shared, { name: 'Capacity', value: '500 ml' }] });
  const lines = linesOf(await write([a, b]))
    .filter((l) => l.product === 'b')
    .map(({ text }) => text);
  const at = (part: string): number => lines.findIndex((text) => text.includes(part));
  t.ok(at('500 milliliters') < at('stainless steel'));
});

t.test('fits the minutes, and keeps name, price and order in the shortest', async (t) => {
  const long = await write([fullProduct(), cup], { minutes: 20 });
  const short = await write([fullProduct(), cup], { minutes: 1 });
  t.ok(short.seconds <= 66, `${short.seconds} s`);
  t.ok(long.seconds > short.seconds);
  t.match(texts(short).join(' '), /steel mug.*4\.80 US dollars.*travel cup/);
});

t.test('says an attribute in another language only where each word of it is known', async (t) => {
  const script = await write([fullProduct()], { languages: ['zh'] });
  const all = texts(script).join(' ');
  t.match(all, '不锈钢');
  t.match(all, '350毫升');
  t.match(all, '黑色、白色和蓝色');
  t.notMatch(all, /Screw|Double wall|engraved/);
});

t.test('names the language of lines that are not in the room’s', async (t) => {
  const script = await write([fullProduct()], { languages: ['en', 'es'] });
  const languages = new Set(linesOf(script).map((line) => line.language));
  t.same([...languages], [undefined, 'es']);
  t.same(faults(script.segments, [fullProduct()], 'en'), []);
});

t.test('says of a sold-out product that it is, and neither price nor order', async (t) => {
  const script = await write([fullProduct({ stock: 'sold-out' })]);
  const all = texts(script).join(' ');
  t.match(all, /sold out/);
  t.notMatch(all, /dollars|minimum/i);
});

t.test('leaves out parts that break a rule, names the rule, and keeps the rest', async (t) => {
  const hostile = fullProduct({
    title: 'Mug WhatsApp +86 138 0013 8000 {topic} <script>alert(1)</script>',
    attributes: [
      { name: 'Contact', value: 'WhatsApp +86 138 0013 8000' },
      { name: '<b>Capacity</b>', value: '<i onclick="x">350 ml</i>' },
      { name: 'Note', value: 'The best mug in the world, number one' },
      { name: 'x'.repeat(80), value: 'y'.repeat(300) },
    ],
    faq: [{ question: 'How can I pay', answer: 'By PayPal to sales@example.com' }],
  });
  const script = await write([hostile]);
  t.same(faults(script.segments, [hostile], 'en'), []);
  const all = linesOf(script)
    .flatMap((l) => wordingsOf(l))
    .join('\n');
  t.notMatch(all, /WhatsApp|138|<|>|\{|PayPal|number one|How can I pay/i);
  t.match(all, '350 milliliters');
  t.ok(script.leftOut.some(({ about, rule }) => about === 'attribute: Contact' && rule === '3.2'));
});

t.test('never says a price of nothing', async (t) => {
  const free = fullProduct({
    price: { amount: 0, currency: 'USD' },
    priceLadder: [{ from: 1, price: 0 }],
    sample: { price: 0, quantity: 1 },
  });
  t.notMatch(texts(await write([free])).join(' '), /dollars/);
});

t.test('writes about a product with nothing but a title', async (t) => {
  const bare = fullProduct({
    minimumOrder: '',
    facts: [],
    priceLadder: [],
    leadTime: [],
    variants: [],
    attributes: [],
    certificates: [],
    packing: [],
    faq: [],
    sample: undefined,
    title:
      'Ergonomic Adjustable Mesh Office Chair with Lumbar Support, Headrest and Footrest for Home Office Gaming Study Room',
    price: { amount: 1234567.89, currency: 'XTS' },
  });
  for (const language of ['en', 'zh', 'ar']) {
    const script = await write([bare], { languages: [language] });
    t.same(faults(script.segments, [bare], language), []);
    t.ok(script.lines >= 4);
  }
});

t.test('refuses a language without sentences and lists those there are', async (t) => {
  await t.rejects(write([fullProduct()], { languages: ['sw'] }), { code: 'E_BAD_REQUEST', message: /en, es/ });
});

const about = (script: WrittenScript): string => texts(script).join(' | ');

t.test('states a property once, as a benefit or as an attribute, and without yes or no', async (t) => {
  const tent = fullProduct({
    id: 'tent',
    title: 'Family Camping Tent',
    faq: [],
    attributes: [
      { name: 'Foldable', value: 'Yes' },
      { name: 'Waterproof', value: 'Yes' },
      { name: 'Pockets', value: 'Yes' },
      { name: 'Dishwasher Safe', value: 'No' },
      { name: 'Assembly Required', value: 'No' },
    ],
  });
  for (const language of ['en', 'es', 'ja']) {
    const said = about(await write([tent], { languages: [language], roomLanguage: 'en' }));
    t.notMatch(said, /(?:^|\| |\. )(?:Yes|No|Sí|はい|いいえ)[,、]/, language);
  }
  const said = about(await write([tent]));
  t.match(said, /It folds up/);
  t.notMatch(said, /It folds\./);
  t.match(said, /It has pockets\./);
  t.match(said, /Nothing has to be assembled\./);
  t.notMatch(said, /dishwasher/);
});

t.test('says "they" of a plural, and never "is" behind it', async (t) => {
  const shoes = fullProduct({
    id: 'shoes',
    title: 'Running Shoes',
    attributes: [
      { name: 'Weight', value: '260 g' },
      { name: 'Breathable', value: 'Yes' },
    ],
  });
  const { segments } = await write([shoes], { maxWordings: 20 });
  const all = segments.flatMap(({ lines }) => lines.flatMap(({ text, variants }) => [text, ...variants]));
  t.match(all.join(' '), /They weigh 260 grams\./);
  t.notMatch(all.join(' '), /(?:Here is|Here comes) the running shoes|the running shoes (?:is|comes)/);
  t.match(all.join(' '), /so they (?:stay airy|do not feel stuffy)/);
});

t.test('names all certificates in one sentence, and no minimum of one piece', async (t) => {
  const said = about(
    await write([
      fullProduct({ minimumOrder: '1 piece', certificates: [{ name: 'CE' }, { name: 'RoHS' }, { name: 'FCC' }] }),
    ]),
  );
  t.match(said, /CE, RoHS,? and FCC/);
  t.notMatch(said, /(?:minimum|smallest order|start with|For a first order)[^|]*1 piece/);
});

t.test('a sentence that leads over is not repeated by the next, and begins large', async (t) => {
  const { segments } = await write([fullProduct({ priceLadder: [] })], {
    maxWordings: 20,
    languages: ['en', 'zh', 'es'],
  });
  for (const { lines } of segments)
    for (const { text, variants } of lines)
      for (const one of [text, ...variants]) {
        t.notMatch(one, /price\. (?:The|For the|As for the) price/i);
        t.notMatch(one, /precio\. (?:El|Su) precio/i);
        t.notMatch(one, /价格。.{0,4}价格/);
        t.notMatch(one, /[?!] \p{Ll}{2}/u);
      }
});

t.test('no two rounds of an hour are told alike', async (t) => {
  const { segments } = await write([fullProduct(), cup], { minutes: 6, maxWordings: 20 });
  const content = scriptSchema.parse({ segments });
  const rundown = new Rundown(content);
  const rounds: string[] = [];
  const size = content.segments.reduce((sum, { lines }) => sum + lines.length, 0);
  for (let round = 0; round < 10; round += 1)
    rounds.push(Array.from({ length: size }, () => rundown.next()!.text).join(' '));
  t.equal(new Set(rounds).size, rounds.length);
});
