import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });

/** The letters of `name` in the line that no hit of 3.2 covers. */
function uncovered(line: string, name: string, language: string): string {
  const at = line.indexOf(name);
  const { hits } = judge.judge(line, { surface: 'speech', language });
  return [...name]
    .filter((_, i) => !hits.some((h) => h.rule === '3.2' && h.start <= at + i && h.end > at + i))
    .join('');
}

t.test('mutes an account name of plain letters with its platform', async (t) => {
  for (const [language, line] of [
    ['en', 'our telegram is goodlamps'],
    ['en', 'find us on Instagram as goodlamps'],
    ['en', 'skype goodlamps'],
    ['zh', '我的微信号是 goodlamps，谢谢'],
    ['zh', '微信搜 goodlamps'],
    ['es', 'nuestro telegram es goodlamps'],
    ['de', 'auf Insta heißen wir goodlamps'],
    ['fr', 'mon insta c’est goodlamps'],
    ['ru', 'наш телеграм goodlamps'],
    ['ja', 'インスタはgoodlamps'],
    ['ko', '카톡 아이디 goodlamps'],
    ['th', 'ไอจี goodlamps'],
    ['ar', 'انستا goodlamps'],
  ] as const)
    t.equal(uncovered(line, 'goodlamps', language), '', line);
});

t.test('keeps the words after a platform’s name', async (t) => {
  for (const [line, words] of [
    ['Add me on WeChat any time.', 'any time'],
    ['Message us on WhatsApp for the price list', 'for the price list'],
    ['Follow us on Telegram please.', 'please'],
  ] as const)
    t.equal(uncovered(line, words, 'en'), words, line);
});

t.test('mutes the name of an address with a spoken dot', async (t) => {
  t.equal(uncovered('go to w w w dot lampking dot c o m', 'lampking', 'en'), '');
  t.equal(uncovered('сайт лампкинг точка ру', 'лампкинг', 'ru'), '');
  t.equal(uncovered('زوروا lampking دوت كوم', 'lampking', 'ar'), '');
});

t.test('a spoken dot includes its name in every language, also where the sentence continues', async (t) => {
  for (const [language, line, name] of [
    ['es', 'La web es lampking punto es, ahí está todo', 'lampking'],
    ['fr', 'Le site c’est lampking point fr, tout y est', 'lampking'],
    ['de', 'Unser Shop ist lampking punkt de, dort gibt’s alles', 'lampking'],
    ['pl', 'Strona to lampking kropka pl, tam jest taniej', 'lampking'],
    ['id', 'Webnya lampking titik co titik id, lengkap di sana', 'lampking'],
    ['en', 'it is l a m p k i n g dot net, type it', 'l a m p k i n g'],
  ] as const)
    t.equal(uncovered(line, name, language), '', line);
});

t.test('mutes a number to its last digit', async (t) => {
  for (const [language, line, number] of [
    [
      'hi',
      'bhai mera number likh lo, nau aath saat chhe paanch char teen do ek ek',
      'nau aath saat chhe paanch char teen do ek ek',
    ],
    [
      'ar',
      'سجلوا عندكم: صفر خمسة ستة، سبعة وأربعين، تسعة وثمانين، اثنعش',
      'صفر خمسة ستة، سبعة وأربعين، تسعة وثمانين، اثنعش',
    ],
    ['hi', 'लिख लो अट्ठानवे छिहत्तर चौवन बत्तीस दस', 'अट्ठानवे छिहत्तर चौवन बत्तीस दस'],
  ] as const)
    t.equal(uncovered(line, number, language), '', line);
});

t.test('a name continues after a spoken underscore', async (t) => {
  t.equal(uncovered('ищите меня в телеге, ник svet underscore opt', 'svet underscore opt', 'ru'), '');
  t.equal(uncovered('แอดไลน์มาเลยค่ะ ไอดี lampshop ขีดล่าง thai', 'thai', 'th'), '');
});
