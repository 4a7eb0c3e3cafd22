import t from 'tap';
import type { Product } from '../../../src/config/sections/product.js';
import { script as scriptSchema, type Script } from '../../../src/config/sections/script.js';
import { Rundown } from '../../../src/show/rundown.js';
import { FreshWordings } from '../../../src/writer/fresh/kept-wordings.js';
import { PlanWriter } from '../../../src/writer/fresh/plan-writer.js';
import { expandWordings, withLeadIns } from '../../../src/writer/expand-wordings.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { playRepetition } from '../../../src/writer/repetition.js';
import { writeScript } from '../../../src/writer/write-script.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { whole } from '../../kit/whole.js';
import { fullProduct } from '../sample-products.js';

const judge = new TextJudge();

async function rig(
  products: readonly Product[],
  { language = 'en', script }: { language?: string; script?: Script } = {},
) {
  const written = await writeScript({
    ...{ products, languages: [language], roomLanguage: language, minutes: 20, style: 'warm', judge, maxWordings: 2 },
  });
  const rundown = new Rundown(script ?? scriptSchema.parse({ segments: written.segments }));
  const pool = new FreshWordings();
  rundown.wordings.added = pool;
  const live = { products };
  const writer = new PlanWriter({
    ...{ judge, pool, language, hours: 2, signal: new AbortController().signal },
    products: () => live.products,
    content: () => rundown.script.content,
    speaks: () => true,
  });
  const lines = () => rundown.script.content.segments.flatMap((one) => one.lines);
  return { rundown, pool, writer, lines, live };
}

t.test('gives each line of a plan its other wordings, one after the other, all clean', async (t) => {
  const { pool, writer, lines } = await rig([fullProduct()]);
  await writer.step();
  await writer.step();
  const counts = lines().map((line) => pool.of(line).length);
  t.equal(writer.written, 8);
  t.ok(Math.max(...counts) <= 1, 'each one before any gets two');
  for (let i = 0; i < 2000 && !writer.isDone; i += 1) await writer.step();
  t.equal(writer.isDone, true);
  const steel = lines().find(({ text }) => /stainless steel/.test(text))!;
  const added = pool.of(steel);
  t.ok(added.length > 20, `${added.length}`);
  t.ok(added.every((text) => /[Ss]tainless steel/.test(text) && !text.includes('{')));
  for (const text of added)
    t.same(judge.judge(text, { surface: 'speech', language: 'en', entry: [fullProduct()] }).hits, []);
});

t.test('a show of sentence plans repeats itself less with it', async (t) => {
  const products = [fullProduct()];
  const alone = await rig(products);
  const beside = await rig(products);
  const hours = (whole ? 6 : 2) * 3600;
  const before = await playRepetition(alone.rundown, hours, 'en');
  const after = await playRepetition(beside.rundown, hours, 'en', () => beside.writer.step());
  t.ok(after.mean < before.mean / 2, `${before.mean} to ${after.mean}`);
});

t.test('leaves lines of another hand alone', async (t) => {
  const script = scriptSchema.parse({
    segments: [{ product: 'mug', lines: [{ text: 'My own words about this mug.' }] }],
  });
  const { pool, writer, lines } = await rig([fullProduct()], { script });
  await writer.step();
  t.same(pool.of(lines()[0]!), []);
  t.equal(writer.isDone, true);
});

t.test('drops the wordings about a product that changes', async (t) => {
  const { pool, writer, lines, live } = await rig([fullProduct()]);
  for (let i = 0; i < 30; i += 1) await writer.step();
  const minimum = lines().find(({ text }) => /100 pieces/.test(text) && !/dollars|^Yes/.test(text))!;
  t.ok(pool.of(minimum).length > 0);
  live.products = [fullProduct({ minimumOrder: '200 pieces' })];
  for (let i = 0; i < 30; i += 1) await writer.step();
  t.same(pool.of(minimum), [], 'nothing is said of the old minimum');
});

t.test('writes in Chinese as well', async (t) => {
  const { pool, writer, lines } = await rig([fullProduct()], { language: 'zh' });
  for (let i = 0; i < 40; i += 1) await writer.step();
  const steel = lines().find(({ text }) => text.includes('不锈钢'))!;
  t.ok(pool.of(steel).length > 1);
});

t.test('puts lead-ins before sentences that can have one', async (t) => {
  const leads = ['So, ', 'Now, '];
  t.same(
    withLeadIns(
      ['The price is {price}.', 'I show you.', '{fact}.', 'Now to the {topic}: {value}.', 'And look: {fact}.'],
      leads,
    ),
    ['So, the price is {price}.', 'So, I show you.', 'Now, the price is {price}.', 'Now, I show you.'],
  );
  for (const language of ['en', 'zh']) {
    const { sentences, leadIns } = sentencePlans().get(language)!;
    for (const [name, templates] of Object.entries(sentences)) {
      const plain = expandWordings(templates as string[]);
      t.ok(plain.length >= 9, `${language} ${name}`);
      if (name !== 'welcome' && name !== 'goodbye')
        t.ok(plain.length + withLeadIns(plain, leadIns).length >= 30, `${language} ${name}`);
    }
  }
});
