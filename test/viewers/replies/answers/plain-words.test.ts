import { readFileSync } from 'node:fs';
import t from 'tap';
import { PlainWords } from '../../../../src/viewers/replies/answers/plain-words.js';
import { replyPacks, INTENTS } from '../../../../src/viewers/replies/comments/reply-packs.js';
import { CommentReader } from '../../../../src/viewers/replies/comments/comment-reader.js';
import { ListingAnswers } from '../../../../src/viewers/replies/listing-answers.js';
import { sentencePlans } from '../../../../src/writer/plan-schema.js';
import { bottle } from '../reply-room.js';

const packs = replyPacks();
const words = new PlainWords(packs, sentencePlans());
const answers = (file: string): Record<string, string[]> =>
  JSON.parse(readFileSync(new URL(`${file}.json`, import.meta.url), 'utf8')) as Record<string, string[]>;

t.test('lets the show’s own answers and ordinary ones of a model pass, but for one in thirty', async (t) => {
  const own: [string, string][] = [];
  for (const language of packs.keys()) {
    const listing = new ListingAnswers(sentencePlans(), packs, new CommentReader(packs, language), language);
    for (const intent of INTENTS)
      for (const text of listing.answer(intent, bottle, language).wordings.slice(0, 6)) own.push([language, text]);
  }
  const strays = (list: readonly [string, string][]): string[] =>
    list.flatMap(([language, text]) => {
      const stray = words.stray(text, bottle, language);
      return stray === undefined ? [] : [`${language} ${stray}: ${text}`];
    });
  t.ok(own.length > 800, `${own.length} own answers`);
  t.ok(strays(own).length <= own.length * 0.03, strays(own).join('\n'));
  const ordinary = Object.entries(answers('ordinary-answers')).flatMap(([language, list]) =>
    list.map((text): [string, string] => [language, text]),
  );
  t.equal(new Set(ordinary.map(([language]) => language)).size, 18);
  t.ok(
    strays(ordinary).length <= ordinary.length / 30,
    `${strays(ordinary).length} of ${ordinary.length}: ${strays(ordinary).join('\n')}`,
  );
});

t.test('refuses every answer with an account, an address, a name or a number of its own', async (t) => {
  for (const [language, list] of Object.entries(answers('hostile-answers')))
    for (const text of list) t.ok(words.stray(text, bottle, language), text);
});

t.test('takes words and figures of the listing, and measures behind figures', async (t) => {
  t.equal(words.stray('The LFGB certificate is there, and it holds 750 ml.', bottle, 'en'), undefined);
  t.equal(words.stray('It has twelve of them.', bottle, 'en'), undefined, 'it keeps drinks hot for 12 hours');
  t.equal(words.stray('It has eleven of them.', bottle, 'en'), 'eleven');
  t.equal(words.stray('It comes with V for free.', bottle, 'en'), 'V');
  t.equal(words.stray('这个壶是LFGB的。', bottle, 'zh'), undefined);
  t.equal(words.stray('这个壶是kettle的。', bottle, 'zh'), 'kettle');
});
