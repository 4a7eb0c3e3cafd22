import t from 'tap';
import { countSmallWords } from '../../../src/moderation/normalise/small-words.js';

t.test('counts the small words of the likeliest language against those of the room', async (t) => {
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

t.test('shared words count for neither language', async (t) => {
  t.equal(countSmallWords('de la en', 'es').foreign, 0);
});

t.test('the stem before an apostrophe is a word', async (t) => {
  t.equal(countSmallWords("dall'ordine", 'es').language, 'it');
  t.equal(countSmallWords('l’eau', 'en').language, 'fr');
});

t.test('ignores the parts of an address', async (t) => {
  t.equal(countSmallWords('www.bagshop.co.kr', 'ko').words, 0);
});
