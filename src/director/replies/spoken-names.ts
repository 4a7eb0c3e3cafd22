import type { ReplyPack } from './comments/reply-pack-schema.js';

const MAX_NAME_CHARS = 20;
const MAX_DIGITS = 3;
const MAX_NAMES = 2;
const NAME = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .'_-]*$/u;
/** Scripts that a voice of a language reads besides Latin letters. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  zh: /^[\p{Script=Latin}\p{Script=Han}\p{M}\d\s.'-]+$/u,
  ja: /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{M}\d\s.'-]+$/u,
  ko: /^[\p{Script=Latin}\p{Script=Hangul}\p{M}\d\s.'-]+$/u,
  th: /^[\p{Script=Latin}\p{Script=Thai}\p{M}\d\s.'-]+$/u,
  ar: /^[\p{Script=Latin}\p{Script=Arabic}\p{M}\d\s.'-]+$/u,
  hi: /^[\p{Script=Latin}\p{Script=Devanagari}\p{M}\d\s.'-]+$/u,
  ru: /^[\p{Script=Latin}\p{Script=Cyrillic}\p{M}\d\s.'-]+$/u,
};
const LATIN = /^[\p{Script=Latin}\p{M}\d\s.'-]+$/u;

/** A viewer's name as it can be spoken; undefined for a long name, a number, or signs. */
export function plainName(user: string): string | undefined {
  const name = user
    .normalize('NFKC')
    .replace(/[_\s]+/g, ' ')
    .trim();
  if (name === '' || name.length > MAX_NAME_CHARS || !NAME.test(name)) return undefined;
  return (name.match(/\p{N}/gu)?.length ?? 0) > MAX_DIGITS ? undefined : name;
}

/** Whether a voice of the language can read the name. */
export const isReadable = (name: string, language: string): boolean => (SCRIPTS[language] ?? LATIN).test(name);

/** "Anna, Li Wei and 12 others"; undefined when no name can be spoken. */
export function namesInWords(
  names: readonly string[],
  viewers: number,
  { language, others }: ReplyPack,
): string | undefined {
  const said = [...new Set(names)].filter((name) => isReadable(name, language)).slice(0, MAX_NAMES);
  if (said.length === 0) return undefined;
  const rest = Math.max(0, viewers - said.length);
  if (rest > 0) {
    const form = others[new Intl.PluralRules(language).select(rest)] ?? others.other!;
    said.push(form.startsWith('=') ? form.slice(1) : form.replace('#', String(rest)));
  }
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(said);
}
