import type { ReplyPack } from '../comments/reply-packs.js';

const MAX_NAMES = 2;
/** Scripts that a voice of a language reads besides Latin letters. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  zh: /^[\p{Script=Latin}\p{Script=Han}\p{M}'-]+$/u,
  ja: /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{M}'-]+$/u,
  ko: /^[\p{Script=Latin}\p{Script=Hangul}\p{M}'-]+$/u,
  th: /^[\p{Script=Latin}\p{Script=Thai}\p{M}'-]+$/u,
  ar: /^[\p{Script=Latin}\p{Script=Arabic}\p{M}'-]+$/u,
  hi: /^[\p{Script=Latin}\p{Script=Devanagari}\p{M}'-]+$/u,
  ru: /^[\p{Script=Latin}\p{Script=Cyrillic}\p{M}'-]+$/u,
};
const LATIN = /^[\p{Script=Latin}\p{M}'-]+$/u;

/** Whether a voice of the language can read the name. */
const isReadable = (name: string, language: string): boolean => (SCRIPTS[language] ?? LATIN).test(name);

/**
 * "Anna, Miguel and 12 other viewers"; undefined when no name can be spoken. Each name is harmless by itself; two of them
 * side by side can be a word, so the second is said only where `isCleanTogether`.
 */
export function namesInWords(
  names: readonly string[],
  viewers: number,
  { language, others }: ReplyPack,
  isCleanTogether: (names: readonly string[], language: string) => boolean,
): string | undefined {
  const said: string[] = [];
  for (const name of new Set(names)) {
    if (said.length === MAX_NAMES) break;
    if (isReadable(name, language) && (said.length === 0 || isCleanTogether([...said, name], language)))
      said.push(name);
  }
  if (said.length === 0) return undefined;
  const rest = Math.max(0, viewers - said.length);
  if (rest > 0) {
    const form = others[new Intl.PluralRules(language).select(rest)] ?? others.other!;
    said.push(form.startsWith('=') ? form.slice(1) : form.replace('#', String(rest)));
  }
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(said);
}
