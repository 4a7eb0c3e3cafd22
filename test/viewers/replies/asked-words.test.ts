import t from 'tap';
import { AskedWords } from '../../../src/viewers/replies/answer-speaker.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { replyPacks, INTENTS } from '../../../src/viewers/replies/comments/reply-packs.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import { isPlainQuantity, type UnderstoodQuestion } from '../../../src/viewers/replies/pending-answer.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { deskOf } from './desk-of.js';
import { bottle, lunchbox } from './reply-room.js';

const packs = replyPacks();
const words = (productNow: string | null = 'bottle'): AskedWords =>
  new AskedWords(
    packs,
    new ListingAnswers(sentencePlans(), packs, new CommentReader(packs, 'en'), 'en'),
    () => productNow,
  );
const question = (parts: Partial<UnderstoodQuestion>): UnderstoodQuestion => ({
  language: 'en',
  intent: undefined,
  product: bottle,
  quantity: undefined,
  attribute: undefined,
  faq: undefined,
  ...parts,
});

t.test('says an understood question in the words of each language, within every rule', async (t) => {
  const judge = new TextJudge();
  for (const language of packs.keys()) {
    const said = INTENTS.map((intent) => words().of(question({ language, intent })));
    said.push(words().of(question({ language, intent: 'price', quantity: 500 })));
    said.push(words().of(question({ language, intent: 'leadTime', quantity: 1200 })));
    said.push(words().of(question({ language, attribute: 'Capacity' })), words().anybody(language));
    t.equal(new Set(said).size, INTENTS.length + 4, `${language} has a sentence for each`);
    for (const text of said) {
      t.notMatch(text, /[{}|]|undefined/);
      const hits = judge.judge(text!, { surface: 'caption', language, entry: [bottle] }).hits;
      t.same(
        hits.filter(({ action }) => action !== 'warn' && action !== 'review'),
        [],
        text!,
      );
    }
  }
});

t.test('says quantity, product, attribute and the listing’s own question', async (t) => {
  t.equal(words().of(question({ intent: 'price', quantity: 500 })), 'A viewer asks for the price of 500 pieces.');
  t.equal(
    words('bottle').of(question({ intent: 'warranty', product: lunchbox })),
    'Silicone lunch box: A viewer asks about the warranty.',
  );
  const german = words('bottle').of(question({ intent: 'warranty', product: lunchbox, language: 'de' }));
  t.notMatch(german, /Lunch Box/, 'another product has its short name in the viewer’s language');
  t.equal(words('bottle').of(question({ intent: 'ai', product: lunchbox })), 'A viewer asks whether I am an AI.');
  t.equal(words().of(question({ attribute: 'Capacity', intent: 'size' })), 'A viewer asks about this: Capacity.');
  t.equal(words().of(question({ faq: 0 })), 'Can it go into the dishwasher?');
  t.equal(words().of(question({})), undefined, 'nothing was understood');
});

t.test('says no attribute that the listing lacks, and no number that can be a part of another', async (t) => {
  t.equal(words().of(question({ attribute: 'kettleking' })), undefined);
  for (const quantity of [138001, 1380, 41555, 13, 8000000, 0, -5, 1.5])
    t.equal(words().of(question({ intent: 'price', quantity })), 'A viewer asks for the price.', String(quantity));
  t.ok([1, 5, 12, 20, 100, 250, 500, 1200, 25000, 990000].every(isPlainQuantity));
});

t.test('takes no quantity from a comment with two figures', async (t) => {
  const shown = async (text: string): Promise<unknown> => {
    const room = deskOf();
    await room.tell([{ text }]);
    return (room.lines[0]?.layers?.[0]?.layer as { text?: string } | undefined)?.text;
  };
  t.equal(await shown('How much for 500 pieces?'), 'A viewer asks for the price of 500 pieces.');
  t.equal(await shown('How much for 500 pieces, 800 to 300?'), 'A viewer asks for the price.');
  t.equal(await shown('price of 500, or 20?'), 'A viewer asks for the price.');
  t.equal(await shown('Is there a warranty for 500?'), 'A viewer asks about the warranty.');
});

t.test('shows a comment as it was written only where the room file asks for that', async (t) => {
  const shown = async (quote: string, text: string): Promise<unknown> => {
    const room = deskOf({ config: { quote } });
    await room.tell([{ text }]);
    return (room.lines[0]?.layers?.[0]?.layer as { text?: string } | undefined)?.text;
  };
  t.equal(await shown('judged', 'price for 20 of these lovely ones?'), 'price for 20 of these lovely ones?');
  t.equal(await shown('judged', 'cheapest price in the world?'), 'A viewer asks for the price.', 'not clean');
  t.equal(await shown('never', 'price for 20 of these lovely ones?'), 'A viewer asks for the price of 20 pieces.');
});
