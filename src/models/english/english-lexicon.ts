import type { JsonTable } from './json-table.js';
import { cardinal, decimal, ordinal, year } from './written-out.js';

/**
 * Words to sounds as Kokoro learned them: a port of misaki's English rules (hexgrad, Apache-2.0). The first dictionary
 * is better than the second; a word in neither may be a known one with -s, -ed or -ing.
 */
type Entry = string | Readonly<Record<string, string | null>>;

/** What follows a word decides how "the", "to", "a" and some others sound. */
export interface Context {
  /** The next sound is a vowel; undefined where a pause follows. */
  readonly vowelFollows: boolean | undefined;
  readonly toFollows: boolean;
}

const SIGNS: Readonly<Record<string, string>> = { '%': 'percent', '&': 'and', '+': 'plus', '@': 'at' };
const IN_ADDRESSES: Readonly<Record<string, string>> = { '.': 'dot', '/': 'slash' };
const SUFFIXES = ['ing', "'d", 'ed', "'s", 'st', 'nd', 'rd', 'th', 's'];
const ORDINAL = /^(?:st|nd|rd|th)$/;
/** Sounds after which an American t is tapped. */
const TAPS = new Set('AIOWYiuæɑəɛɪɹʊʌ');
const isDigits = (text: string): boolean => /^[0-9]+$/.test(text);
const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();

/** A lower-case entry also answers to its capitalised form, and the reverse, unless the other has its own. */
class Words {
  constructor(private readonly table: JsonTable) {}

  get(word: string): Entry | undefined {
    const found = this.table.get(word) as Entry | undefined;
    if (found !== undefined || word.length < 2) return found;
    const lower = word.toLowerCase();
    if (word === lower) {
      const capital = capitalised(word);
      return capital === word ? undefined : (this.table.get(capital) as Entry | undefined);
    }
    return word === capitalised(word) ? (this.table.get(lower) as Entry | undefined) : undefined;
  }

  has(word: string): boolean {
    return this.get(word) !== undefined;
  }
}

function kindOf(tag: string): string {
  if (tag.startsWith('VB')) return 'VERB';
  if (tag.startsWith('NN')) return 'NOUN';
  if (tag.startsWith('RB')) return 'ADV';
  if (tag.startsWith('JJ')) return 'ADJ';
  return tag;
}

export const PRIMARY = 'ˈ';
const SECONDARY = 'ˌ';
const VOWELS: ReadonlySet<string> = new Set('AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ');
const CONSONANTS: ReadonlySet<string> = new Set('bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ');
const DIPHTHONGS = new Set('AIOQWYʤʧ');

/** Length of sounds: diphthongs and affricates count twice. */
export const soundWeight = (sounds: string): number =>
  Array.from(sounds).reduce((sum, sound) => sum + (DIPHTHONGS.has(sound) ? 2 : 1), 0);

const hasVowel = (sounds: string): boolean => Array.from(sounds).some((sound) => VOWELS.has(sound));

/** A mark at the front moves to the first vowel. */
function beforeVowel(sounds: string): string {
  const mark = sounds[0];
  const rest = Array.from(sounds.slice(1));
  const vowel = rest.findIndex((sound) => VOWELS.has(sound));
  return [...rest.slice(0, vowel), mark, ...rest.slice(vowel)].join('');
}

/**
 * Sounds with another stress: below −1 none, −1 to 0 secondary instead of primary, up to 1 at least secondary, 1 and
 * more primary instead of secondary, above 1 primary in any case.
 */
export function withStress(sounds: string, stress: number | undefined): string {
  if (stress === undefined) return sounds;
  const primary = sounds.includes(PRIMARY);
  const secondary = sounds.includes(SECONDARY);
  if (stress < -1) return sounds.replaceAll(/[ˈˌ]/g, '');
  if (stress === -1 || ((stress === 0 || stress === -0.5) && primary))
    return sounds.replaceAll(SECONDARY, '').replaceAll(PRIMARY, SECONDARY);
  if ((stress === 0 || stress === 0.5 || stress === 1) && !primary && !secondary)
    return hasVowel(sounds) ? beforeVowel(SECONDARY + sounds) : sounds;
  if (stress >= 1 && !primary && secondary) return sounds.replaceAll(SECONDARY, PRIMARY);
  if (stress > 1 && !primary && !secondary) return hasVowel(sounds) ? beforeVowel(PRIMARY + sounds) : sounds;
  return sounds;
}

export class Lexicon {
  private readonly first: Words;
  private readonly second: Words;

  /** @param own words of the trade, before both dictionaries */
  constructor(
    first: JsonTable,
    second: JsonTable,
    private readonly own: ReadonlyMap<string, string>,
  ) {
    this.first = new Words(first);
    this.second = new Words(second);
  }

  /** Sounds of a word, or undefined for an unknown one. `head`: begins its run of text without spaces. */
  sounds(written: string, tag: string, context: Context, head: boolean): string | undefined {
    const word = written.replaceAll(/[‘’]/g, "'").normalize('NFKC');
    const own = this.own.get(word) ?? this.own.get(word.toLowerCase());
    if (own !== undefined) return own;
    const stress = word === word.toLowerCase() ? undefined : word === word.toUpperCase() ? 2 : 0.5;
    const found = this.word(word, tag, stress, context);
    if (found !== undefined) return found;
    return isNumber(word, head) ? this.number(word, head) : undefined;
  }

  /** Whether either dictionary has the word as written. */
  knows(word: string): boolean {
    return this.first.has(word) || this.second.has(word);
  }

  /** Letters by their names, the last one stressed. */
  spelled(word: string): string | undefined {
    const names: string[] = [];
    for (const letter of word) {
      if (!/\p{L}/u.test(letter)) continue;
      const name = this.first.get(letter.toUpperCase());
      if (typeof name !== 'string') return undefined;
      names.push(name);
    }
    const sounds = withStress(names.join(''), 0);
    const last = sounds.lastIndexOf(SECONDARY);
    return last < 0 ? sounds : sounds.slice(0, last) + PRIMARY + sounds.slice(last + 1);
  }

  private special(word: string, tag: string, stress: number | undefined, context: Context): string | undefined {
    if (tag === 'ADD' && word in IN_ADDRESSES) return this.lookup(IN_ADDRESSES[word]!, '', -0.5);
    if (word in SIGNS) return this.lookup(SIGNS[word]!, '', undefined);
    const letters = word.replaceAll('.', '');
    if (/^[^.]+\.|\.[^.]+$/.test(word) && word.replace(/^\.+|\.+$/g, '').includes('.') && /^\p{L}+$/u.test(letters))
      if (word.split('.').every((part) => part.length < 3)) return this.spelled(word);
    if (
      (word === 'TO' && /^(?:TO|IN)$/.test(tag)) ||
      (word === 'IN' && tag !== 'NNP') ||
      (word === 'THE' && tag === 'DT')
    )
      return this.special(word.toLowerCase(), tag, stress, context);
    switch (word) {
      case 'a':
      case 'A':
        return tag === 'DT' || word === 'a' ? 'ɐ' : 'ˈA';
      case 'am':
      case 'Am':
      case 'AM':
        if (tag.startsWith('NN')) return this.spelled(word);
        if (context.vowelFollows === undefined || word !== 'am' || (stress ?? 0) > 0)
          return this.lookup('am', '', undefined);
        return 'ɐm';
      case 'an':
      case 'An':
      case 'AN':
        return word === 'AN' && tag.startsWith('NN') ? this.spelled(word) : 'ɐn';
      case 'I':
        return tag === 'PRP' ? `${SECONDARY}I` : undefined;
      case 'by':
      case 'By':
      case 'BY':
        return kindOf(tag) === 'ADV' ? 'bˈI' : undefined;
      case 'to':
      case 'To':
        if (context.vowelFollows === undefined) return this.lookup('to', '', undefined);
        return context.vowelFollows ? 'tʊ' : 'tə';
      case 'in':
      case 'In':
        return `${context.vowelFollows === undefined || tag !== 'IN' ? PRIMARY : ''}ɪn`;
      case 'the':
      case 'The':
        return context.vowelFollows === true ? 'ði' : 'ðə';
      case 'used':
      case 'Used':
      case 'USED':
        return this.lookup('used', (tag === 'VBD' || tag === 'JJ') && context.toFollows ? 'VBD' : '', undefined);
      default:
        return tag === 'IN' && /^vs\.?$/i.test(word) ? this.lookup('versus', '', undefined) : undefined;
    }
  }

  private isKnown(word: string): boolean {
    if (word in SIGNS || this.knows(word)) return true;
    if (!/^[A-Za-z]+$/.test(word)) return false;
    if (word.length === 1) return true;
    if (word === word.toUpperCase() && this.first.has(word.toLowerCase())) return true;
    return word.slice(1) === word.slice(1).toUpperCase();
  }

  private lookup(written: string, tag: string, stress: number | undefined, context?: Context): string | undefined {
    let word = written;
    let isName = false;
    if (word === word.toUpperCase() && !this.first.has(word)) {
      word = word.toLowerCase();
      isName = tag === 'NNP';
    }
    const entry = this.first.get(word) ?? (isName ? undefined : this.second.get(word));
    let sounds: string | null | undefined;
    if (typeof entry === 'object') {
      let key = tag;
      if (context !== undefined && context.vowelFollows === undefined && 'None' in entry) key = 'None';
      else if (!(key in entry)) key = kindOf(tag);
      sounds = key in entry ? entry[key] : entry['DEFAULT'];
    } else sounds = entry;
    if (sounds === null || sounds === undefined || (isName && !sounds.includes(PRIMARY))) {
      const letters = this.spelled(word);
      if (letters !== undefined && letters !== '') return letters;
    }
    return typeof sounds === 'string' ? withStress(sounds, stress) : undefined;
  }

  private plural(word: string, tag: string, stress: number | undefined, context?: Context): string | undefined {
    if (word.length < 3 || !word.endsWith('s')) return undefined;
    let stem: string;
    if (!word.endsWith('ss') && this.isKnown(word.slice(0, -1))) stem = word.slice(0, -1);
    else if (
      (word.endsWith("'s") || (word.length > 4 && word.endsWith('es') && !word.endsWith('ies'))) &&
      this.isKnown(word.slice(0, -2))
    )
      stem = word.slice(0, -2);
    else if (word.length > 4 && word.endsWith('ies') && this.isKnown(`${word.slice(0, -3)}y`))
      stem = `${word.slice(0, -3)}y`;
    else return undefined;
    return withS(this.lookup(stem, tag, stress, context));
  }

  private past(word: string, tag: string, stress: number | undefined, context?: Context): string | undefined {
    if (word.length < 4 || !word.endsWith('d')) return undefined;
    let stem: string;
    if (!word.endsWith('dd') && this.isKnown(word.slice(0, -1))) stem = word.slice(0, -1);
    else if (word.length > 4 && word.endsWith('ed') && !word.endsWith('eed') && this.isKnown(word.slice(0, -2)))
      stem = word.slice(0, -2);
    else return undefined;
    return withEd(this.lookup(stem, tag, stress, context));
  }

  private present(word: string, tag: string, stress: number | undefined, context?: Context): string | undefined {
    if (word.length < 5 || !word.endsWith('ing')) return undefined;
    let stem: string;
    if (word.length > 5 && this.isKnown(word.slice(0, -3))) stem = word.slice(0, -3);
    else if (this.isKnown(`${word.slice(0, -3)}e`)) stem = `${word.slice(0, -3)}e`;
    else if (word.length > 5 && /([bcdgklmnprstvxz])\1ing$|cking$/.test(word) && this.isKnown(word.slice(0, -4)))
      stem = word.slice(0, -4);
    else return undefined;
    return withIng(this.lookup(stem, tag, stress, context));
  }

  private word(written: string, tag: string, stress: number | undefined, context: Context): string | undefined {
    const special = this.special(written, tag, stress, context);
    if (special !== undefined) return special;
    let word = written;
    const lower = word.toLowerCase();
    if (
      word.length > 1 &&
      /^\p{L}+$/u.test(word.replaceAll("'", '')) &&
      word !== lower &&
      (tag !== 'NNP' || word.length > 7) &&
      !this.knows(word) &&
      (word === word.toUpperCase() || word.slice(1) === word.slice(1).toLowerCase()) &&
      (this.knows(lower) ||
        [
          this.plural(lower, tag, stress, context),
          this.past(lower, tag, stress, context),
          this.present(lower, tag, stress, context),
        ].some((found) => found !== undefined))
    )
      word = lower;
    if (this.isKnown(word)) return this.lookup(word, tag, stress, context);
    if (word.endsWith("s'") && this.isKnown(`${word.slice(0, -2)}'s`))
      return this.lookup(`${word.slice(0, -2)}'s`, tag, stress, context);
    if (word.endsWith("'") && this.isKnown(word.slice(0, -1)))
      return this.lookup(word.slice(0, -1), tag, stress, context);
    return (
      this.plural(word, tag, stress, context) ??
      this.past(word, tag, stress, context) ??
      this.present(word, tag, stress ?? 0.5, context)
    );
  }

  /** Digits, with separators, sign and suffix. */
  number(written: string, head: boolean): string | undefined {
    const suffix = /[a-z']+$/.exec(written)?.[0] ?? '';
    let word = written.slice(0, written.length - suffix.length);
    const words: string[] = [];
    if (word.startsWith('-')) {
      words.push('minus');
      word = word.slice(1);
    }
    const plain = word.replaceAll(',', '');
    if (isDigits(word) && ORDINAL.test(suffix)) words.push(ordinal(Number(word)));
    else if (words.length === 0 && word.length === 4 && isDigits(word)) words.push(year(Number(word)));
    else if (!head && !word.includes('.')) words.push(plainDigits(plain));
    else if ((word.match(/\./g) ?? []).length > 1 || !head)
      words.push(
        plain
          .split('.')
          .filter((part) => part !== '')
          .map((part) =>
            part.startsWith('0') || (part.length !== 2 && /[^0]/.test(part.slice(1)))
              ? digits(part)
              : cardinal(Number(part)),
          )
          .join(' point '),
      );
    else if (plain.length > 15 || (isDigits(plain) && plain.length > 1 && plain.startsWith('0')))
      words.push(digits(plain));
    else if (!plain.includes('.')) words.push(ORDINAL.test(suffix) ? ordinal(Number(plain)) : cardinal(Number(plain)));
    else words.push(plain.startsWith('.') ? `point ${digits(plain.slice(1))}` : decimal(plain));
    const sounds = words
      .join(' ')
      .split(/[^a-z]+/)
      .flatMap((name) => this.lookup(name, '', name === 'point' ? -2 : undefined) ?? [])
      .join(' ');
    if (sounds === '') return undefined;
    if (suffix === 's' || suffix === "'s") return withS(sounds);
    if (suffix === 'ed' || suffix === "'d") return withEd(sounds);
    return suffix === 'ing' ? withIng(sounds) : sounds;
  }
}

const digits = (text: string): string =>
  Array.from(text)
    .filter((digit) => /\d/.test(digit))
    .map((digit) => cardinal(Number(digit)))
    .join(' ');

/** A number inside a word, as of a model: `67` whole, `305` as three oh five, `4012` digit by digit. */
function plainDigits(text: string): string {
  if (text.startsWith('0') || text.length > 3) return digits(text);
  if (text.length !== 3 || text.endsWith('00')) return cardinal(Number(text));
  return `${cardinal(Number(text[0]))} ${text[1] === '0' ? `oh ${cardinal(Number(text[2]))}` : cardinal(Number(text.slice(1)))}`;
}

function isNumber(written: string, head: boolean): boolean {
  if (!/[0-9]/.test(written)) return false;
  const suffix = SUFFIXES.find((one) => written.endsWith(one)) ?? '';
  const word = written.slice(0, written.length - suffix.length);
  return head ? /^-?[0-9,.]+$/.test(word) : /^[0-9,.]+$/.test(word);
}

function withS(stem: string | undefined): string | undefined {
  if (stem === undefined || stem === '') return undefined;
  if (/[ptkfθ]$/.test(stem)) return `${stem}s`;
  return /[szʃʒʧʤ]$/.test(stem) ? `${stem}ᵻz` : `${stem}z`;
}

function withEd(stem: string | undefined): string | undefined {
  if (stem === undefined || stem === '') return undefined;
  if (/[pkfθʃsʧ]$/.test(stem)) return `${stem}t`;
  if (stem.endsWith('d')) return `${stem}ᵻd`;
  if (!stem.endsWith('t')) return `${stem}d`;
  if (stem.length < 2) return `${stem}ɪd`;
  return TAPS.has(stem.at(-2)!) ? `${stem.slice(0, -1)}ɾᵻd` : `${stem}ᵻd`;
}

function withIng(stem: string | undefined): string | undefined {
  if (stem === undefined || stem === '') return undefined;
  return stem.length > 1 && stem.endsWith('t') && TAPS.has(stem.at(-2)!) ? `${stem.slice(0, -1)}ɾɪŋ` : `${stem}ɪŋ`;
}

/** The first sound that decides: true for a vowel, false for a consonant, undefined for a pause. */
export function nextSound(sounds: string, before: boolean | undefined): boolean | undefined {
  for (const sound of sounds) {
    if (/[;:,.!?—…]/.test(sound)) return undefined;
    if (VOWELS.has(sound)) return true;
    if (CONSONANTS.has(sound)) return false;
  }
  return before;
}
