import t from 'tap';
import { countSmallWords } from '../../../src/moderation/normalise/small-words.js';

t.test('small words of the language that speaks most are counted against those of the room', async (t) => {
  t.strictSame(countSmallWords('Welcome everyone to our live room', 'zh'), {
    language: 'en',
    foreign: 4,
    own: 0,
    words: 6,
  });
  const mixed = countSmallWords('Hello a todos, empezamos con la venta', 'es');
  t.equal(mixed.foreign, 1, mixed.language);
  t.ok(mixed.own >= 2, 'and the room’s own');
});

t.test('what two languages share speaks for neither', async (t) => {
  t.equal(countSmallWords('de la en', 'es').foreign, 0);
});

t.test('an apostrophe leaves a word before it', async (t) => {
  t.equal(countSmallWords("dall'ordine", 'es').language, 'it');
  t.equal(countSmallWords('l’eau', 'en').language, 'fr');
});

t.test('the parts of an address are no words', async (t) => {
  t.equal(countSmallWords('www.bagshop.co.kr', 'ko').words, 0);
});
