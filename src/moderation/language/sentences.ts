/** A range of a text, in UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Stops, commas and similar signs, except within numbers and addresses: 1,000; t.me; "t . me". */
const BREAK = /(?:[,，،;；、।؟。！？!?\n]|(?<=[\p{L}\p{M}\p{N}"'”’)\]])\.(?=\s|$))+(?!(?<=\d,)\d)/gu;
/** Maximum distances of a name from its app. */
const MAX_BEFORE = 40;
const MAX_BEHIND = 60;

/**
 * The clause or clauses around a match.
 *
 * Problem: a name can be any words, "the bottle people", so silencing only the app leaves the account next to it
 * audible.
 * Rule: words said in one clause with the app are silenced with it, up to the next comma or stop.
 */
export function clauseAround(text: string, { start, end }: Place): Place {
  let from = Math.max(0, start - MAX_BEFORE);
  let to = Math.min(text.length, end + MAX_BEHIND);
  for (const found of text.matchAll(BREAK)) {
    const behind = found.index + found[0].length;
    if (behind <= start) from = Math.max(from, behind);
    else if (found.index >= end) {
      to = Math.min(to, found.index);
      break;
    }
  }
  // The blank between two clauses belongs to neither.
  while (from < start && /\s/.test(text[from]!)) from += 1;
  return { start: from, end: Math.max(end, to) };
}

/** A piece of a text without the blanks around it. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Longer texts are judged in groups of sentences with this minimum of characters. */
const WHOLE_CHARS = 200;
const PART_CHARS = 120;
/**
 * Minimum letters of a sentence that can be judged: for alphabets, for scripts with few vowels or no blanks, and for
 * signs that are words.
 */
const MIN_LETTERS = 20;
const MIN_DENSE = 14;
const MIN_SIGNS = 8;
/** Maximum distance of a "no" from the beginning of an answer, in characters. */
const ANSWER_CHARS = 16;

/** Thai writes no stops; there a polite particle and a blank end a sentence. */
const SENTENCE = /[.!?…。！？।؟]+(?=\s|$)|[。！？।؟]|\n|(?<=ค่ะ|คะ|ครับ|จ้า|จ้ะ)\s/g;
const QUESTION = /[?？؟]$/;
const SIGN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const LETTER = /\p{L}/gu;
const DENSE = /[\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}]/gu;

/** Every sentence of a text, however short. */
export const everySentence = (text: string): Part[] => split(text, { start: 0, end: text.length }, () => true);

/** The text itself, or groups of its sentences. */
export const partsOf = (text: string): Part[] =>
  split(text, { start: 0, end: text.length }, (length) => text.length > WHOLE_CHARS && length >= PART_CHARS);

/**
 * The sentences of a part with several; empty for a single one. A question of a word or two, or one answered by a no,
 * is merged with its answer: "cash? No, cards only". `saysNo`: whether a no stands in this range.
 */
export function sentencesOf(text: string, part: Part, saysNo: (start: number, end: number) => boolean): Part[] {
  const sentences: Part[] = [];
  let asked: Part | undefined;
  for (const s of split(text, part, () => true)) {
    const last = sentences[sentences.length - 1];
    if (
      asked !== undefined &&
      (!isSentence(text.slice(asked.start, asked.end)) || saysNo(s.start, Math.min(s.end, s.start + ANSWER_CHARS)))
    )
      sentences[sentences.length - 1] = { start: last!.start, end: s.end };
    else sentences.push(s);
    asked = QUESTION.test(text.slice(s.start, s.end)) ? s : undefined;
  }
  return sentences.length > 1 ? sentences : [];
}

/** Whether a part has enough letters to judge its sense, or the given share of that. */
export function isSentence(part: string, share = 1): boolean {
  const signs = part.match(SIGN)?.length ?? 0;
  if (signs >= MIN_SIGNS * share || (part.match(LETTER)?.length ?? 0) >= MIN_LETTERS * share) return true;
  return (part.match(DENSE)?.length ?? 0) >= MIN_DENSE * share;
}

/** Splits a part of a text at sentence ends where `closes` accepts the length so far. */
function split(text: string, part: Part, closes: (length: number) => boolean): Part[] {
  const parts: Part[] = [];
  let from = part.start;
  const close = (to: number): void => {
    let start = from;
    let end = to;
    while (start < end && text[start]!.trim() === '') start += 1;
    while (end > start && text[end - 1]!.trim() === '') end -= 1;
    if (end > start) parts.push({ start, end });
    from = to;
  };
  SENTENCE.lastIndex = part.start;
  for (let m = SENTENCE.exec(text); m !== null && m.index < part.end; m = SENTENCE.exec(text)) {
    const end = m.index + m[0].length;
    if (closes(end - from)) close(end);
  }
  close(part.end);
  return parts;
}
