import { findLanguage, scriptOf } from '../../config/languages/language-table.js';
import { FONT_PACKS } from './font-packs.js';

const SC = 'Noto Sans SC Thin';
const TC = 'Noto Sans TC Thin';
const JP = 'Noto Sans JP Thin';
const KR = 'Noto Sans KR Thin';

/** Han characters look different in each of these languages, so the language's own font goes first. */
function hanFont(language: string): string | undefined {
  const tag = language.toLowerCase();
  if (/^(zh-(.*-)?(hant|tw|hk|mo)|yue)\b/.test(tag)) return TC;
  if (/^(zh|cmn|wuu|nan|hak)\b/.test(tag)) return SC;
  if (/^ja\b/.test(tag)) return JP;
  if (/^ko\b/.test(tag)) return KR;
  return undefined;
}

/**
 * The comma-separated family list for a font name and BCP-47 language: "sans" is the built-in set; any other family
 * goes first, with the built-in set as its fallback. The font of the language's script, where it is no part of that set,
 * goes before it.
 */
export function fontFamilies(font: string, language: string): string {
  const first = hanFont(language);
  const list = FONT_PACKS.map((p) => p.family).filter((f) => f !== first);
  if (first !== undefined) list.unshift(first);
  // Named, it is drawn in the wanted weight; a fallback that the library finds is always regular.
  const row = findLanguage(language);
  const own = row === undefined ? undefined : scriptOf(row).family;
  if (own !== undefined) list.unshift(own);
  if (font !== 'sans') list.unshift(font.replace(/[,;"'<>&]/g, ' ').trim());
  return list.join(', ');
}
