import { loadRulePacks } from '../../../moderation/packs/index.js';
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

const MASK = '•••';
const MIN_LETTERS = 4;
const MAX_LETTERS = 40;
/** Alphabets whose single letters mean nothing by themselves, as a Chinese sign does. */
const ALPHABETS = [/^\p{Script=Latin}+$/u, /^\p{Script=Cyrillic}+$/u];

/**
 * "k•••g": a name as platforms mask it, by its first and last letter, always with the same three dots. Undefined for a
 * name with anything but letters of one alphabet, and where the two letters are the ends of a forbidden word: such a mask
 * is that word with a veil.
 */
class MaskedNames {
  private readonly ends: ReadonlySet<string>;

  /** `forbidden`: words that must not be guessed from a mask. */
  constructor(forbidden: Iterable<string>) {
    this.ends = new Set([...forbidden].flatMap((word) => endsOf(word) ?? []));
  }

  of(user: string): string | undefined {
    const ends = [...user.trim()].length < MIN_LETTERS ? undefined : endsOf(user);
    return ends === undefined || this.ends.has(ends) ? undefined : ends.slice(0, 1) + MASK + ends.slice(1);
  }
}

function endsOf(word: string): string | undefined {
  const letters = word.trim().normalize('NFKC').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  if (letters.length > MAX_LETTERS || !ALPHABETS.some((alphabet) => alphabet.test(letters))) return undefined;
  return letters.length < 2 ? undefined : letters[0]! + letters.at(-1)!;
}

/** Kinds of words that readers guess from their ends. */
const VEILED: ReadonlySet<string> = new Set(['insult', 'obscene', 'insult-alone', 'porn', 'curse']);
/** Longer words are not guessed from two letters. */
const MAX_VEILED_LETTERS = 6;
/** Abbreviations of applications: "v•••x". */
const ABBREVIATIONS = [
  'vx',
  'wx',
  'qq',
  'ig',
  'tg',
  'fb',
  'wa',
  'wp',
  'yt',
  'tt',
  'vk',
  'vb',
  'sc',
  'тг',
  'вк',
  'вп',
  'ва',
];
let own: MaskedNames | undefined;

/** Masks by the project's rule packs, read once. */
export function maskedNames(): MaskedNames {
  own ??= new MaskedNames([
    ...ABBREVIATIONS,
    ...loadRulePacks()
      .flatMap(({ say, sets }) => [...Object.entries(say), ...Object.entries(sets)])
      .filter(([kind]) => VEILED.has(kind))
      .flatMap(([, words]) => words)
      .filter((word) => word.replace('*', '').length <= MAX_VEILED_LETTERS)
      .map((word) => word.replace('*', '')),
  ]);
  return own;
}
