import { loadRulePacks } from '../../../moderation/packs/index.js';

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
export class MaskedNames {
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
