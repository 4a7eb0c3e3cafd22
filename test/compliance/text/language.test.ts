import t from 'tap';
import { guessLatin, detectWrongLanguage, countLetters } from '../../../src/compliance/text/language.js';

const wrong = (text: string, room: string): boolean =>
  detectWrongLanguage(text, room, countLetters(text), guessLatin(text)).length > 0;

t.test('Hindi in Latin letters is Hindi', async (t) => {
  t.notOk(wrong('payment sirf isi website par hota hai, bahar kuch mat bhejna ji', 'hi'));
  t.notOk(wrong('didi ye wala parda khidki ke liye hai, darwaze wala alag hai', 'hi'));
});

t.test('English in a Hindi room is another language', async (t) => {
  t.ok(wrong('the lamp on the left is the one we sell, please come to the store and see it', 'hi'));
});
