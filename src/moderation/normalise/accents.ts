/**
 * Vietnamese distinguishes words by accents: đồ ngu is an insult, đồ ngủ is sleepwear. Detectors read texts without
 * accents, because evaders omit them; in an accented text the accents must match the word's.
 */

/** Letters that only Vietnamese uses, composed or not. */
const VIETNAMESE = /[ăđơưĂĐƠƯ\u1ea0-\u1ef9]|[aeiouyAEIOUY][\u0302\u0306\u031b]?[\u0300\u0301\u0303\u0309\u0323]/;

/** Whether a text is written with Vietnamese accents. */
export const isAccented = (text: string): boolean => VIETNAMESE.test(text);

const memo = new Map<string, string>();

/** A syllable's letters and accents, wherever the accents are placed: hòa and hoà are equal. */
function signature(syllable: string): string {
  let letters = '';
  const marks: string[] = [];
  for (const c of syllable.toLowerCase().normalize('NFD')) {
    if (c === 'đ') {
      letters += 'd';
      marks.push('-');
    } else if (c >= '\u0300' && c <= '\u036f') marks.push(c);
    else letters += c;
  }
  return letters + marks.sort().join('');
}

function signatures(text: string): string {
  return (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(signature).join(' ');
}

/** Whether `written`, a range of an accented text, equals `word` including accents. */
export function accentsAgree(word: string, written: string): boolean {
  let wanted = memo.get(word);
  if (wanted === undefined) memo.set(word, (wanted = signatures(word)));
  const got = signatures(written);
  // A word without accents in its pack, or one that ends inside the text's word, is compared by the letters alone.
  return got === wanted || (!isAccented(word) && /^[\x20-\x7e]+$/.test(written));
}
