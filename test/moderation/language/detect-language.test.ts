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

t.test('English in a Hindi room is a foreign language', async (t) => {
  t.ok(wrong('the lamp on the left is the one we sell, please come to the store and see it', 'hi'));
});

t.test('identifies a short line in another language by its small words', async (t) => {
  t.ok(wrong('Welcome everyone to our live room', 'zh'));
  t.ok(wrong('Thank you for watching', 'zh'));
  t.ok(wrong('Buenos días a todos', 'en'));
  t.ok(wrong('Vielen Dank fürs Zuschauen', 'en'));
  t.ok(wrong('欢迎来到直播间', 'en'));
  t.ok(wrong('Canlı yayınımıza hoş geldiniz', 'de'));
});

t.test('names, loan words and a greeting do not make a line foreign', async (t) => {
  t.notOk(wrong('iPhone 15 Pro Max 256GB', 'zh'));
  t.notOk(wrong('Nike Air Max, Adidas Samba, Puma Suede', 'ru'));
  t.notOk(wrong('Hello a todos, empezamos', 'es'));
  t.notOk(wrong('kuan shi hen duo, yan se ye duo', 'zh'));
  t.notOk(wrong('小米手机', 'en'));
  t.notOk(wrong('Black Friday in unserem Shop', 'de'));
});

t.test('reads a short line in each language with one of its small words or letters', async (t) => {
  t.ok(readLanguages('sei un idiota', 'en').languages.has('it'));
  t.ok(readLanguages('du Arschloch', 'en').languages.has('de'));
  t.ok(readLanguages('ty idioto', 'en').languages.has('pl'));
  t.ok(readLanguages('điếc hả', 'en').languages.has('vi'));
  t.ok(readLanguages('tu chutiya hai', 'en').languages.has('hi'));
  t.ok(readLanguages('jia wo wei xin hao', 'en').languages.has('zh'));
});

t.test('letters beside Chinese characters are not a separate language', async (t) => {
  t.notOk(readLanguages('官网是nu mao点com', 'en').languages.has('nl'));
});

t.test('a lone number may be dialled in any country, without adding languages for its words', async (t) => {
  const alone = readLanguages('0912 345 678', 'en');
  t.ok(alone.dialled.has('vi'));
  t.notOk(alone.languages.has('vi'));
  t.ok(readLanguages('bel 0613 545 201', 'en').dialled.has('nl'));
  t.notOk(readLanguages('Speeds 800-1200-1600-2000', 'en').dialled.has('th'));
});

t.test('a line in the letters of the room is not foreign, in any script that the room is written in', async (t) => {
  const isWrong = (text: string, room: string): boolean => {
    const { counts, guess } = readLanguages(text, room);
    return detectWrongLanguage(text, room, counts, guess).length > 0;
  };
  for (const [room, text] of [
    ['uk', 'Вітаємо! Пишіть свої запитання в коментарях.'],
    ['fa', 'سؤال‌های خود را در نظرات بنویسید.'],
    ['mr', 'तुमचे प्रश्न कमेंटमध्ये लिहा.'],
    ['sr', 'Напишите своја питања у коментарима.'],
    ['sr', 'Napišite svoja pitanja u komentarima.'],
    ['ro', 'Scrieți întrebările dumneavoastră în comentarii, vă răspundem imediat.'],
    ['nb', 'Skriv spørsmålene deres i kommentarfeltet.'],
    ['af', 'Skryf gerus jou vrae in die kommentaar.'],
  ] as const)
    t.notOk(isWrong(text, room), `${room}: ${text}`);
  for (const [room, text] of [
    ['uk', '这款产品现在有优惠，欢迎大家下单购买'],
    ['fa', 'Write your questions in the comments and we will answer them.'],
    ['sr', 'Schreiben Sie Ihre Fragen in die Kommentare, wir antworten gern.'],
    ['af', 'Write your questions in the comments and we will answer them.'],
    ['ro', 'Напишите свои вопросы в комментариях.'],
    ['sv', 'Das ist die neue Lampe und sie ist gut'],
  ] as const)
    t.ok(isWrong(text, room), `${room}: ${text}`);
});
