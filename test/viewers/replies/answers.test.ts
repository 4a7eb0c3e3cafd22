import t from 'tap';
import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { REACTION_KINDS } from '../../../src/config/sections/replies.js';
import { watch } from '../../../src/config/sections/compliance.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import { replyPacks, INTENTS } from '../../../src/viewers/replies/comments/reply-packs.js';
import { ReplyJudge } from '../../../src/viewers/replies/reply-judge.js';
import { namesInWords } from '../../../src/viewers/replies/names/names-in-words.js';
import { expandWordings, fillSlots } from '../../../src/writer/expand-wordings.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { bottle } from './reply-room.js';
import { sampled } from '../../kit/whole.js';

const packs = replyPacks();
const texts = new TextJudge();

for (const [language, pack] of sampled([...packs], 6)) {
  t.test(`speaks no answer of ${language} that breaks a rule`, async (t) => {
    const judge = new ReplyJudge({
      judge: texts,
      products: () => [bottle],
      language,
      spoken: spokenText,
      spam: new ReplyWatch(watch.parse({}).replies),
      note: () => undefined,
      nowMs: () => 0,
    });
    const comments = new CommentReader(packs, language);
    const listing = new ListingAnswers(sentencePlans(), packs, comments, language);
    const clean = (text: string): void => {
      const hits = judge.refusals(text, language, bottle.id);
      if (hits.length > 0)
        t.fail(`"${text}": ${hits.map(({ rule, kind, match }) => `${rule} ${kind} "${match}"`).join(', ')}`);
    };
    let spoken = 0;
    for (const intent of INTENTS) {
      for (const quantity of intent === 'price' || intent === 'leadTime' ? [undefined, 10, 700, 5000] : [undefined]) {
        const { wordings } = listing.answer(intent, bottle, language, quantity);
        t.ok(wordings.length >= 2, `${intent}: two wordings`);
        for (const text of wordings.slice(0, 3)) {
          t.notMatch(text, /[{}|]/, text);
          clean(text);
          spoken += 1;
        }
      }
    }
    const names = { names: namesInWords(['Anna', 'Ben'], 14, pack, () => true)! };
    for (const name of ['notListed', 'unknown', 'inListing', 'question', 'onSale'] as const)
      for (const text of listing.sentences(name, language, names)) clean(text);
    clean(`${fillSlots(pack.sentences.question[0]!, names)} ${listing.answer('price', bottle, language).wordings[0]!}`);
    for (const kind of REACTION_KINDS)
      for (const text of [...pack.reactions[kind].named, ...pack.reactions[kind].plain])
        for (const one of expandWordings([text])) clean(fillSlots(one, names));
    t.ok(spoken > 20, `${spoken} answers`);
  });
}

t.test('answers with the price of the asked quantity, and the minimum below the first step', async (t) => {
  const comments = new CommentReader(packs, 'en');
  const listing = new ListingAnswers(sentencePlans(), packs, comments, 'en');
  const said = (quantity?: number): string => listing.answer('price', bottle, 'en', quantity).wordings[0]!;
  t.match(said(700), /500 pieces.*4\.2/);
  t.match(said(5000), /2000 pieces.*3\.9/);
  t.match(said(), /100 pieces.*4\.8.*2000 pieces.*3\.9/);
  t.match(said(10), /100 pieces/);
  t.match(listing.answer('leadTime', bottle, 'en', 5000).wordings[0], /25 days/);
  t.match(listing.answer('leadTime', bottle, 'en', 200).wordings[0], /15 days/);
});

t.test('says that the listing does not say it, instead of guessing', async (t) => {
  const comments = new CommentReader(packs, 'en');
  const listing = new ListingAnswers(sentencePlans(), packs, comments, 'en');
  const bare = { ...bottle, certificates: [], attributes: [], facts: [], sample: undefined, packing: [], variants: [] };
  for (const intent of ['certificate', 'sample', 'warranty', 'shipping', 'packing', 'material', 'size'] as const) {
    t.equal(listing.answer(intent, bare as typeof bottle, 'en').isListed, false, intent);
  }
  t.match(listing.answer('warranty', bottle, 'en').wordings[0], /2 years/, 'finds it among the attributes');
  t.match(listing.answer('customisation', bottle, 'en').wordings[0], /logo/i, 'finds it among the facts');
  t.match(listing.answer('warranty', bottle, 'es').wordings[0], /ficha/, 'points to the listing in another language');
});

t.test('always says that it is an AI', async (t) => {
  const comments = new CommentReader(packs, 'en');
  const listing = new ListingAnswers(sentencePlans(), packs, comments, 'en');
  const ai =
    /\bAI\b|\bIA\b|\bKI\b|artificial|人工智能|数字人|AI|yapay zeka|sztuczną|искусственн|اصطناعي|एआई|เอไอ|intelligenza/iu;
  for (const language of packs.keys())
    for (const text of listing.answer('ai', bottle, language).wordings) t.match(text, ai, `${language}: ${text}`);
});

t.test('begins no two sentences of an answer alike', async (t) => {
  const listing = new ListingAnswers(sentencePlans(), packs, new CommentReader(packs, 'en'), 'en');
  const packing = [
    { name: 'Carton size', value: '52 × 36 × 30 cm' },
    { name: 'Pieces per carton', value: '24' },
  ];
  const { wordings } = listing.answer('packing', { ...bottle, packing } as typeof bottle, 'en');
  t.ok(
    wordings.some((one) => /\. \p{Lu}/u.test(one)),
    'two sentences',
  );
  for (const one of wordings.slice(0, 12)) {
    const [first, second] = one.split('. ');
    if (second !== undefined)
      t.not(first!.split(' ').slice(0, 2).join(' '), second.split(' ').slice(0, 2).join(' '), one);
  }
});
