/** A half-open range of UTF-16 offsets. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const SENTENCE_END = /[.!?…。！？｡؟۔।॥။։።។]+["'”’»)\]）」』]*(?=\s|$|[\p{Lo}])|\n+/gu;
const WEAKER_ENDS = [/[;:；：،؛]\s?/gu, /[,，、]\s?/gu, /\s+/gu];

/**
 * Cuts a text into pieces of at most `limit` UTF-16 units: at ends of sentences if possible, else at semicolons,
 * commas, spaces, and as a last resort between any two characters (never inside a surrogate pair). Sentences that fit
 * together stay together. The pieces cover the text without gaps.
 */
export function splitText(text: string, limit: number): TextRange[] {
  const pieces: TextRange[] = [];
  let start = 0;
  while (start < text.length) {
    const end = text.length - start <= limit ? text.length : cut(text, start, limit);
    if (text.slice(start, end).trim() !== '') pieces.push({ start, end });
    else if (pieces.length > 0) pieces[pieces.length - 1] = { start: pieces.at(-1)!.start, end };
    start = end;
  }
  return pieces;
}

/** Like splitText, but cuts at every end of a sentence: for a voice that hardly pauses there. */
export function splitSentences(text: string, limit: number): TextRange[] {
  const out: TextRange[] = [];
  for (const piece of splitText(text, limit)) {
    let { start } = piece;
    for (const m of text.slice(piece.start, piece.end).matchAll(SENTENCE_END)) {
      const end = piece.start + m.index + m[0].length;
      if (text.slice(end, piece.end).trim() === '') break;
      out.push({ start, end });
      start = end;
    }
    out.push({ start, end: piece.end });
  }
  return out;
}

function cut(text: string, start: number, limit: number): number {
  const window = text.slice(start, start + limit);
  // A lookahead needs the character after the window to decide whether a full stop ends a sentence there.
  const sentence = lastEnd(text.slice(start, start + limit + 1), SENTENCE_END, limit);
  if (sentence > 0) return start + sentence;
  for (const pattern of WEAKER_ENDS) {
    const end = lastEnd(window, pattern, limit);
    if (end > limit / 4) return start + end;
  }
  const last = window.charCodeAt(window.length - 1);
  return start + window.length - (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
}

function lastEnd(window: string, pattern: RegExp, limit: number): number {
  let end = 0;
  for (const m of window.matchAll(pattern)) {
    const at = m.index + m[0].length;
    if (at <= limit) end = at;
  }
  return end;
}

/**
 * The synthesiser's input: the written words, without anything it would interpret as commands or read out badly. Every
 * character remembers its origin, so events of the synthesiser point into the original text.
 *
 * - Markup, phoneme brackets and control characters lose their meaning: `<`, `>`, `[`, `]`, `{`, `}`, `|` and controls
 * become spaces. They are never parsed, so `<break time="60s"/>` is just words.
 * - Pictures (emoji) are not read out; digits written as keycaps stay digits.
 * - Amounts are turned into spoken order: `$29.99` becomes `29.99 dollars`.
 */
export interface SpokenText {
  readonly text: string;
  /** For each UTF-16 unit of `text`, its offset in the original. */
  readonly offsets: Int32Array;
}

/** Currency names after the number, for languages with a plain plural rule. */
const CURRENCIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: { $: ' dollars', '€': ' euros', '£': ' pounds', '¥': ' yuan' },
  zh: { $: '美元', '€': '欧元', '£': '英镑', '¥': '元', '\uFFE5': '元' },
  es: { $: ' dólares', '€': ' euros', '£': ' libras', '¥': ' yuanes' },
  fr: { $: ' dollars', '€': ' euros', '£': ' livres', '¥': ' yuans' },
  de: { $: ' Dollar', '€': ' Euro', '£': ' Pfund', '¥': ' Yuan' },
  pt: { $: ' dólares', '€': ' euros', '£': ' libras', '¥': ' yuans' },
  it: { $: ' dollari', '€': ' euro', '£': ' sterline', '¥': ' yuan' },
  ja: { $: 'ドル', '€': 'ユーロ', '£': 'ポンド', '¥': 'えん', '\uFFE5': 'えん' },
  id: { $: ' dolar', '€': ' euro', '£': ' pound', '¥': ' yuan' },
  vi: { $: ' đô la', '€': ' ơ rô', '£': ' bảng', '¥': ' nhân dân tệ' },
};

/** Other dollars and currencies that share the sign; where a language has no name here they stay as written. */
const NAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    HK$: ' Hong Kong dollars',
    NT$: ' Taiwan dollars',
    A$: ' Australian dollars',
    C$: ' Canadian dollars',
    S$: ' Singapore dollars',
    R$: ' reais',
  },
  zh: { HK$: '港元', NT$: '新台币', A$: '澳元', C$: '加元', S$: '新加坡元', R$: '雷亚尔' },
  pt: { R$: ' reais' },
};

const AMOUNT = /(?:(?<![A-Za-z])((?:US|HK|NT|[ACSR])\$)|(?<![A-Za-z])(\$)|([€£¥\uFFE5]))\s?(\d+(?:[.,]\d+)*)/gu;
const PICTURE = /\p{Emoji_Presentation}/u;
/** A sign such as ❤ is a picture only before the emoji variation selector; © alone is a sign. */
const MAYBE_PICTURE = /\p{Extended_Pictographic}/u;
const UNREAD = /[<>[\]{}|\p{Cc}\p{Cs}]/u;
/** Invisible marks: a word that contains one is still one word. */
const UNSEEN = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|\uFE0E|\uFE0F|\u20E3|\p{Emoji_Modifier}/u;

export function spokenText(original: string, language: string): SpokenText {
  let text = '';
  const offsets: number[] = [];
  const put = (piece: string, at: number, spread: boolean): void => {
    for (let i = 0; i < piece.length; i += 1) offsets.push(spread ? at + i : at);
    text += piece;
  };
  const base = language.toLowerCase().split('-')[0]!;
  const names = CURRENCIES[base];
  let done = 0;
  if (names !== undefined) {
    for (const m of original.matchAll(AMOUNT)) {
      const sign = (m[1] === 'US$' ? '$' : m[1]) ?? m[2] ?? m[3]!;
      const name = names[sign] ?? NAMED[base]?.[sign];
      if (name === undefined) continue;
      plain(original, done, m.index, put);
      const number = m[4]!;
      const at = m.index + m[0].length - number.length;
      put(number, at, true);
      // The name is spoken last, so it counts for the amount's last character: offsets never run backwards.
      put(name, at + number.length - 1, false);
      done = m.index + m[0].length;
    }
  }
  plain(original, done, original.length, put);
  return { text, offsets: Int32Array.from(offsets) };
}

function plain(
  original: string,
  from: number,
  to: number,
  put: (piece: string, at: number, spread: boolean) => void,
): void {
  let at = from;
  for (const char of original.slice(from, to)) {
    if (!UNSEEN.test(char)) {
      const picture = PICTURE.test(char) || (MAYBE_PICTURE.test(char) && original[at + char.length] === '\uFE0F');
      if (picture || UNREAD.test(char)) put(' ', at, false);
      else put(char, at, true);
    }
    at += char.length;
  }
}
