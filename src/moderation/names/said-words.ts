import { isSmallWordOf } from '../normalise/small-words.js';

/** The words of a spoken text, marked by their role: introducing a name, holding it together or ending it. */

/** "Dot" in a spoken address. */
export const DOT =
  'dot|punto|ponto|point|punkt|punt|nokta|titik|chấm|kropka|точка|डॉट|دوت|نقطة|ดอท|จุด|ドット|점|쩜|닷|点|點|dian';
const DOTS: ReadonlySet<string> = new Set(DOT.split('|'));
/** "At" in a spoken address. */
const ATS: ReadonlySet<string> = new Set(
  'at|艾特|圈a|arroba|chiocciola|arobase|arrobase|собака|собачка|apenstaartje|apenstaart|malpa|małpa|klammeraffe|アットマーク|アット|골뱅이|แอท|ऐट|एट|et|آت|ات'.split(
    '|',
  ),
);
/** Spoken signs of a name. */
const SIGNS: ReadonlySet<string> = new Set(
  'underscore|dash|hyphen|underline|minus|guion|guión|bajo|unterstrich|bindestrich|tiret|trattino|basso|garis|bawah|gạch|dưới|ขีดล่าง|アンダーバー|アンダースコア|ハイフン|밑줄|언더바|अंडरस्कोर|podkreślnik|podkreślenie|streepje|laag|koppelteken|下划线|下劃線|подчеркивание|подчёркивание|нижнее|дефис|тире|شرطة|سفلية|alt|çizgi|tire'.split(
    '|',
  ),
);
/** Words inside a name: "house of lamps", "casa das luzes". */
const INNER: ReadonlySet<string> = new Set(
  'of the and & dan ve và de del de la las los el da do das dos des du le les l d der die das dem den und y e et di dei della delle del aus uit van von from z ze و और и'.split(
    ' ',
  ),
);
const ARTICLES: ReadonlySet<string> = new Set(
  'the a an el la los las le les un une der die das den dem ein eine il lo gli i o os as um uma de het een'.split(' '),
);
/**
 * Words that end a name and are missing from the lists of small words, and verbs and nouns that introduce an address.
 */
const ENDS: ReadonlySet<string> = new Set(
  (
    'в во на и там это у по за для с со так если всё все мой моя мое наш наша наше наши нашем сайт сайте сайта магазин магазина адрес ' +
    'заходите зайдите заходи переходите перейдите откройте наберите найдёте найдете смотрите заказывайте покупайте под именем как ' +
    'على في من إلى الى عبر هناك هو هي موقع موقعنا موقعي زوروا زورونا ادخلوا اسمه اسمها اسم باسم الاسم كل شيء عندنا حسابنا حسابي ' +
    'है हैं पर में से को का की के और नाम हमारी हमारा हमारे साइट वेबसाइट वहां वहाँ यहां जाओ जाइए खोलो ' +
    'visit visita visitad visitate visitez type open enter browse google check go going goes find search look order buy called named under on at in ' +
    'website site web page address link url buka kunjungi cek lihat masuk ketik situs vào lên mở ghé gõ trang ' +
    'entra entrad entrate andate entrem entrez allez allons schaut guckt geht gebt kijk kijkt ga wejdźcie wejdź zobaczcie heißt heisst girin sitemiz adresi adresine'
  ).split(' '),
);

/** Chinese and Japanese next to other letters are separate words: 邮箱lamp. */
const HAN = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー';
const LETTER = `(?:(?![${HAN}])[\\p{L}\\p{M}\\p{N}])`;
const WORD = new RegExp(`[${HAN}]+|${LETTER}+(?:[._’'-]${LETTER}+)*`, 'gu');
/** Text allowed between two words of one name. */
const JOINT = /^[ \t'’"“”«»_-]{0,3}$/u;

export interface SaidWord {
  readonly start: number;
  readonly end: number;
  /** Lower case. */
  readonly word: string;
  /** "Dot", "at", or another spoken sign of a name. */
  readonly isDot: boolean;
  readonly isAt: boolean;
  readonly isSign: boolean;
  /** "Of", "the": allowed within a name. */
  readonly isInner: boolean;
  readonly isArticle: boolean;
  /** Ends a name. */
  readonly endsName: boolean;
}

/** The words of a text with their positions; `languages`: those whose small words end a name. */
export function saidWords(text: string, languages: ReadonlySet<string>): SaidWord[] {
  const words: SaidWord[] = [];
  for (const m of text.matchAll(WORD)) {
    const word = m[0].normalize('NFC').toLowerCase();
    const isDot = DOTS.has(word);
    const isSign = isDot || SIGNS.has(word);
    words.push({
      start: m.index,
      end: m.index + m[0].length,
      word,
      isDot,
      isAt: ATS.has(word),
      isSign,
      isInner: INNER.has(word) && (!/[a-z]/.test(word) || isSmallWordOf(languages, word)),
      isArticle: ARTICLES.has(word),
      endsName: !isSign && (ENDS.has(word) || isSmallWordOf(languages, word)),
    });
  }
  return words;
}

/** Whether two neighbouring words may belong to one name: only a blank or a quote between them. */
export const areJoined = (text: string, a: SaidWord, b: SaidWord): boolean => JOINT.test(text.slice(a.end, b.start));

/** The index of the first word at or after this position. */
export function wordAt(words: readonly SaidWord[], place: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (words[mid]!.start < place) low = mid + 1;
    else high = mid;
  }
  return low;
}
