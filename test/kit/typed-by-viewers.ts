/**
 * Names and comments of viewers who want something of theirs on air: telephone numbers, accounts and insults, in every
 * combination of scripts, splits over names, and signs that join the parts.
 */
import type { Typed } from './viewer-traces.js';

/** Telephone numbers, one digit an element. */
const NUMBERS = ['13800138000', '4155552671', '79161234567', '0551234567'].map((number) => [...number].map(Number));

/** Words or signs for the digits from zero to nine. */
const DIGITS: Readonly<Record<string, string>> = {
  latin: '0 1 2 3 4 5 6 7 8 9',
  han: '零 一 二 三 四 五 六 七 八 九',
  cheque: '零 壹 贰 叁 肆 伍 陆 柒 捌 玖',
  homophones: '铃 妖 儿 山 思 舞 溜 妻 爸 酒',
  pinyin: 'ling yao er san si wu liu qi ba jiu',
  arabic: '٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩',
  devanagari: '० १ २ ३ ४ ५ ६ ७ ८ ९',
  thai: '๐ ๑ ๒ ๓ ๔ ๕ ๖ ๗ ๘ ๙',
  fullwidth: '０ １ ２ ３ ４ ５ ６ ７ ８ ９',
  circled: '⓪ ① ② ③ ④ ⑤ ⑥ ⑦ ⑧ ⑨',
  en: 'zero one two three four five six seven eight nine',
  de: 'null eins zwei drei vier fünf sechs sieben acht neun',
  fr: 'zéro un deux trois quatre cinq six sept huit neuf',
  es: 'cero uno dos tres cuatro cinco seis siete ocho nueve',
  pt: 'zero um dois três quatro cinco seis sete oito nove',
  it: 'zero uno due tre quattro cinque sei sette otto nove',
  nl: 'nul een twee drie vier vijf zes zeven acht negen',
  pl: 'zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć',
  ru: 'ноль один два три четыре пять шесть семь восемь девять',
  ar: 'صفر واحد اثنين ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة',
  tr: 'sıfır bir iki üç dört beş altı yedi sekiz dokuz',
  id: 'nol satu dua tiga empat lima enam tujuh delapan sembilan',
  vi: 'không một hai ba bốn năm sáu bảy tám chín',
  th: 'ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า',
  hi: 'शून्य एक दो तीन चार पांच छह सात आठ नौ',
  ja: 'ゼロ イチ ニ サン ヨン ゴ ロク ナナ ハチ キュウ',
  ko: '공 일 이 삼 사 오 육 칠 팔 구',
};
const ACCOUNTS = ['kettleking', 'abc12345', 'kettle_king', 'kettle.king', 'KettleKingHK', '王老板水壶', 'чайник77'];
const APPS =
  'V X|VX|V|v信|微|薇|威信|微亻言|咖薇|扣扣|QQ|ig|IG|tg|TG|wa|wapp|vk|fb|insta|line id|ล.น.|ライン|카톡|тг|ватсап|вк|واتس|Ⓥ|🐧|whats app|wh@ts'.split(
    '|',
  );
const JOINTS = [' ', ':', '：', ' @', '-', '', ' = ', '★', ' is '];
const INSULTS =
  'fuck|shit|cunt|whore|asshole|сука|хуйло|похуй|мудак|дерьмо|пидор|блять|говно|puta|cabrón|pendejo|hurensohn|arschloch|putain|connard|stronzo|vaffanculo|kurwa|skurwysyn|orospu|siktir|anjing|đụ má|địt|ควย|เหี้ย|傻逼|操你妈|狗日的|叼毛|几把|我是你爹|발시|씨발|開くちんぽ|كلب|منيوك|मादरचोद|भोसड़ी|發轮功|氵去车仑功|六四天安门'.split(
    '|',
  );
/** Letters that look alike in Latin and Cyrillic. */
const ALIKE: Readonly<Record<string, string>> = {
  a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', y: 'у', u: 'υ', i: 'і', k: 'к', s: 'ѕ', h: 'һ', t: 'т', n: 'п',
  а: 'a', с: 'c', е: 'e', о: 'o', р: 'p', х: 'x', у: 'y', к: 'k', и: 'u', в: 'b', г: 'r', т: 't',
}; // prettier-ignore
const LEET: Readonly<Record<string, string>> = {
  a: '4',
  e: '3',
  i: '1',
  o: '0',
  s: '5',
  t: '7',
  з: '3',
  о: '0',
  б: '6',
};

const chars = (text: string): string[] => [...text];
const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** Ways to write a word so that a list of words does not know it. */
const DISGUISES: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => chars(word).map((c, i) => (i === 1 ? (ALIKE[c] ?? c) : c)).join(''),
  (word) => chars(word).map((c, i) => (i % 2 === 0 ? (ALIKE[c] ?? c) : c)).join(''),
  (word) => chars(word).map((c) => LEET[c] ?? c).join(''),
  (word) => chars(word).join(' '),
  (word) => chars(word).join('.'),
  (word) => chars(word).join('\u20dd'),
  (word) => `ᵋ${word}`,
  (word) => chars(word).join('\u0332'),
  (word) => chars(word).join('\u200d'),
  (word) => `${word.slice(0, 2)}☆${word.slice(2)}`,
  (word) => chars(word).toReversed().join(''),
  (word) => word.toUpperCase(),
  (word) => `${word} ${word}`,
]; // prettier-ignore

/** Questions that every room answers, so that what is around them could go on air with them. */
const QUESTIONS = [
  'How much is it?', 'MOQ?', 'What colors do you have?', 'price for {n} pieces?', 'Is there a warranty?', '多少钱？', '起订量多少', '有什么颜色', '¿Cuánto cuesta?',
  '¿Cuál es el pedido mínimo?', 'Quel est le prix ?', 'Was kostet das?', 'Quanto custa?', 'Quanto costa?', 'Ile to kosztuje?', 'Сколько стоит?', 'كم السعر؟', 'ราคาเท่าไหร่', 'いくらですか',
  '얼마예요?', 'berapa harganya?', 'giá bao nhiêu?', 'fiyatı ne kadar?', 'कीमत क्या है?', 'Wat kost het?', 'Can my grandmother open it?',
]; // prettier-ignore

function numbersInNames(): Typed[][] {
  const groups: Typed[][] = [];
  for (const [script, words] of Object.entries(DIGITS)) {
    const said = words.split(' ');
    const parted = said.some((word) => word.length > 1);
    for (const [n, number] of NUMBERS.entries()) {
      for (const parts of [1, 2, 3]) {
        const size = Math.ceil(number.length / parts);
        const joint = parted ? at([' ', '-', ' ', '_'], n) : at(['', '', ' ', '·'], n + parts);
        groups.push(
          Array.from({ length: parts }, (_, i) => ({
            user: number.slice(i * size, (i + 1) * size).map((digit) => said[digit]!).join(joint),
            text: at(QUESTIONS, n + script.length),
          })),
        ); // prettier-ignore
      }
    }
  }
  return groups;
}

function accountsInNames(): Typed[][] {
  return APPS.flatMap((app, a) =>
    ACCOUNTS.slice(0, 5).map((account, n) => {
      const joint = at(JOINTS, a + n);
      const text = at(QUESTIONS, a * 3 + n);
      return n % 2 === 0
        ? [{ user: `${app}${joint}${account}`, text }]
        : [{ user: app, text }, { user: account, text }];
    }),
  ); // prettier-ignore
}

function insultsInNames(): Typed[][] {
  return INSULTS.flatMap((word, n) =>
    DISGUISES.filter((_, d) => (d + n) % 3 === 0).map((disguise, d) => {
      const text = at(QUESTIONS, n + d);
      const name = disguise(word);
      const half = Math.ceil(name.length / 2);
      return d % 2 === 0 ? [{ user: name, text }] : [{ user: name.slice(0, half), text }, { user: name.slice(half), text }];
    }),
  ); // prettier-ignore
}

function inComments(): Typed[][] {
  const numbers = Object.values(DIGITS).flatMap((words, w) =>
    NUMBERS.map((number, n) => number.map((digit) => words.split(' ')[digit]!).join(at([' ', '', '-', ' . '], w + n))),
  );
  const accounts = APPS.flatMap((app, a) => ACCOUNTS.map((account, n) => `${app}${at(JOINTS, a + n)}${account}`));
  const insults = INSULTS.flatMap((word, n) => DISGUISES.filter((_, d) => (d + n) % 4 === 0).map((one) => one(word)));
  return [...numbers, ...accounts, ...insults].map((tail, n) => {
    const question = at(QUESTIONS, n * 7).replace('{n}', at(['500', '1380', '01', '138001', '38 000'], n));
    return [{ user: '', text: n % 3 === 0 ? `${tail} ${question}` : `${question} ${tail}` }];
  });
}

/** All combinations; those of a group are sent together, as viewers who ask at the same time. */
export const typedByViewers = (): Typed[][] => [
  ...numbersInNames(),
  ...accountsInNames(),
  ...insultsInNames(),
  ...inComments(),
];

/** "name TAB comment" a line, each a group of its own; names alone have an ordinary question. */
export const typedInFile = (file: string): Typed[][] =>
  file
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line, n) => {
      const [user = '', text = ''] = line.split('\t');
      return [{ user, text: text.trim() === '' ? at(QUESTIONS.slice(0, 5), n) : text }];
    });
