import { sify } from 'chinese-conv';

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
    '🍠': '红薯', '📕': '红书', '🛰': '卫星', '🐧': '企鹅', '💗': '❤', '💖': '❤', '🧡': '❤', '💛': '❤', '💚': '❤', '💙': '❤', '💜': '❤', '🖤': '❤', '💕': '❤', '🌟': '⭐',
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
export function foldCharacter(codePoint: number): string {
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
