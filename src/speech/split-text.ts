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
