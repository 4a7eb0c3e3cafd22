const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Resolves character references, as a renderer does before using the value. */
export function decodeEntities(value: string): string {
  return value.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? all;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/**
 * The text elements of an SVG. They are judged as text in addition to OCR, which reads only Chinese and Latin letters.
 */
const TEXT = /<(?:[\w-]+:)?text(?=[\s/>])[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?text\s*>/gi;
/** The first match counts: a comment in a CDATA section is text, and the other way round. */
const COMMENT_OR_CDATA = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>/g;
const TAG = /<[^>]*>/g;
/** Letters placed one by one, or a few at a time, form a word from this count on. */
const MIN_LETTERS = 4;
const MAX_AT_ONCE = 3;
const SEVERAL = /^[\p{L}\p{M}]+$/u;
/** Drawn in reverse order. */
const OVERRIDDEN = /unicode-bidi\s*[:=]\s*["']?\s*(?:bidi|isolate)-override/i;

export function svgTexts(bytes: Uint8Array): string[] {
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(COMMENT_OR_CDATA, (_, raw?: string) =>
      (raw ?? '').replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;')),
    );
  const texts: string[] = [];
  const singles = joiner(texts, (length) => length === 1);
  const pieces = joiner(texts, (length, text) => length <= MAX_AT_ONCE && SEVERAL.test(text));
  for (const [, inner] of xml.matchAll(TEXT)) {
    const text = decodeEntities(inner!.replace(TAG, '')).replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    singles(text);
    pieces(text);
    texts.push(text);
  }
  singles('');
  pieces('');
  return OVERRIDDEN.test(xml) ? texts.flatMap((text) => [text, Array.from(text).toReversed().join('')]) : texts;
}

/** Joins consecutive pieces that fit, as one more text. */
function joiner(texts: string[], fits: (length: number, text: string) => boolean): (text: string) => void {
  let word = '';
  return (text) => {
    if (text !== '' && fits(Array.from(text).length, text)) word += text;
    else {
      if (Array.from(word).length >= MIN_LETTERS && !texts.includes(word)) texts.push(word);
      word = '';
    }
  };
}
