import t from 'tap';
import { product } from '../../../src/config/sections/product.js';
import { type ReplyRule, replyRule } from '../../../src/config/sections/replies.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { likeness, meaningTables, packVector, readVectors, VECTOR_SIZE } from '../../../src/meaning/index.js';
import { ModelProcess } from '../../../src/models/index.js';
import { AnswerFinder } from '../../../src/viewers/replies/answer-finder.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import { CommentMeanings, type Embed, meaningRows } from '../../../src/viewers/replies/meaning/comment-meanings.js';
import { asksOtherMark, MeaningAnswers } from '../../../src/viewers/replies/meaning/meaning-answers.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';

t.test('asked marks', async (t) => {
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
});

t.test('comment meanings', async (t) => {
  const kettle = product.parse({
    id: 'kettle',
    title: 'Travel Kettle',
    image: 'kettle.png',
    price: { amount: 12.9, currency: 'USD', unit: 'piece' },
    attributes: [
      { name: 'Power (W)', value: '600' },
      { name: 'Plug Type', value: 'EU plug, US plug' },
      { name: 'Weight', value: '780 g' },
    ],
    faq: [{ question: 'how do i wash it', answer: 'Rinse it with water.' }],
  });
  const rows = meaningRows();
  const { vectors } = readVectors(templatePath('meaning', 'vectors.bin'), rows);

  /** The vectors of the examples, without the model. */
  const examples: Embed = async (texts) => {
    const all = new Float32Array(texts.length * VECTOR_SIZE);
    for (const [i, text] of texts.entries()) {
      const at = rows.findIndex((row) => row.text === text);
      if (at >= 0)
        all.set(
          Float32Array.from(vectors.subarray(at * VECTOR_SIZE, (at + 1) * VECTOR_SIZE), (x) => (x * 0.35) / 127),
          i * VECTOR_SIZE,
        );
    }
    return all;
  };

  function meaningsOf({ embed = examples, rules = [] as ReplyRule[] } = {}) {
    const comments = new CommentReader(replyPacks(), 'en');
    const listing = new ListingAnswers(sentencePlans(), replyPacks(), comments, 'en');
    const answers = new MeaningAnswers(meaningTables(), sentencePlans(), listing, 'en');
    const clock = { nowMs: 0 };
    const faults: unknown[] = [];
    const passedOver: number[] = [];
    const meanings = new CommentMeanings({
      embed,
      comments,
      answers,
      rules,
      nowMs: () => clock.nowMs,
      onFault: (cause) => faults.push(cause),
      onPassedOver: (total) => passedOver.push(total),
    });
    const ask = async (text: string) => (await meanings.read(text, kettle))?.questions.map(({ label }) => label);
    return { meanings, answers, clock, faults, passedOver, ask };
  }

  t.test('understands questions of several languages, and several in one comment', async (t) => {
    const { ask } = meaningsOf();
    t.same(await ask('how many watts'), ['power']);
    t.same(await ask('多少瓦'), ['power']);
    t.same(await ask('cuántos watts'), ['power']);
    t.same(await ask('how many watts? how heavy is it'), ['power', 'weight']);
  });

  t.test('answers in the language of the viewer, and says where the fact stands', async (t) => {
    const { answers } = meaningsOf();
    t.match(answers.answer('power', kettle, 'es'), {
      wordings: ['La potencia es de 600 vatios.'],
      source: 'attribute Power (W)',
    });
    t.match(answers.answer('plug', kettle, 'de')?.wordings, ['Dieser Stecker ist dran: EU und US.']);
    t.equal(answers.answer('hood', kettle, 'en'), undefined);
  });

  t.test('says a fact in a sentence, and again in short, never as the listing writes it', async (t) => {
    const { answers } = meaningsOf();
    t.same(answers.answer('power', kettle, 'en')?.wordings, ['The power is 600 watts.', 'Power: 600 watts.']);
  });

  t.test('the listing’s own question goes before another meaning', async (t) => {
    const { answers, meanings } = meaningsOf();
    const lid = product.parse({
      ...kettle,
      faq: [{ question: 'Is a spare lid available?', answer: 'Yes, a spare lid costs 2 dollars.' }],
    });
    const comments = new CommentReader(replyPacks(), 'en');
    const finder = new AnswerFinder({
      config: { fromListing: true, faq: true },
      products: () => [lid],
      comments,
      listing: new ListingAnswers(sentencePlans(), replyPacks(), comments, 'en'),
      packs: replyPacks(),
      meanings: answers,
      productNow: () => 'kettle',
    });
    const answerTo = async (text: string) => finder.find(text, await meanings.read('how much', lid)).answer?.wordings;
    t.same(await answerTo('how much is a spare lid'), ['Yes, a spare lid costs 2 dollars.']);
    t.match((await answerTo('how much'))?.join(' '), /12\.90/);
  });

  t.test('finds the canonical name of the listing’s own questions', async (t) => {
    const { meanings, answers } = meaningsOf();
    const reading = await meanings.read('how do i wash it', kettle);
    t.same([...reading!.meanings.faq], [[0, 'washing']]);
    t.match(answers.answer('washing', kettle, 'en', { meanings: reading!.meanings }), {
      wordings: ['Rinse it with water.'],
      faq: 0,
    });
    t.match(answers.answer('washing', kettle, 'fr', { meanings: reading!.meanings }), {
      language: 'en',
      source: 'question 1',
    });
  });

  t.test('is unsure of what is near to nothing, and never takes a greeting for a question', async (t) => {
    const { ask, meanings } = meaningsOf();
    t.same(await ask('zzz qqq xxx'), [undefined]);
    const [greeting] = (await meanings.read('hello everyone', kettle))!.questions;
    t.equal(greeting!.label, 'greeting');
  });

  t.test('gives the model a bounded number of comments, and equal ones once', async (t) => {
    let asked = 0;
    const { meanings, passedOver } = meaningsOf({ embed: (texts) => ((asked += 1), new Promise(() => void texts)) });
    const first = meanings.read('how heavy is it', kettle);
    t.equal(meanings.read('How heavy is it?', kettle), first);
    for (let i = 0; i < 32_000; i += 1) void meanings.read(`how heavy is number ${i} of them`, kettle);
    t.ok(asked <= 16, `${asked}`);
    t.equal(passedOver.at(-1)! + asked, 32_001, 'each of the others is counted');
    t.equal(meanings.read('is it waterproof', kettle), undefined);
    t.equal(meanings.read('x'.repeat(400), kettle), undefined);
    t.equal(meanings.read('🎉🎉', kettle), undefined);
  });

  t.test('rests after a failure of the model, and then tries again', async (t) => {
    let works = false;
    const { meanings, clock, faults } = meaningsOf({
      embed: async (texts) => {
        if (!works) throw new Error('the process is down');
        return await examples(texts);
      },
    });
    t.equal(await meanings.read('how many watts', kettle), undefined);
    t.equal(faults.length, 1);
    works = true;
    t.equal(meanings.read('how many watts', kettle), undefined, 'known words serve');
    clock.nowMs = 11_000;
    t.ok(await meanings.read('how many watts', kettle));
  });

  t.test('a rule with matchBy "meaning" takes what means one of its phrases', async (t) => {
    const rule = replyRule.parse({ id: 'care', match: 'how do i wash it', matchBy: 'meaning', answers: ['Rinse it.'] });
    const { meanings } = meaningsOf({ rules: [rule] });
    t.equal((await meanings.read('how do i wash it', kettle))!.rule?.id, 'care');
    t.equal((await meanings.read('how many watts', kettle))!.rule, undefined);
  });

  t.test('the vectors of the package are those of its model', async (t) => {
    const models = new ModelProcess({ timeoutMs: 60_000 });
    t.teardown(() => models.close());
    const sample = [0, 1500, 3000, 4500, rows.length - 1];
    const done = await models.run('meaning', { texts: sample.map((at) => rows[at]!.text) });
    for (const [i, at] of sample.entries()) {
      const packed = new Int8Array(VECTOR_SIZE);
      packVector(done.vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE), packed, 0);
      t.ok(likeness(packed, vectors, at * VECTOR_SIZE) > 0.99, rows[at]!.text);
    }
  });
});
