/** An unbreakable piece of text and the space that follows it. */
export interface TextUnit {
  readonly text: string;
  /** UTF-16 offset in the whole text. */
  readonly start: number;
  /** A line ends after this unit at any width. */
  readonly hardBreak: boolean;
}

/** No line starts with these (JIS X 4051, closing punctuation and small kana) … */
const NOT_AT_START =
  /^[\s\p{Pe}\p{Pf}!%,.:;?‰°·•…。、，．：；？！）】」』》〉％ーぁぃぅぇぉっゃゅょァィゥェォッャュョ、。]/u;
/** … and none ends with these. */
const NOT_AT_END = /[\p{Ps}\p{Pi}$€£¥￥#@（【「『《〈]$/u;
const JOINED = /[\p{L}\p{N}\p{M}'’\-_/&+.,:]/u;
const ANYWHERE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Splits a text at its line break opportunities: between words, and in Chinese, Japanese, Thai, Lao, Khmer and Burmese between the words of
 * ICU's dictionary, never before closing or after opening punctuation.
 */
export function breakText(text: string, language: string): TextUnit[] {
  const units: { text: string; start: number; hardBreak: boolean }[] = [];
  for (const { segment, index } of segmenter(language).segment(text)) {
    if (/[\r\n]/.test(segment)) {
      const last = units.at(-1);
      if (last !== undefined) last.hardBreak = true;
      continue;
    }
    const last = units.at(-1);
    const glue =
      last !== undefined &&
      !last.hardBreak &&
      (NOT_AT_START.test(segment) || NOT_AT_END.test(last.text) || joins(last.text, segment));
    if (glue) last.text += segment;
    else units.push({ text: segment, start: index, hardBreak: false });
  }
  return units;
}

const joins = (before: string, after: string): boolean => {
  const a = Array.from(before).at(-1)!;
  const b = Array.from(after)[0]!;
  if (/\s/u.test(a)) return false;
  if (ANYWHERE.test(a) || ANYWHERE.test(b)) return false;
  return JOINED.test(a) && (JOINED.test(b) || !/\s/u.test(b));
};

const cache = new Map<string, Intl.Segmenter>();
function segmenter(language: string): Intl.Segmenter {
  let one = cache.get(language);
  if (one === undefined) {
    let locale: string | undefined = language;
    try {
      Intl.getCanonicalLocales(language);
    } catch {
      locale = undefined; // not a BCP-47 tag: the default rules break it
    }
    one = new Intl.Segmenter(locale, { granularity: 'word' });
    if (cache.size < 64) cache.set(language, one);
  }
  return one;
}
