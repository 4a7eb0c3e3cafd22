import t from 'tap';
import {
  guessLatin,
  detectWrongLanguage,
  countLetters,
  readLanguages,
} from '../../../src/moderation/language/detect-language.js';

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

t.test('a short line is read in each language of which it has a small word or a letter', async (t) => {
  t.ok(readLanguages('sei un idiota', 'en').languages.has('it'));
  t.ok(readLanguages('du Arschloch', 'en').languages.has('de'));
  t.ok(readLanguages('ty idioto', 'en').languages.has('pl'));
  t.ok(readLanguages('điếc hả', 'en').languages.has('vi'));
  t.ok(readLanguages('tu chutiya hai', 'en').languages.has('hi'));
  t.ok(readLanguages('jia wo wei xin hao', 'en').languages.has('zh'));
});

t.test('letters beside Chinese characters are no language of their own', async (t) => {
  t.notOk(readLanguages('官网是nu mao点com', 'en').languages.has('nl'));
});

t.test('a number by itself may be dialled in any country, its words are of no language for that', async (t) => {
  const alone = readLanguages('0912 345 678', 'en');
  t.ok(alone.dialled.has('vi'));
  t.notOk(alone.languages.has('vi'));
  t.ok(readLanguages('bel 0613 545 201', 'en').dialled.has('nl'));
  t.notOk(readLanguages('Speeds 800-1200-1600-2000', 'en').dialled.has('th'));
});
