import unhomoglyph from 'unhomoglyph';
import { isAsciiLetter, isDigit, isHanOrKana, isWordy } from './scripts.js';
import { rewrite, type TextView, ViewBuilder } from './text-view.js';
import { sify } from 'chinese-conv';

/**
 * Words with repeated letters, as shouted or typed in haste: "the beeeest", "stuuupid", "лууучший", "ดีที่สุดดดด".
 *
 * Problem: the repeated letter may stand for one ("beeest") or for two ("freee"), and only the word decides.
 * Rule: three or more of one letter are read as one, and again as two. A run that is a word by itself stays: "www",
 * "AAA", "III". Thai, which does not separate words, requires four: ซื้อออนไลน์ is "buy online".
 */
const DRAWN = /([a-z\u00df-\u00ff\u0430-\u044f\u0621-\u064a])\1{2,}|([\u0e01-\u0e46])\2{3,}/g;
const ALIKE = [/[a-z\u00df-\u00ff]/, /[\u0430-\u044f]/, /[\u0621-\u064a]/, /[\u0e01-\u0e4e]/] as const;

/** Reduces each repeated letter of the view to `times`; returns the view itself when nothing changes. */
export function undrawn(view: TextView, times: 1 | 2): TextView {
  return rewrite(view, DRAWN, (m) => {
    const [run] = m;
    const letter = run[0]!;
    const script = ALIKE.find((s) => s.test(letter))!;
    const beside = (i: number): boolean => i >= 0 && i < view.text.length && script.test(view.text[i]!);
    return beside(m.index - 1) || beside(m.index + run.length) ? letter.repeat(times) : undefined;
  });
}

/**
 * A text in the two views that the detectors read. `folded` keeps punctuation and spaces; `words` has one space between
 * words, none inside Chinese and Japanese, and no other sign.
 */
export interface Normalised {
  readonly original: string;
  readonly folded: TextView;
  readonly words: TextView;
}

const LATIN_LETTER = /\p{Script=Latin}/u;
const LOOKALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
/** Ornamental substitutes for letters, in addition to lookalikes. */
const STYLED: Readonly<Record<string, string>> = {
  м: 'm', к: 'k', ω: 'w', ѡ: 'w', ш: 'w', щ: 'w', Ш: 'w', Щ: 'w', ц: 'u', Ц: 'u', є: 'e', Є: 'e', я: 'r', Я: 'r', и: 'n', И: 'n', λ: 'a', Λ: 'a', Σ: 'e', ς: 's', π: 'n',
}; // prettier-ignore
const ALPHABETS = [/\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
const LETTER = /[\p{L}\p{M}\p{N}\p{Cf}]/u;

/**
 * Ranges of tokens that mix Latin letters with lookalikes of other alphabets, or two of those with each other: wһаtsapp
 * with Cyrillic һ and а, ωнαтѕαρρ in Greek and Cyrillic.
 */
function mixedTokens(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  if (!LOOKALIKE.test(text)) return found;
  let start = -1;
  let latin = false;
  let alike: string | undefined;
  let mixed = false;
  for (let i = 0; i <= text.length; i += 1) {
    const c = i < text.length ? text[i] : ' ';
    if (LETTER.test(c!) || (start >= 0 && c! >= '\ud800' && c! <= '\udfff')) {
      if (start < 0) start = i;
      if (LOOKALIKE.test(c!)) {
        const alphabet = ALPHABETS.find((one) => one.test(c!))?.source ?? 'other';
        mixed ||= alike !== undefined && alike !== alphabet;
        alike = alphabet;
      } else if (LATIN_LETTER.test(c!)) latin = true;
    } else if (start >= 0) {
      if (mixed || (latin && alike !== undefined)) found.push({ start, end: i });
      start = -1;
      latin = false;
      alike = undefined;
      mixed = false;
    }
  }
  return found;
}

/** Small raised letters. A word of nothing else is read (ᶠᵘᶜᵏ); beside plain letters they are ornament (ᵋfuck). */
const RAISED = /^[\u02b0-\u02ff\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2071\u207f\u2090-\u209c]$/u;
const PLAIN_LETTER = /[\p{Lu}\p{Ll}\p{Lo}]/u;

/** Whether the character at i is a raised letter in a run that touches plain letters. */
function isAttached(text: string, i: number, size: number): boolean {
  if (size > 1 || !RAISED.test(text[i]!)) return false;
  let from = i;
  let to = i + 1;
  while (from > 0 && RAISED.test(text[from - 1]!)) from -= 1;
  while (to < text.length && RAISED.test(text[to]!)) to += 1;
  return PLAIN_LETTER.test(text[from - 1] ?? ' ') || PLAIN_LETTER.test(text[to] ?? ' ');
}

/**
 * Reduces one character to its visible meaning: lower case, without accents, full-width, circled, mathematical and
 * squared forms as plain letters, digits of every script as 0–9, traditional characters as simplified ones. '' for an
 * invisible character.
 */
const memo = new Map<number, string>();

/** Marks that enclose a letter, too: a ring around each letter leaves the word to be read. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Me}\u20d0-\u20dc\u20e1\u20e5-\u20f0\u3164\uffa0]$/u;
const HARAKAT = /^[\u0300-\u036f\u064b-\u065f\u0670\u0610-\u061a\u0591-\u05c7\u0640]$/u;
const STRIPPABLE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u;
/** A picture outside the BMP, whose surrogates would count as letters: it stands between words, or within one. */
const PICTURE = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const PICTURE_SIGN = '☆';
const DECIMAL = /^\p{Nd}$/u;
const HAN = /^\p{Script=Han}$/u;

const SPECIAL = new Map<string, string>(
  Object.entries({
    ł: 'l', đ: 'd', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't', ɡ: 'g', ɑ: 'a', ƒ: 'f',
    ى: 'ي', ة: 'ه', ک: 'ك', ی: 'ي', ۀ: 'ه', ٱ: 'ا', ە: 'ه',
    ᴀ: 'a', ʙ: 'b', ᴄ: 'c', ᴅ: 'd', ᴇ: 'e', ꜰ: 'f', ɢ: 'g', ʜ: 'h', ɪ: 'i', ᴊ: 'j', ᴋ: 'k', ʟ: 'l', ᴍ: 'm', ɴ: 'n',
    ᴏ: 'o', ᴘ: 'p', ʀ: 'r', ꜱ: 's', ᴛ: 't', ᴜ: 'u', ᴠ: 'v', ᴡ: 'w', ʏ: 'y', ᴢ: 'z',
    '。': '.', '｡': '.', '、': ',', '・': '·', '•': '·', '‧': '·', '∙': '·', '․': '.', '﹒': '.', '。​': '.',
    '—': '-', '–': '-', '‐': '-', '‑': '-', '−': '-', '‒': '-', '―': '-', '～': '~', '〜': '~',
    '“': '"', '”': '"', '‘': "'", '’': "'", '「': '"', '」': '"', '《': '"', '》': '"', '【': '[', '】': ']',
    '×': 'x', '✕': 'x', '✖': 'x', '➕': '+', '🔟': '10', '💯': '100%', '〇': '0', '○': '0', '◯': '0', '⭕': '0',
    '⓿': '0', '🄋': '0', '🄌': '0', 'Ⓥ': 'v',
    '🖕': ' fuck ', '🍠': '红薯', '📕': '红书', '🛰': '卫星', '🐧': '企鹅', '💗': '❤', '💖': '❤', '🧡': '❤', '💛': '❤', '💚': '❤', '💙': '❤', '💜': '❤', '🖤': '❤', '💕': '❤', '🌟': '⭐',
    '〡': '1', '〢': '2', '〣': '3', '〤': '4', '〥': '5', '〦': '6', '〧': '7', '〨': '8', '〩': '9', '⚀': '1', '⚁': '2', '⚂': '3', '⚃': '4', '⚄': '5', '⚅': '6',
    '⬇': '下', '⤵': '下',
    '／': '/', '։': ':', '：': ':',
  }),
); // prettier-ignore

function decimalValue(cp: number): string {
  let zero = cp;
  while (cp - zero < 9 && DECIMAL.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(cp - zero);
}

function enclosed(cp: number): string | undefined {
  if (cp >= 0x2776 && cp <= 0x277f) return String(cp - 0x2775);
  if (cp >= 0x2780 && cp <= 0x2789) return String(cp - 0x277f);
  if (cp >= 0x278a && cp <= 0x2793) return String(cp - 0x2789);
  if (cp >= 0x24eb && cp <= 0x24f4) return String(cp - 0x24e0);
  if (cp >= 0x24f5 && cp <= 0x24fe) return String(cp - 0x24f4);
  if (cp >= 0x1f1e6 && cp <= 0x1f1ff) return String.fromCharCode(97 + cp - 0x1f1e6);
  if (cp >= 0x1f150 && cp <= 0x1f169) return String.fromCharCode(97 + cp - 0x1f150);
  if (cp >= 0x1f170 && cp <= 0x1f189) return String.fromCharCode(97 + cp - 0x1f170);
  return undefined;
}

function fold(cp: number): string {
  const c = String.fromCodePoint(cp);
  const special = SPECIAL.get(c);
  if (special !== undefined) return special;
  const letter = enclosed(cp);
  if (letter !== undefined) return letter;
  if (INVISIBLE.test(c) || HARAKAT.test(c)) return '';
  if (cp > 0xffff && PICTURE.test(c)) return PICTURE_SIGN;
  let plain = c.normalize('NFKC').toLowerCase();
  if (plain.length > 1 && plain.startsWith('(') && plain.endsWith(')')) plain = plain.slice(1, -1);
  if (/^\d+\.$/.test(plain)) plain = plain.slice(0, -1);
  if (STRIPPABLE.test(plain)) plain = plain.normalize('NFD').replace(/\p{M}/gu, '');
  let out = '';
  for (const p of plain) {
    const q = SPECIAL.get(p) ?? p;
    if (DECIMAL.test(q)) out += decimalValue(q.codePointAt(0)!);
    else out += HAN.test(q) ? sify(q) : q;
  }
  return out;
}

/** Folds one code point; results are cached. */
function foldCharacter(codePoint: number): string {
  if (codePoint < 0x80) {
    return codePoint >= 0x41 && codePoint <= 0x5a
      ? String.fromCharCode(codePoint + 32)
      : String.fromCharCode(codePoint);
  }
  let folded = memo.get(codePoint);
  if (folded === undefined) {
    folded = fold(codePoint);
    memo.set(codePoint, folded);
  }
  return folded;
}

function foldText(text: string): TextView {
  const view = new ViewBuilder();
  const mixed = mixedTokens(text);
  let m = 0;
  for (let i = 0; i < text.length;) {
    const cp = text.codePointAt(i)!;
    const size = cp > 0xffff ? 2 : 1;
    while (m < mixed.length && mixed[m]!.end <= i) m += 1;
    if (cp > 0x7f && isAttached(text, i, size)) {
      view.push('', i, i + size);
    } else if (m < mixed.length && i >= mixed[m]!.start && cp > 0x7f) {
      const c = String.fromCodePoint(cp);
      const alike = LOOKALIKE.test(c) ? (STYLED[c] ?? unhomoglyph(c)) : c;
      let out = '';
      for (const p of alike) out += foldCharacter(p.codePointAt(0)!);
      view.push(out, i, i + size);
    } else {
      view.push(foldCharacter(cp), i, i + size);
    }
    i += size;
  }
  return view.build();
}

/** Signs that evaders put inside a word and that end no sentence. */
const LIGHT = new Set(' \t.·*_-~/\\|^\'"`,()[]{}<>#=°、\u3000');
/** A heart after one of these stands for 信 (sounds like 心), a star approximately (星). */
const HEARTED = new Set('微薇威维徽卫vw');
const HEART = /[❤♥💗💖🧡💛💚💙💜🖤💕⭐🌟]/u;
/** A plus sign before one of these means "add". */
const PLUS_ADDS = new Set('vw微薇威维徽卫q扣我');

/** Maximum signs between two Chinese ones that do not separate words, and maximum in a row of one or two kinds. */
const MAX_SQUEEZED = 4;
const MAX_ROW = 24;
const isRow = (signs: string): boolean => signs.length <= MAX_ROW && new Set(signs).size <= 2;

function toWords(folded: TextView): TextView {
  const { text, start, end } = folded;
  const view = new ViewBuilder();
  let i = 0;
  while (i < text.length) {
    const unit = text.charCodeAt(i);
    if (isWordy(unit)) {
      view.push(text[i]!, start[i]!, end[i]!);
      i += 1;
      continue;
    }
    let j = i;
    let light = true;
    let percent = -1;
    let plus = -1;
    while (j < text.length && !isWordy(text.charCodeAt(j))) {
      const c = text[j]!;
      if (c === '+') plus = j;
      else if (c === '%') percent = j;
      else if (!LIGHT.has(c) && c >= '!' && c <= '~') light = false;
      else if (c === '\n' || c === '\u2028') light = false;
      j += 1;
    }
    const before = i > 0 ? text.charCodeAt(i - 1) : 32;
    const after = j < text.length ? text.charCodeAt(j) : 32;
    const sentence = text[i] === '.' && (text[i + 1] === ' ' || j === text.length);
    const near = j - i <= MAX_SQUEEZED || isRow(text.slice(i, j));
    const squeezed = light && !sentence && (isHanOrKana(before) || isHanOrKana(after)) && near;
    if (percent >= 0 && isDigit(before)) view.push('%', start[percent]!, end[percent]!);
    if (i > 0 && HEARTED.has(text[i - 1]!) && text[j] !== '信' && HEART.test(text.slice(i, j)))
      view.push('信', start[i]!, end[i]!);
    if (plus >= 0 && j < text.length && PLUS_ADDS.has(text[j]!)) view.push('加', start[plus]!, end[plus]!);
    else if (!squeezed || (isDigit(before) && isDigit(after))) view.push(' ', start[i]!, end[j - 1]!);
    if (isNumberOne(text, j)) view.push('no ', start[j - 1]!, end[j - 1]!);
    i = j;
  }
  return view.build();
}

/** "#1" is read as "No. 1"; "#12" and "#1B" are names of things. */
function isNumberOne(text: string, at: number): boolean {
  return text[at] === '1' && text[at - 1] === '#' && (at + 1 >= text.length || !isWordy(text.charCodeAt(at + 1)));
}

/**
 * Three or more single letters in a row are one spelled word: p.a.y, f u c k, в а ц а п. Chinese, Japanese and Korean
 * may touch it: "l i n eで".
 */
const SINGLES =
  /(?<![a-z0-9\u0430-\u044f\u0621-\u064a\p{M}])(?:[a-z](?: [a-z]){2,20}(?![a-z0-9])|[\u0430-\u044f](?: [\u0430-\u044f]){3,20}(?![\u0430-\u044f])|[\u0621-\u064a](?: [\u0621-\u064a]){3,20}(?![\u0621-\u064a]))/gu;

/** Spelled words in Thai, whose vowels and tone marks stay with their letter: ไ ล น์. */
const THAI_SINGLES =
  /(?<![\p{L}\p{M}\p{N}])[\u0e01-\u0e46][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}(?: [\u0e01-\u0e46][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}){2,20}(?![\p{L}\p{M}\p{N}])/gu;

/** "i d" after a Chinese, Japanese or Korean sign: l i n e 的 i d. */
const SPELLED_ID = /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}] ?)i d(?![a-z0-9])/gu;

const joinSingles = (words: TextView): TextView =>
  joinRuns(joinRuns(joinRuns(words, SINGLES), SPELLED_ID), THAI_SINGLES);

function joinRuns(words: TextView, runs: RegExp): TextView {
  runs.lastIndex = 0;
  if (!runs.test(words.text)) return words;
  const view = new ViewBuilder();
  let from = 0;
  runs.lastIndex = 0;
  for (const m of words.text.matchAll(runs)) {
    for (; from < m.index + m[0].length; from += 1) {
      if (from < m.index || words.text[from] !== ' ')
        view.push(words.text[from]!, words.start[from]!, words.end[from]!);
    }
  }
  for (; from < words.text.length; from += 1) view.push(words.text[from]!, words.start[from]!, words.end[from]!);
  return view.build();
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};
const LEET_TOKEN = /(?<![a-z0-9])(?=[a-z0-9@$]{0,20}[a-z])(?=[a-z0-9@$]{0,20}[013457@$])[a-z0-9@$]{3,20}(?![a-z0-9])/g;
/** Letters outnumber the digits; otherwise it is a size or a model number. */
const wordLike = (token: string): boolean =>
  token.replace(/[^a-z]/g, '').length * 2 >= token.length && !/^\d+[a-z]{1,4}$|^[a-z]{1,4}\d+$/.test(token);

/** A dot that ends no sentence: the word before it belongs to an address. */
const HOST_GOES_ON = /^\.[\p{L}\p{N}]/u;

/**
 * The words view with digits and signs inside words read as letters (repl1ca, p4y), or undefined when there are none.
 */
export function leetWords(folded: TextView): TextView | undefined {
  LEET_TOKEN.lastIndex = 0;
  let changed = false;
  const view = new ViewBuilder();
  let from = 0;
  for (const m of folded.text.matchAll(LEET_TOKEN)) {
    if (!wordLike(m[0]) || HOST_GOES_ON.test(folded.text.slice(m.index + m[0].length, m.index + m[0].length + 2)))
      continue;
    changed = true;
    for (; from < m.index + m[0].length; from += 1) {
      const c = folded.text[from]!;
      view.push(from < m.index ? c : (LEET[c] ?? c), folded.start[from]!, folded.end[from]!);
    }
  }
  if (!changed) return undefined;
  for (; from < folded.text.length; from += 1) view.push(folded.text[from]!, folded.start[from]!, folded.end[from]!);
  return joinSingles(toWords(view.build()));
}

/** Latin letters, digits and signs that are drawn as Cyrillic ones; `u` and `n` as they look in handwriting. */
const AS_CYRILLIC: Readonly<Record<string, string>> = {
  a: 'а', b: 'в', c: 'с', e: 'е', g: 'д', h: 'н', i: 'и', k: 'к', m: 'м', n: 'п', o: 'о', p: 'р', r: 'г', t: 'т', u: 'и', x: 'х', y: 'у',
  '0': 'о', '3': 'з', '4': 'ч', '6': 'б', '@': 'а', $: 'с',
}; // prettier-ignore
const CYRILLIC = /\p{Script=Cyrillic}/u;
const LATIN_OR_SIGN = /[a-z0346@$]/u;
const CYRILLIC_TOKEN = /[\p{Script=Cyrillic}\p{Script=Latin}0346@$]{2,30}/gu;

/**
 * The words view of words that mix Cyrillic with Latin letters or digits, read as Cyrillic (сyка, пи3дец), or undefined when
 * there are none. The folded view has them as Latin.
 */
export function cyrillicWords(original: string): TextView | undefined {
  let changed = false;
  const view = new ViewBuilder();
  let from = 0;
  for (const m of original.matchAll(CYRILLIC_TOKEN)) {
    const token = m[0].toLowerCase();
    if (token.length !== m[0].length || !CYRILLIC.test(token) || !LATIN_OR_SIGN.test(token)) continue;
    changed = true;
    for (; from < m.index + m[0].length; from += 1) {
      const c = from < m.index ? original[from]! : token[from - m.index]!;
      view.push(
        from < m.index ? foldCharacter(c.codePointAt(0)!) : (AS_CYRILLIC[c] ?? foldCharacter(c.codePointAt(0)!)),
        from,
        from + 1,
      );
    }
  }
  if (!changed) return undefined;
  for (; from < original.length; from += 1) view.push(foldCharacter(original.charCodeAt(from)), from, from + 1);
  return joinSingles(toWords(view.build()));
}

/** One or two signs between letters of an alphabet that is written without them: 카_톡, т.г, в-а-ц-а-п, ไ.ล.น์. */
const INSIDE =
  /(?<=[\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Hiragana}\p{Script=Katakana}])[._*~|/\\·'"^+=-]{1,3}(?=[\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Hiragana}\p{Script=Katakana}])/gu;

/** The words view without such signs, or undefined when there are none. */
export function tightWords(folded: TextView): TextView | undefined {
  const tight = rewrite(folded, INSIDE, () => '');
  return tight === folded ? undefined : joinSingles(toWords(tight));
}

/** Two spelled names with a stroke between them: S i g n a l / L I N E. */
const STROKE = /(?<=[a-z] [a-z]) ?[/|] ?(?=[a-z] [a-z](?: |$))/g;

/** The words view with a word for the stroke, so that the letters on each side are joined, or undefined. */
export function partedSingles(folded: TextView): TextView | undefined {
  const parted = rewrite(folded, STROKE, () => ' or ');
  return parted === folded ? undefined : joinSingles(toWords(parted));
}

/** The words view with repeated letters reduced to two, or undefined when there are none. */
export function doubledWords(folded: TextView): TextView | undefined {
  const doubled = undrawn(folded, 2);
  return doubled === folded ? undefined : joinSingles(toWords(doubled));
}

/** Rewrites a text for the detectors; every position leads back to the original. */
export function normalise(original: string): Normalised {
  const folded = foldText(original);
  return { original, folded, words: joinSingles(toWords(undrawn(folded, 1))) };
}

/** Whether a word can begin at `at` in a words view: no letter, digit or mark adjoins it on the left. */
export function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const here = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  if (!isWordy(before) || isHanOrKana(before) !== isHanOrKana(here)) return true;
  return isDigit(before) && isAsciiLetter(here) && !(at >= 2 && isAsciiLetter(text.charCodeAt(at - 2)));
}
