/**
 * Whether an order or parcel number is told of nobody: "the order number is 1124587963021", 运单号 SF123….
 *
 * The trouble: a number alone says who bought no more than a batch does, but with a name it is that person's (rule
 * 5.3), and names are without number. The rule: it is nobody's only if nothing in the text could be a name: no capital
 * in the midst of a sentence, no possessive, no Chinese family name; where a script has no capitals, and in German,
 * which has too many, nothing may stand before the words "order number" at all, and little after the number.
 */
const FAMILIES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常';
const CHINESE_NAME = new RegExp(
  `(?:^|[^\\p{Script=Han}]|[是给叫和跟])[${FAMILIES}]\\p{Script=Han}{1,2}(?=[的，。,、；;:： ]|订单|單|运单|快递|$)`,
  'u',
);
/** Somebody greeted or named first: "Maria, order…", "Maria's…", "Maria: …". */
const NAMED_FIRST = /(?:^|[.!?]\s)\p{Lu}\p{Ll}+(?:\s\p{Lu}\p{Ll}+)*(?:\s?[,:]|\s[–-])|\p{L}['’]s?\s/u;
const CAPITAL = /(?<!^|[.!?。！？:]\s{0,2}|[\p{L}\p{N}'’-])\p{Lu}\p{Ll}+/gu;
/** Capitals of English that are no names. */
const NO_NAME =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$|^(?:January|February|March|April|May|June|July|August|September|October|November|December)$|^(?:Order|Number|Tracking|No|Nr|Id)$/;
const CAPITALS = /\p{Lu}|\p{Script=Latin}|\p{Script=Cyrillic}/u;
const MANY_CAPITALS = /(?:nummer|bestellung)/i;
/** What may stand before the word where scripts have no capitals, and after the number. */
const BEFORE_CHARS = 2;
const AFTER_CHARS = 16;
/** "Order number of" somebody takes more words than these, the number among them. */
const CUE_WORDS = 3;

/** `start` is where "order number" begins, `end` where the number ends. */
export function isNobodysOrder(text: string, start: number, end: number): boolean {
  const cue = text.slice(start, end);
  if (/\p{Script=Han}/u.test(cue) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text))
    return !CHINESE_NAME.test(text) && !/\p{Lu}\p{Ll}/u.test(text);
  if (!CAPITALS.test(cue.replace(/\d/g, '')) || MANY_CAPITALS.test(cue))
    return (
      text.slice(0, start).replace(/หมาย$/, '').trim().length <= (MANY_CAPITALS.test(cue) ? 4 : BEFORE_CHARS) &&
      text.length - end <= AFTER_CHARS &&
      cue.split(/\s+/).length <= CUE_WORDS
    );
  if (NAMED_FIRST.test(text)) return false;
  return [...text.matchAll(CAPITAL)].every(([word]) => NO_NAME.test(word));
}
