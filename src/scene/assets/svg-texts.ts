import { decodeEntities } from './svg-entities.js';

/**
 * The words an SVG writes, as text. They are judged as text besides being read off the picture: the reader of pictures knows
 * Chinese and Latin letters only.
 */
const TEXT = /<(?:[\w-]+:)?text(?=[\s/>])[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?text\s*>/gi;
const COMMENT = /<!--[\s\S]*?-->/g;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/g;
const TAG = /<[^>]*>/g;
/** Letters that are placed one by one are a word from so many on. */
const LEAST_LETTERS = 4;

export function svgTexts(bytes: Uint8Array): string[] {
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').replace(COMMENT, '');
  const texts: string[] = [];
  let letters = '';
  const flush = (): void => {
    if (Array.from(letters).length >= LEAST_LETTERS) texts.push(letters);
    letters = '';
  };
  for (const [, inner] of xml.matchAll(TEXT)) {
    const marked = inner!.replace(CDATA, (_, raw: string) =>
      raw.replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;')),
    );
    const text = decodeEntities(marked.replace(TAG, '')).replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    if (Array.from(text).length === 1) letters += text;
    else flush();
    texts.push(text);
  }
  flush();
  return texts;
}
