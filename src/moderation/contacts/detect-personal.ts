import { isAmountOrDate } from './detect-phones.js';
import type { DigitRun } from '../numbers/digit-runs.js';
import type { Match } from '../match.js';
import type { LexiconMatch } from '../lexicon/lexicon.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-personal');

/** Personal data of others (rule 5.3): identity numbers, order numbers, a person together with an address or number. */

const CN_ID = /(?<![0-9])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9x](?![0-9])/g;
const CN_ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SSN = /(?<![0-9-])\d{3}-\d{2}-\d{4}(?![0-9-])/g;

/** Check character of GB 11643-1999. */
function isChineseId(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += CN_ID_WEIGHTS[i]! * (id.charCodeAt(i) - 48);
  return '10x98765432'[sum % 11] === id[17];
}

export interface PersonalContext {
  readonly original: string;
  readonly folded: TextView;
  readonly words: TextView;
  readonly runs: readonly DigitRun[];
  readonly sets: ReadonlyMap<string, readonly LexiconMatch[]>;
  readonly viewerNames: readonly string[];
  /** Matches of other detectors: telephone numbers and addresses near a name make it personal. */
  readonly contacts: readonly Match[];
}

const FAR = 40;
/** Maximum distance of an apparent identity number from "part number". */
const LABEL_CHARS = 6;
/** Maximum distance between a person and the data about them, in the words view. */
const MAX_PERSON_CHARS = 60;
/**
 * A house in a street in each language, with number and street in either order. Broad, because it counts only beside a
 * person or a home.
 */
const HOUSE = new RegExp(WORDS.any('streets'), 'gu');

/** A first and last name, or a title and a name; not at the beginning of a sentence unless a comma follows. */
const FULL_NAME =
  /(?<![\p{L}\p{N}])(?:(?<!^|[.!?:]\s)\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+|\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+(?=,)|(?:Mrs?|Ms|Miss|Frau|Herrn?|Madame|Monsieur|Señora?|Sra?|Signora|Signor|Pani?|Dona) ?\.? \p{Lu}\p{Ll}+)/gu;
/** Names of firms and places, and capitalised German nouns of the trade. */
const NO_PERSON = new RegExp(String.raw`\b(?:${WORDS.any('no-person')})\b`, 'u');

/** "Visit Oakmere Home at 88 …" is an invitation to a shop. */
const VISIT = new RegExp(String.raw`(?:${WORDS.any('invitations')})\s*$`, 'iu');

/** "叫刘强": introduces a Chinese name with one of the hundred commonest family names. */
const CHINESE_NAME = new RegExp(
  String.raw`(?:${WORDS.any('chinese-name-cues')})[:是为]?([王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常][\u4e00-\u9fff]{1,2})(?=[,.，。、;； ]|电话|手机|住|家|地址|身份证|对吧|是吧|在|$)`,
  'gu',
);
/** "王芳的电话是": the owner is named before the data. */
const CHINESE_OWNER =
  /(?<![\u4e00-\u9fff])([王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾萧蕭蔡潘袁于董余叶葉程苏蘇吕呂魏丁沈任姚卢盧姜崔钟鐘谭譚陆陸汪范石廖邹鄒熊金江戴邱侯邵孟龙龍段钱錢汤湯尹黎][\u4e00-\u9fff]{1,2})的(?:电话|電話|手机号|手機號|手机|手機|号码|號碼|住址|地址|身份证|身分證)/gu;
/** A family name with a polite title: 김민수 님, 田中さん, 王女士; not customers, teachers or families in general. */
const TITLED = new RegExp(WORDS.any('titled-names'), 'gu');
/** Titled names are greeted more often than exposed: they count only beside an explicit home. */
const HOME = new RegExp(WORDS.any('homes'), 'u');
/** A person named by their office is to be called, not exposed: 王经理的电话. */
const OFFICE = new RegExp(WORDS.any('offices'), 'u');
/** A person's place of work or study. */
const CHINESE_WORKPLACE = new RegExp(String.raw`在[\u4e00-\u9fff]{2,12}(?:${WORDS.any('chinese-work')})`, 'gu');

const ORDER_WORDS = wordTable('unnamed-order');

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
const UNNAMED_ORDER_CHINESE_NAME = new RegExp(
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
const PLACE = new RegExp(ORDER_WORDS.any('places'), 'gu');
/** For German and scripts without capitals: the parcel is on its way, and nobody is addressed. */
const UNDERWAY = new RegExp(ORDER_WORDS.any('under-way'), 'iu');
const SOMEBODY = new RegExp(ORDER_WORDS.any('somebody'), 'iu');
const UNDERWAY_CHARS = 44;

/** A number in groups, with the letters of its carrier, is one word. */
const NUMBER = /(?:(?<![\p{L}\d])(?:[a-z]{2}|\d[a-z])\s?)?\d[\d\s-]*\d/giu;

const isUnderway = (after: string): boolean =>
  after.length <= UNDERWAY_CHARS && UNDERWAY.test(after) && !SOMEBODY.test(after);

/** `start` is the offset of "order number", `end` the end of the number. */
export function isNobodysOrder(text: string, start: number, end: number): boolean {
  const cue = text.slice(start, end);
  if (/\p{Script=Han}/u.test(cue) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text))
    return !UNNAMED_ORDER_CHINESE_NAME.test(text) && !/\p{Lu}\p{Ll}/u.test(text);
  if (!CAPITALS.test(cue.replace(/\d/g, '')) || MANY_CAPITALS.test(cue))
    return (
      text.slice(0, start).replace(/หมาย$/, '').trim().length <= (MANY_CAPITALS.test(cue) ? 4 : BEFORE_CHARS) &&
      (text.length - end <= AFTER_CHARS || isUnderway(text.slice(end))) &&
      cue.replace(NUMBER, '0').split(/\s+/).length <= CUE_WORDS
    );
  if (NAMED_FIRST.test(text)) return false;
  return [...text.replace(PLACE, ' ').matchAll(CAPITAL)].every(([word]) => NO_NAME.test(word));
}

export function detectPersonal(context: PersonalContext): Match[] {
  const { original, folded, words, runs, sets, viewerNames, contacts } = context;
  const found: Match[] = [];
  const add = (kind: string, start: number, end: number): void => {
    found.push({ rule: '5.3', kind, start, end });
  };
  CN_ID.lastIndex = 0;
  for (let m = CN_ID.exec(folded.text); m !== null; m = CN_ID.exec(folded.text)) {
    if (!isChineseId(m[0])) continue;
    const r = originalRange(folded, m.index, m.index + m[0].length);
    add('id-number', r.start, r.end);
  }
  const labels = ['number-label', 'part-label'].flatMap((name) =>
    (sets.get(name) ?? []).map((m) => originalRange(words, m.start, m.end)),
  );
  SSN.lastIndex = 0;
  for (let m = SSN.exec(folded.text); m !== null; m = SSN.exec(folded.text)) {
    const r = originalRange(folded, m.index, m.index + m[0].length);
    // "Part number 010-55-3072".
    if (labels.some((l) => l.end <= r.start && r.start - l.end <= LABEL_CHARS)) continue;
    add('id-number', r.start, r.end);
  }
  const numbers = runs.map((run) => ({
    ...originalRange(folded, run.start, run.end),
    digits: run.digits.length,
    spelled: run.spelled > 0,
    amount: isAmountOrDate(run, folded.text),
  }));
  const someone = ['third-person', 'buyer-person', 'complainer', 'name-cue', 'viewer'].flatMap((name) =>
    (sets.get(name) ?? []).map((m) => originalRange(words, m.start, m.end)),
  );
  const cued = (set: string, kind: string, minDigits: number, reach: number): void => {
    for (const match of sets.get(set) ?? []) {
      const cue = originalRange(words, match.start, match.end);
      for (const number of numbers) {
        if (kind === 'order-number' && number.amount) continue;
        if (number.digits < minDigits || number.start < cue.end || number.start - cue.end > reach) continue;
        if (kind === 'order-number') {
          const whose = someone.some((p) => Math.max(p.start - number.end, cue.start - p.end) <= MAX_PERSON_CHARS);
          // "Numéro de commande de Claire est": only the owner may stand in between.
          if (!whose && isNobodysOrder(original, cue.start, number.end)) continue;
        }
        add(kind, cue.start, number.end);
      }
    }
  };
  cued('order-cue', 'order-number', 8, 24);
  cued('id-cue', 'id-number', 6, 24);
  for (const person of sets.get('third-person') ?? []) {
    for (const data of sets.get('private-data') ?? []) {
      const gap = data.start >= person.end ? data.start - person.end : person.start - data.end;
      if (gap < 0 || gap > 24) continue;
      const range = originalRange(words, Math.min(person.start, data.start), Math.max(person.end, data.end));
      const detail = numbers.find(
        (n) => (n.digits >= 3 || !n.spelled) && n.start >= range.start && n.start - range.end <= FAR,
      );
      const contact = contacts.find((c) => c.start >= range.start && c.start - range.end <= FAR);
      const end = Math.max(detail?.end ?? 0, contact?.end ?? 0);
      if (end > 0) add('person', range.start, Math.max(end, range.end));
    }
  }
  const near = (name: string): { start: number; end: number }[] =>
    (sets.get(name) ?? []).map((m) => originalRange(words, m.start, m.end));
  const gap = (a: { start: number; end: number }, b: { start: number; end: number }): number =>
    Math.max(a.start - b.end, b.start - a.end, 0);
  // A person who complained or gave a bad review, with their contact number.
  for (const person of near('complainer').concat(near('buyer-person'), near('name-cue'))) {
    for (const c of contacts) {
      if (gap(person, c) <= MAX_PERSON_CHARS)
        add('person', Math.min(person.start, c.start), Math.max(person.end, c.end));
    }
  }
  const named = [CHINESE_NAME, CHINESE_OWNER]
    .flatMap((name) => [...folded.text.matchAll(name)])
    .filter((m) => !OFFICE.test(m[1]!))
    .map((m) => originalRange(folded, m.index, m.index + m[0].length));
  if (named.length > 0) {
    const personalData: { start: number; end: number }[] = [...contacts];
    for (const m of folded.text.matchAll(CHINESE_WORKPLACE)) {
      personalData.push(originalRange(folded, m.index, m.index + m[0].length));
    }
    for (const name of named) {
      for (const c of personalData) {
        if (gap(name, c) <= MAX_PERSON_CHARS) add('person', Math.min(name.start, c.start), Math.max(name.end, c.end));
      }
    }
  }
  const own = near('own-place');
  const homes = near('lives-at');
  const titled =
    HOME.test(original) || contacts.length > 0
      ? [...folded.text.matchAll(TITLED)].map((m) => originalRange(folded, m.index, m.index + m[0].length))
      : [];
  const people = homes.concat(
    titled,
    near('complainer'),
    near('name-cue'),
    near('third-person'),
    near('buyer-person'),
    named,
  );
  const fullNames = [...original.matchAll(FULL_NAME)]
    .filter((m) => !NO_PERSON.test(m[0]) && !VISIT.test(original.slice(0, m.index)))
    .map((m) => ({ start: m.index, end: m.index + m[0].length }));
  if (people.length + fullNames.length > 0) {
    for (const m of folded.text.matchAll(HOUSE)) {
      const house = originalRange(folded, m.index, m.index + m[0].length);
      if (own.some((o) => gap(o, house) <= MAX_PERSON_CHARS)) continue;
      const apart = (n: { start: number; end: number }): boolean => n.end <= house.start || n.start >= house.end;
      const who =
        people.find((p) => gap(p, house) <= MAX_PERSON_CHARS) ??
        fullNames.find((n) => apart(n) && gap(n, house) <= MAX_PERSON_CHARS);
      if (who !== undefined) add('address', Math.min(who.start, house.start), Math.max(who.end, house.end));
    }
  }
  if (viewerNames.length > 0) exposeViewers(context, add);
  return found;
}

/** Exposes a viewer: their name in the same line as a contact, an address or private data. */
function exposeViewers(context: PersonalContext, add: (kind: string, start: number, end: number) => void): void {
  const { folded, words, sets, viewerNames, contacts } = context;
  const data = [
    ...(sets.get('private-data') ?? []),
    ...(sets.get('order-cue') ?? []),
    ...(sets.get('address-cue') ?? []),
  ];
  const places = data.map((d) => originalRange(words, d.start, d.end)).concat(contacts);
  if (places.length === 0) return;
  const nearest = (start: number, end: number): { start: number; end: number } | undefined =>
    places.find((p) => Math.max(p.start - end, start - p.end) <= 60);
  for (const name of viewerNames) {
    const wanted = name.toLowerCase();
    if (wanted.length < 2) continue;
    const at = folded.text.indexOf(wanted);
    if (at < 0) continue;
    const range = originalRange(folded, at, at + wanted.length);
    const place = nearest(range.start, range.end);
    if (place !== undefined) add('person', Math.min(range.start, place.start), Math.max(range.end, place.end));
  }
}
