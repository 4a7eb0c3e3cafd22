/** Longest piece of a listing that is said in one sentence. */
const MAX_VALUE_CHARS = 140;

/** A text of a listing as words only: no tags, no controls, no line breaks, no signs that a template reads. */
export function cleanValue(text: string): string {
  return text
    .replace(/<[^>]{0,400}>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}{}<>[\]|\\^~`*_#]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,;:!?。，；：！？·-]+|[\s,;:，；：·-]+$/gu, '')
    .trim();
}

/** The same for a slot that ends no sentence; undefined where nothing is left or it is too long to say. */
export function slotValue(text: string): string | undefined {
  const clean = cleanValue(text).replace(/[.。!！]+$/u, '');
  return clean === '' || clean.length > MAX_VALUE_CHARS ? undefined : clean;
}

/** Words of a title that are said; buyers read the rest on the card. */
const MAX_TITLE_WORDS = 8;
const MAX_SIGNS = 26;
const KEYWORDS = /\s(?:for|with|para|con|für|mit|pour|avec|per|от|для|для)\s|\s*[,;，；|/(（【–—]/iu;

/** A title as it is said: without the keywords that follow the name. */
export function spokenTitle(title: string): string | undefined {
  const clean = cleanValue(title);
  const at = KEYWORDS.exec(clean.slice(6));
  const name = at === null ? clean : clean.slice(0, 6 + at.index);
  const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(name);
  const short = dense
    ? Array.from(name).slice(0, MAX_SIGNS).join('')
    : name.split(' ').slice(0, MAX_TITLE_WORDS).join(' ');
  return slotValue(short);
}
