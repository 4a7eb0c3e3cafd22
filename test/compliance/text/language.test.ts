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

t.test('a short line in another language is told by its small words', async (t) => {
  t.ok(wrong('Welcome everyone to our live room', 'zh'));
  t.ok(wrong('Thank you for watching', 'zh'));
  t.ok(wrong('Buenos días a todos', 'en'));
  t.ok(wrong('Vielen Dank fürs Zuschauen', 'en'));
  t.ok(wrong('欢迎来到直播间', 'en'));
  t.ok(wrong('Canlı yayınımıza hoş geldiniz', 'de'));
});

t.test('names, borrowed words and a greeting do not make a line foreign', async (t) => {
  t.notOk(wrong('iPhone 15 Pro Max 256GB', 'zh'));
  t.notOk(wrong('Nike Air Max, Adidas Samba, Puma Suede', 'ru'));
  t.notOk(wrong('Hello a todos, empezamos', 'es'));
  t.notOk(wrong('kuan shi hen duo, yan se ye duo', 'zh'));
  t.notOk(wrong('小米手机', 'en'));
  t.notOk(wrong('Black Friday in unserem Shop', 'de'));
});
