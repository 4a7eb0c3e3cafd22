import type { Detector, Stage } from '../reading.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { cyrillicWords, leetWords, partedSingles, tightWords } from '../normalise/normalise.js';
import {
  type HeardTerm,
  isAsciiLetter,
  isDigit,
  isHanOrKana,
  PhoneticDetector,
  type PhoneticTerm,
  readings,
  soften,
  termsByFirst,
} from '../normalise/scripts.js';
import { originalRange, type TextView, ViewBuilder } from '../normalise/text-view.js';
import type { RulePacks } from '../packs/rule-packs.js';
import { searchView } from './lexicon-stage.js';
import { AhoCorasick } from '../lexicon/lexicon-tables.js';
import type { Match } from '../match.js';
import { isPinyinLike, PINYIN_SYLLABLE } from '../language/detect-language.js';

/** Words of the packs in disguise: digits for letters, letters apart, lookalikes, homophones, pinyin. */
export const disguiseStage = (packs: RulePacks, lexicon: Lexicon): Stage => ({
  name: 'disguises',
  detectors: [
    {
      name: 'parted and replaced letters',
      detect: ({ text, folded, gate }) =>
        [leetWords(folded), tightWords(folded), partedSingles(folded), cyrillicWords(text)].flatMap((view) =>
          view === undefined ? [] : searchView(lexicon, view, gate, text),
        ),
    },
    skeletons(packs, '3.2', 'platform'),
    skeletons(packs, '3.1', 'payment'),
    homophones(packs),
    pinyin(packs),
  ],
});

/**
 * Names of other platforms written with digits and signs for letters (wh4t5app, te|egram), stretched (whattsapppp) or
 * spaced out (w e c h a t, w.h.a.t.s.a.p.p). Names and text are reduced to a skeleton in which these forms are equal.
 */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '|': 'i', '!': 'i', l: 'i', '€': 'e', '+': 't',
}; // prettier-ignore

const bone = (c: string): string => LEET[c] ?? c;
const inWord = (c: string): boolean =>
  isAsciiLetter(c.charCodeAt(0)) ||
  isDigit(c.charCodeAt(0)) ||
  c === '@' ||
  c === '$' ||
  c === '|' ||
  c === '!' ||
  c === '€' ||
  c === '+';

/** A name as a skeleton: leet undone, doubled letters once. */
function skeletonOf(name: string): string {
  let out = '';
  for (const c of name) {
    const b = bone(c);
    if (b !== out[out.length - 1]) out += b;
  }
  return out;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly letters: number;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  for (let i = 0; i < text.length;) {
    if (!inWord(text[i]!)) {
      i += 1;
      continue;
    }
    let end = i;
    let letters = 0;
    while (end < text.length && inWord(text[end]!)) {
      if (isAsciiLetter(text.charCodeAt(end))) letters += 1;
      end += 1;
    }
    found.push({ start: i, end, letters });
    i = end;
  }
  return found;
}

/** Letters with one or two of them struck out: wech*t, t#legr#m. */
const STARRED = /(?<![a-z0-9*#])(?=[a-z*#]{6,16}(?![a-z0-9*#]))[a-z]+[*#]{1,2}[a-z*#]*/g;

/** Finds disguised names. Plainly written ones are left to the lexicon. */
class SkeletonDetector {
  readonly #automaton: AhoCorasick;
  readonly #names: readonly string[];
  readonly #plain: ReadonlySet<string>;
  readonly #rule: string;
  readonly #kind: string;

  /** `names`: single Latin words of six letters or more. */
  constructor(names: readonly string[], rule: string, kind: string) {
    this.#rule = rule;
    this.#kind = kind;
    this.#plain = new Set(names);
    this.#names = [...new Set(names.map(skeletonOf))].filter((n) => n.length >= 5);
    this.#automaton = AhoCorasick.of(this.#names);
  }

  #starred(folded: TextView): Match[] {
    const found: Match[] = [];
    for (const m of folded.text.matchAll(STARRED)) {
      const [token] = m;
      const hit = [...this.#plain].some(
        (name) =>
          name.length === token.length && Array.from(token).every((c, i) => c === name[i] || c === '*' || c === '#'),
      );
      if (!hit || token.replace(/[^*#]/g, '').length > 2) continue;
      found.push({
        rule: this.#rule,
        kind: this.#kind,
        ...originalRange(folded, m.index, m.index + token.length),
      });
    }
    return found;
  }

  detect(folded: TextView): Match[] {
    const text = folded.text;
    const all = pieces(text);
    const view = new ViewBuilder();
    for (let p = 0; p < all.length;) {
      let q = p;
      while (
        q + 1 < all.length &&
        all[q]!.end - all[q]!.start === 1 &&
        all[q + 1]!.end - all[q + 1]!.start === 1 &&
        all[q + 1]!.start - all[q]!.end <= 3
      ) q += 1; // prettier-ignore
      const joined = q - p >= 3;
      const last = joined ? q : p;
      if (joined || all[p]!.letters >= 2) {
        view.push(' ', all[p]!.start, all[p]!.start);
        let previous = ' ';
        for (let k = p; k <= last; k += 1) {
          for (let i = all[k]!.start; i < all[k]!.end; i += 1) {
            const b = bone(text[i]!);
            if (b !== previous) view.push(b, i, i + 1);
            previous = b;
          }
        }
      }
      p = last + 1;
    }
    view.push(' ', text.length, text.length);
    const skeleton = view.build();
    const found: Match[] = this.#starred(folded);
    this.#automaton.search(skeleton.text, (word, start, end) => {
      const long = this.#names[word]!.length >= 7;
      if (!long && (skeleton.text[start - 1] !== ' ' || skeleton.text[end] !== ' ')) return;
      const from = skeleton.start[start]!;
      const to = skeleton.end[end - 1]!;
      if (this.#plain.has(text.slice(from, to))) return;
      found.push({ rule: this.#rule, kind: this.#kind, ...originalRange(folded, from, to) });
    });
    return found;
  }
}

/** Platforms' and payments' names by the outlines of their letters. */
function skeletons(packs: RulePacks, rule: string, kind: string): Detector {
  const names = packs.flatMap((p) => (p.rule === rule ? (p.say[kind] ?? []) : []));
  const detector = new SkeletonDetector(
    names.map((n) => n.replace('*', '')).filter((n) => /^[a-z]{6,}$/.test(n)),
    rule,
    kind,
  );
  return { name: `outlines of ${kind} names`, detect: ({ folded }) => detector.detect(folded) };
}

/**
 * Chinese words written half in characters and half in pinyin: 抖yin, wei信, 加jia我wei信xin.
 *
 * Problem: every character may be replaced by its sound, or followed by it.
 * Rule: characters and adjacent syllables are read as one row of sounds; a syllable that repeats the character before
 * it is skipped; a listed word counts when some but not all of its sounds were letters, or when one was skipped inside
 * it. Words in one script are left to the lexicon.
 */
interface Sound {
  readonly sounds: readonly string[];
  readonly start: number;
  end: number;
  /** Written in letters. */
  readonly letters: boolean;
  /** Its pinyin follows it. */
  doubled: boolean;
}

const MAX_SYLLABLE_LETTERS = 6;

export class MixedPinyinDetector {
  readonly #terms: readonly PhoneticTerm[];
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;

  constructor(terms: readonly PhoneticTerm[]) {
    this.#terms = terms;
  }

  /** Hits in a words view, in its offsets. */
  detect(words: TextView): Match[] {
    const found: Match[] = [];
    for (const row of rows(words.text)) {
      const byFirst = (this.#byFirst ??= termsByFirst(this.#terms));
      for (let i = 0; i < row.length; i += 1) {
        for (const sound of row[i]!.sounds) {
          for (const { term, syllables } of byFirst.get(sound) ?? []) {
            const part = row.slice(i, i + syllables.length);
            if (part.length < syllables.length || !part.every((p, s) => p.sounds.includes(syllables[s]!))) continue;
            const letters = part.filter((p) => p.letters).length;
            if (letters === part.length || (letters === 0 && !part.some((p) => p.doubled))) continue;
            found.push({ rule: term.rule, kind: term.kind, start: part[0]!.start, end: part[part.length - 1]!.end });
          }
        }
      }
    }
    return found;
  }
}

/** Unbroken ranges of characters and letters that contain both. */
function rows(text: string): Sound[][] {
  const all: Sound[][] = [];
  let row: Sound[] = [];
  let letters = false;
  let last = 0;
  const flush = (): void => {
    if (letters && row.length > 1) all.push(row);
    row = [];
    letters = false;
  };
  for (const m of text.matchAll(/\p{Script=Han}|[a-z]{1,20}/gu)) {
    const han = isHanOrKana(m[0].charCodeAt(0));
    if (m.index > last + 1 || (m.index > last && text[last] !== ' ')) flush();
    last = m.index + m[0].length;
    if (han) {
      row.push({ sounds: readings(m[0]), start: m.index, end: last, letters: false, doubled: false });
      continue;
    }
    const previous = row[row.length - 1];
    if (m[0].length > MAX_SYLLABLE_LETTERS) flush();
    else if (previous !== undefined && !previous.letters && previous.sounds.includes(m[0])) {
      previous.doubled = true;
      previous.end = last;
      letters = true;
    } else {
      row.push({ sounds: [m[0]], start: m.index, end: last, letters: true, doubled: false });
      letters = true;
    }
  }
  flush();
  return all;
}

/**
 * Chinese written only in pinyin: "jia wo weixin", "zhijie zhi fu bao zhuan gei wo".
 *
 * Problem: a word may be written in one piece, as syllables, or split anywhere, and without tones most short words are
 * ambiguous.
 * Rule: a line that is pinyin as a whole is read as one row of syllables, in which listed words count however they are
 * split, unless a denial directly precedes.
 */
interface Syllable {
  readonly sound: string;
  readonly start: number;
  readonly end: number;
  /** A comma or a stop precedes it. */
  readonly begins: boolean;
}

/** Maximum syllables between a denial or warning and its object, within one clause. */
const DENIAL_REACH = 6;
const DENIALS: ReadonlySet<string> = new Set(
  'bie wu buyao buneng buke bushi meiyou congbu bumai bushou buzuo bujie xiaoxin fangzhi jinzi'.split(' '),
);
/** "Can't you", 能不能, and "is there", 有没有, ask and do not deny. */
const ASKS: ReadonlySet<string> = new Set(['youmeiyou', 'sibusi', 'nengbuneng', 'yaobuyao', 'kebuke']);

export class PinyinDetector {
  readonly #terms: readonly PhoneticTerm[];
  #byFirst: ReadonlyMap<string, readonly HeardTerm[]> | undefined;

  constructor(terms: readonly PhoneticTerm[]) {
    this.#terms = terms;
  }

  /** Hits in offsets of the original. */
  detect(words: TextView, original: string): Match[] {
    if (!isPinyinLike(words.text)) return [];
    const byFirst = (this.#byFirst ??= softly(termsByFirst(this.#terms)));
    const row = syllablesOf(words, original);
    const found: Match[] = [];
    for (let i = 0; i < row.length; i += 1) {
      for (const { term, syllables } of byFirst.get(row[i]!.sound) ?? []) {
        if (!syllables.every((s, n) => row[i + n]?.sound === soften(s)) || isDenied(row, i)) continue;
        const range = originalRange(words, row[i]!.start, row[i + syllables.length - 1]!.end);
        found.push({ rule: term.rule, kind: term.kind, ...range });
      }
    }
    return found;
  }
}

/** Terms by the southern pronunciation of the first syllable, as stored in the row. */
function softly(byFirst: ReadonlyMap<string, readonly HeardTerm[]>): Map<string, HeardTerm[]> {
  const soft = new Map<string, HeardTerm[]>();
  for (const [first, terms] of byFirst) soft.set(soften(first), [...(soft.get(soften(first)) ?? []), ...terms]);
  return soft;
}

function syllablesOf(words: TextView, original: string): Syllable[] {
  const row: Syllable[] = [];
  let last = 0;
  for (const m of words.text.matchAll(/[a-z]+/g)) {
    let at = m.index;
    let begins = /[,.;:!?，。！？；]/.test(original.slice(last, words.start[at]));
    last = words.end[at + m[0].length - 1]!;
    for (const part of partsOf(m[0]) ?? [m[0]]) {
      row.push({ sound: soften(part.replace('v', 'u')), start: at, end: at + part.length, begins });
      at += part.length;
      begins = false;
    }
  }
  return row;
}

/** A word as syllables, long ones first; undefined when it is not pinyin. */
function partsOf(word: string): readonly string[] | undefined {
  if (word === '') return [];
  for (let length = Math.min(6, word.length); length > 0; length -= 1) {
    const head = word.slice(0, length);
    if (!PINYIN_SYLLABLE.test(head)) continue;
    const rest = partsOf(word.slice(length));
    if (rest !== undefined) return [head, ...rest];
  }
  return undefined;
}

function isDenied(row: readonly Syllable[], at: number): boolean {
  for (let i = at; i >= Math.max(0, at - DENIAL_REACH); i -= 1) {
    if (i < at) {
      const one = row[i]!.sound;
      const two = `${one}${row[i + 1]?.sound ?? ''}`;
      const around = [i - 1, i - 2].map(
        (n) => `${row[n]?.sound ?? ''}${row[n + 1]?.sound ?? ''}${row[n + 2]?.sound ?? ''}`,
      );
      if (around.some((three) => ASKS.has(three)) || ASKS.has(`${two}${row[i + 2]?.sound ?? ''}`)) return false;
      if (DENIALS.has(one) || DENIALS.has(two)) return true;
    }
    if (row[i]!.begins) return false;
  }
  return false;
}

/** Chinese words written by their sound; a text with kana is Japanese. */
function homophones(packs: RulePacks): Detector {
  const phonetic = new PhoneticDetector(
    wordsOf(packs, 'phonetic', 'homophone'),
    packs.flatMap((p) => p.sets['phonetic-except'] ?? []),
  );
  const mixed = new MixedPinyinDetector(wordsOf(packs, 'mixed-pinyin', 'homophone'));
  return {
    name: 'homophones',
    detect: ({ words, counts, gate }) =>
      counts.byScript['han'] === undefined || gate.japanese
        ? []
        : [...phonetic.detect(words), ...mixed.detect(words)].map(({ rule, kind, start, end }) => ({
            rule,
            kind,
            ...originalRange(words, start, end),
          })),
  };
}

/** Chinese words in Latin letters, in a text of nothing else. */
function pinyin(packs: RulePacks): Detector {
  const detector = new PinyinDetector(wordsOf(packs, 'in-pinyin', 'pinyin'));
  return {
    name: 'pinyin',
    detect: ({ words, text, counts }) =>
      counts.byScript['latin'] === counts.letters ? detector.detect(words, text) : [],
  };
}

const wordsOf = (packs: RulePacks, set: string, kind: string): { word: string; rule: string; kind: string }[] =>
  packs.flatMap((p) => (p.sets[set] ?? []).map((word) => ({ word, rule: p.rule, kind })));
