import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('unnamed-order');

/**
 * Whether an order or parcel number belongs to nobody named: "the order number is 1124587963021", 运单号 SF123….
 *
 * Problem: a number alone reveals no more about a buyer than a batch number, but with a name it is personal data (rule
 * 5.3), and there are too many names to list.
 * Rule: the number is anonymous only if nothing in the text could be a name: no capital within a sentence, no
 * possessive, no Chinese family name. In scripts without capitals, and in German with its many capitals, nothing may
 * precede "order number" and little may follow the number.
 */
const FAMILIES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常';
const CHINESE_NAME = new RegExp(
  `(?:^|[^\\p{Script=Han}]|[是给叫和跟])[${FAMILIES}]\\p{Script=Han}{1,2}(?=[的，。,、；;:： ]|订单|單|运单|快递|$)`,
  'u',
);
/** Somebody greeted or named first: "Maria, order…", "Maria's…", "Maria: …". */
const NAMED_FIRST = /(?:^|[.!?]\s)\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}+)*(?:\s?[,:]|\s[–-])|\p{L}['’]s?\s/u;
/** A capital inside a word belongs to a firm: SiCepat, InPost. */
const CAPITAL = /(?<!^|[.!?。！？:]\s{0,2}|[\p{L}\p{N}'’-])\p{Lu}\p{Ll}+(?!\p{L})/gu;
/** English capitals that are not names. */
const NO_NAME =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$|^(?:January|February|March|April|May|June|July|August|September|October|November|December)$|^(?:Order|Number|Tracking|No|Nr|Id)$/;
const CAPITALS = /\p{Lu}|\p{Script=Latin}|\p{Script=Cyrillic}/u;
const MANY_CAPITALS = /(?:nummer|bestellung)/i;
/** Maximum characters before the word in scripts without capitals, and after the number. */
const BEFORE_CHARS = 2;
const AFTER_CHARS = 16;
/** "Order number of" somebody takes more words than these, including the number. */
const CUE_WORDS = 3;

/**
 * The parcel's location: "il est à Roissy", "đang ở Hải Phòng", "İzmir'de", "salió de Manzanillo". A person may follow
 * "de" and "to", so these count only after a verb of travel.
 */
const PLACE = new RegExp(WORDS.any('places'), 'gu');
/** For German and scripts without capitals: the parcel is on its way, and nobody is addressed. */
const UNDERWAY = new RegExp(WORDS.any('under-way'), 'iu');
const SOMEBODY = new RegExp(WORDS.any('somebody'), 'iu');
const UNDERWAY_CHARS = 44;

/** A number in groups, with the letters of its carrier, is one word. */
const NUMBER = /(?:(?<![\p{L}\d])(?:[a-z]{2}|\d[a-z])\s?)?\d[\d\s-]*\d/giu;

const isUnderway = (after: string): boolean =>
  after.length <= UNDERWAY_CHARS && UNDERWAY.test(after) && !SOMEBODY.test(after);

/** `start` is the offset of "order number", `end` the end of the number. */
export function isNobodysOrder(text: string, start: number, end: number): boolean {
  const cue = text.slice(start, end);
  if (/\p{Script=Han}/u.test(cue) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text))
    return !CHINESE_NAME.test(text) && !/\p{Lu}\p{Ll}/u.test(text);
  if (!CAPITALS.test(cue.replace(/\d/g, '')) || MANY_CAPITALS.test(cue))
    return (
      text.slice(0, start).replace(/หมาย$/, '').trim().length <= (MANY_CAPITALS.test(cue) ? 4 : BEFORE_CHARS) &&
      (text.length - end <= AFTER_CHARS || isUnderway(text.slice(end))) &&
      cue.replace(NUMBER, '0').split(/\s+/).length <= CUE_WORDS
    );
  if (NAMED_FIRST.test(text)) return false;
  return [...text.replace(PLACE, ' ').matchAll(CAPITAL)].every(([word]) => NO_NAME.test(word));
}
