import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { EnglishDone, EnglishJob, EnglishWord } from '../model-messages.js';
import { integers, modelFile, openNetwork } from '../onnx.js';
import { type Context, Lexicon, nextSound, PRIMARY, soundWeight, withStress } from './english-lexicon.js';
import { JsonTable } from './json-table.js';
import { TRADE, writtenOut } from './written-out.js';

/**
 * Parts of speech (Penn Treebank) by an averaged perceptron over the word, its neighbours and the tags before it. A word
 * with one usual tag is answered from a table.
 */
const isLetters = (word: string): boolean => /^\p{L}+$/u.test(word);

function shape(word: string): string {
  if (isLetters(word)) {
    if (word === word.toLowerCase()) return 'x';
    if (word === word.toUpperCase()) return word.length > 1 ? 'XX' : 'X1';
    return /^\p{Lu}\p{Ll}+$/u.test(word) ? 'Xx' : 'xX';
  }
  if (/^\d+$/.test(word)) return 'd';
  return word
    .slice(0, 4)
    .replaceAll(/\d/g, 'd')
    .replaceAll(/\p{L}/gu, (c) => (c === 'd' ? 'd' : 'x'));
}

function normal(word: string): string {
  if (word.includes('-') && !word.startsWith('-')) return '!HYPHEN';
  if (/^\d{4}$/.test(word)) return '!YEAR';
  if (/^\d/.test(word)) return '!DIGITS';
  return word.toLowerCase();
}

class Tagger {
  private readonly tags: readonly string[];
  private readonly usual: JsonTable;
  private readonly weights: JsonTable;
  private readonly vocabulary: ReadonlySet<string>;

  constructor(json: Buffer) {
    const table = new JsonTable(json);
    this.tags = table.get('tags') as string[];
    this.vocabulary = new Set(table.get('vocab') as string[]);
    this.usual = new JsonTable(json, table.placeOf('tagdict'));
    this.weights = new JsonTable(json, table.placeOf('weights'));
  }

  tag(words: readonly string[]): string[] {
    const context = ['-START2-', '-START-'];
    for (const word of words) {
      const plain = normal(word);
      context.push(this.vocabulary.has(plain) ? plain : `<${shape(word)}>`);
    }
    context.push('-END-', '-END2-');
    const tags: string[] = [];
    let [before, before2] = ['-START-', '-START2-'];
    for (const [i, word] of words.entries()) {
      const tag = (this.usual.get(word) as string | undefined) ?? this.predict(i, word, context, before, before2);
      tags.push(tag);
      [before, before2] = [tag, before];
    }
    return tags;
  }

  private predict(i: number, word: string, context: readonly string[], before: string, before2: string): string {
    const j = i + 2;
    const features = [
      'b',
      `s3=${word.slice(-3)}`,
      `p1=${word[0]}`,
      `w=${context[j]}`,
      `sh=${shape(word)}`,
      i === 0 ? 'i0' : 'i+',
      `t-1=${before}`,
      `t-2=${before2}`,
      `t-12=${before},${before2}`,
      `w-1=${context[j - 1]}`,
      `s3-1=${context[j - 1]!.slice(-3)}`,
      `w-2=${context[j - 2]}`,
      `w+1=${context[j + 1]}`,
      `s3+1=${context[j + 1]!.slice(-3)}`,
      `w+2=${context[j + 2]}`,
    ];
    const scores = new Map<string, number>();
    for (const feature of features) {
      const weights = this.weights.get(feature) as Record<string, number> | undefined;
      if (weights === undefined) continue;
      for (const tag of Object.keys(weights)) scores.set(tag, (scores.get(tag) ?? 0) + weights[tag]!);
    }
    if (scores.size === 0) return 'NN';
    let best = this.tags[0]!;
    let highest = -Infinity;
    for (const tag of this.tags) {
      const score = scores.get(tag) ?? 0;
      if (score > highest || (score === highest && tag > best)) [best, highest] = [tag, score];
    }
    return best;
  }
}

/**
 * Words and punctuation by spaCy's rules for English (MIT): special cases first, then prefixes and suffixes are peeled
 * off each run between spaces, then the rest is cut at hyphens and slashes.
 */
const LOWER = 'a-zß-öø-ÿ';
const UPPER = 'A-ZÀ-ÖØ-Þ';
const QUOTES = `'"”“\`‘´’‚,„»«「」『』（）〔〕【】《》〈〉`;
const PUNCTUATION = '…,:;!?¿¡()[]{}<>_#*&。？！，、；：～·';
const ICONS = '™®©°§¶†‡•';
const CURRENCY = String.raw`\$|£|€|¥|฿|US\$|C\$|A\$|₽|₹|₩|₪|₺|₴|₦|₫|₱|₲|₵|₸|₼|₾|₿`;
const UNITS =
  'km|km²|km³|m|m²|m³|dm|dm²|dm³|cm|cm²|cm³|mm|mm²|mm³|ha|µm|nm|yd|in|ft|kg|g|mg|µg|t|lb|oz|m/s|km/h|kmh|mph|hPa|Pa|' +
  'mbar|mb|MB|kb|KB|gb|GB|tb|TB|T|G|M|K|%';
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
const each = (letters: string): string[] => Array.from(letters, escaped);

const PREFIXES = ['§', '%', '=', '—', '–', String.raw`\+(?![0-9])`, '…', ...each(PUNCTUATION), String.raw`\.\.+`];
PREFIXES.push(...each(QUOTES), CURRENCY, `[${ICONS}]`);
const SUFFIXES = ['…', ...each(PUNCTUATION), String.raw`\.\.+`, ...each(QUOTES), `[${ICONS}]`, "'s", "'S", '’s', '’S'];
SUFFIXES.push(
  '—',
  '–',
  String.raw`(?<=[0-9])\+`,
  String.raw`(?<=°[FfCcKk])\.`,
  `(?<=[0-9])(?:${CURRENCY})`,
  `(?<=[0-9])(?:${UNITS})`,
  String.raw`(?<=[0-9${LOWER}%²\-+${escaped(PUNCTUATION)}${escaped(QUOTES)}])\.`,
  String.raw`(?<=[${UPPER}][${UPPER}])\.`,
);
const INFIXES = [
  String.raw`\.\.+`,
  '…',
  `[${ICONS}]`,
  String.raw`(?<=[0-9])[+\-*^](?=[0-9\-])`,
  String.raw`(?<=[${LOWER}${escaped(QUOTES)}])\.(?=[${UPPER}${escaped(QUOTES)}])`,
  String.raw`(?<=\p{L}),(?=\p{L})`,
  String.raw`(?<=[\p{L}\p{N}])(?:--|---|——|-|–|—|~)(?=\p{L})`,
  String.raw`(?<=[\p{L}\p{N}])[:<>=/](?=\p{L})`,
];
const PREFIX = new RegExp(`^(?:${PREFIXES.join('|')})`, 'u');
const SUFFIX = new RegExp(`(?:${SUFFIXES.join('|')})$`, 'u');
const INFIX = new RegExp(INFIXES.join('|'), 'gu');

interface Piece {
  readonly text: string;
  /** UTF-16 offset. */
  readonly at: number;
  /** White space follows. */
  readonly spaced: boolean;
}

class Tokenizer {
  constructor(private readonly special: ReadonlyMap<string, readonly string[]>) {}

  cut(text: string): Piece[] {
    const out: Piece[] = [];
    for (const run of text.matchAll(/\S+/gu)) {
      const pieces = this.split(run[0]);
      let at = run.index;
      for (const [i, piece] of pieces.entries()) {
        out.push({ text: piece, at, spaced: i === pieces.length - 1 && run.index + run[0].length < text.length });
        at += piece.length;
      }
    }
    return out;
  }

  private split(run: string): string[] {
    const { special } = this;
    if (special.has(run)) return [...special.get(run)!];
    const before: string[] = [];
    const after: string[] = [];
    let rest = run;
    let last = -1;
    while (rest !== '' && rest.length !== last && !special.has(rest)) {
      last = rest.length;
      const prefix = PREFIX.exec(rest)?.[0] ?? '';
      const withoutPrefix = rest.slice(prefix.length);
      if (prefix !== '' && special.has(withoutPrefix)) {
        before.push(prefix);
        rest = withoutPrefix;
        break;
      }
      const suffix = SUFFIX.exec(withoutPrefix)?.[0] ?? '';
      const withoutSuffix = rest.slice(0, rest.length - suffix.length);
      if (suffix !== '' && special.has(withoutSuffix)) {
        after.unshift(suffix);
        rest = withoutSuffix;
        break;
      }
      if (prefix !== '') before.push(prefix);
      if (suffix !== '') after.unshift(suffix);
      rest = rest.slice(prefix.length, rest.length - suffix.length);
    }
    const pieces = [...before, ...this.inner(rest), ...after];
    return pieces.length > 1 ? this.rejoin(pieces) : pieces;
  }

  private inner(rest: string): string[] {
    if (rest === '') return [];
    const known = this.special.get(rest);
    if (known !== undefined) return [...known];
    const pieces: string[] = [];
    let start = 0;
    for (const infix of rest.matchAll(INFIX)) {
      if (infix.index === 0 || infix[0] === '') continue;
      if (infix.index > start) pieces.push(rest.slice(start, infix.index));
      pieces.push(infix[0]);
      start = infix.index + infix[0].length;
    }
    if (start < rest.length) pieces.push(rest.slice(start));
    return pieces;
  }

  /** Neighbours that spell a special case: `Sept` and `.` are `Sept.`. */
  private rejoin(pieces: readonly string[]): string[] {
    const out: string[] = [];
    for (let i = 0; i < pieces.length;) {
      const count = [3, 2].find((n) => i + n <= pieces.length && this.special.has(pieces.slice(i, i + n).join('')));
      if (count === undefined) out.push(pieces[i]!);
      else out.push(...this.special.get(pieces.slice(i, i + count).join(''))!);
      i += count ?? 1;
    }
    return out;
  }
}

interface Alphabets {
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly maxlen: number;
}

/** The net that reads words of no dictionary, letters to sounds; loaded at the first such word. */
class UnknownWords {
  private network: Promise<InferenceSession> | undefined;
  private alphabets: Promise<Alphabets> | undefined;

  async sounds(word: string): Promise<string> {
    this.alphabets ??= readFile(modelFile('heart', 'oov.json'), 'utf8').then((text) => JSON.parse(text) as Alphabets);
    const { in: letters, out: sounds, maxlen } = await this.alphabets;
    const ids = Array.from(word, (letter) => letters.indexOf(letter) + 1).filter((id) => id > 0);
    if (ids.length === 0) return '';
    this.network ??= openNetwork(modelFile('heart', 'oov.onnx'));
    const session = await this.network;
    const kept = ids.slice(0, maxlen);
    const out = await session.run({ chars: integers(kept, [1, kept.length]) });
    const steps = Array.from((out[session.outputNames[0]!] as Tensor).data as BigInt64Array, Number);
    // Repeats are one sound, 0 is none.
    return steps
      .filter((step, i) => step !== 0 && step !== steps[i - 1])
      .map((step) => sounds[step - 1])
      .join('');
  }
}

/**
 * English text to the symbols of heart and Kokoro: written out, cut into words, tagged, looked up from the last word to
 * the first (what follows decides about "the"), unknown words by a net. A port of hibari's front end (Maureese Williams,
 * Apache-2.0), which ports misaki's (hexgrad, Apache-2.0), with acronyms as the trade says them.
 */
const PART = new RegExp(
  [
    String.raw`^['‘’]+`,
    String.raw`\p{Lu}(?=\p{Lu}\p{Ll}\p{Ll})`,
    String.raw`(?:^-)?(?:\d?[,.]?\d)+`,
    '[-_]+',
    String.raw`['‘’]{2,}`,
    String.raw`\p{L}*?(?:['‘’]\p{L})*?\p{Ll}(?=\p{Lu})`,
    String.raw`\p{L}+(?:['‘’]\p{L})*`,
    String.raw`[^\p{L}\p{N}_\-'‘’]`,
    String.raw`['‘’]+$`,
  ].join('|'),
  'gu',
);
const MARKS = new Set(';:,.!?—…"“”()');
const SILENT = /^['’,\-._‘/]+$/;
const SIGN_SOUNDS: Readonly<Record<string, string>> = {
  '/': '',
  '=': 'ˈikwᵊlz',
  '#': 'nˈʌmbəɹ',
  '°': 'dəɡɹˈiz',
  $: 'dˈɑləɹz',
  '€': 'jˈʊɹOz',
  '£': 'pˈWndz',
  '¥': 'juˈɑn',
};
const SPELLED = new Set(TRADE.spelled.split(' '));
const VOWEL_LETTERS = /[AEIOUY]/;

interface Part {
  readonly text: string;
  readonly tag: string;
  readonly at: number;
  sounds: string | undefined;
}

/** Parts without a space between them, and the marks after them. */
interface Run {
  readonly parts: Part[];
  pause: string;
}

export async function loadEnglish(): Promise<(job: EnglishJob) => Promise<EnglishDone>> {
  const packed = async (name: string): Promise<Buffer> => promisify(gunzip)(await readFile(modelFile('heart', name)));
  const [first, second, tags, special] = await Promise.all([
    packed('lexicon_us_gold.json.gz'),
    packed('lexicon_us_silver.json.gz'),
    packed('tagger.json.gz'),
    readFile(modelFile('heart', 'tokenizer_exceptions.json'), 'utf8'),
  ]);
  const reader = new EnglishReader(
    new Lexicon(new JsonTable(first), new JsonTable(second), new Map(Object.entries(TRADE.said))),
    new Tagger(tags),
    new Tokenizer(new Map(Object.entries(JSON.parse(special) as Record<string, string[]>))),
  );
  return async ({ text }) => ({ words: await reader.read(text) });
}

class EnglishReader {
  private readonly unknown = new UnknownWords();

  constructor(
    private readonly lexicon: Lexicon,
    private readonly tagger: Tagger,
    private readonly tokenizer: Tokenizer,
  ) {}

  async read(spoken: string): Promise<EnglishWord[]> {
    const text = writtenOut(spoken);
    const runs = this.runsOf(text.text);
    let context: Context = { vowelFollows: undefined, toFollows: false };
    for (const [i, run] of Array.from(runs.entries()).toReversed()) {
      if (/[;:,.!?—…]/.test(run.pause)) context = { vowelFollows: undefined, toFollows: false };
      await this.sound(run, context, isShouted(runs[i - 1]) || isShouted(runs[i + 1]));
      const sounds = run.parts.map(({ sounds: one }) => one ?? '').join('');
      const whole = run.parts.map(({ text: one }) => one).join('');
      context = { vowelFollows: nextSound(sounds, context.vowelFollows), toFollows: /^to$/i.test(whole) };
    }
    const prices = pricesIn(runs);
    return runs.flatMap((run, i) => {
      const symbols = joined(run.parts).replaceAll('ɾ', 'T').replaceAll('ʔ', 't');
      if (symbols === '' && run.pause === '') return [];
      return [{ symbols, at: text.placeOf(run.parts[0]?.at ?? 0), pause: run.pause, price: prices.has(i) }];
    });
  }

  private runsOf(text: string): Run[] {
    const pieces = this.tokenizer.cut(text);
    const tags = withLive(
      pieces.map(({ text: piece }) => piece),
      this.tagger.tag(pieces.map(({ text: piece }) => piece)),
    );
    const runs: Run[] = [];
    let open = false;
    for (const [i, piece] of pieces.entries()) {
      const isMark =
        /^[\p{P}\p{S}]+$/u.test(piece.text) && Array.from(piece.text).some((sign) => MARKS.has(sign) || sign === '–');
      const isDash = /^[-–]$/.test(piece.text) && (i === 0 || pieces[i - 1]!.spaced) && piece.spaced;
      if (isMark || isDash) {
        const marks = isDash
          ? '—'
          : Array.from(piece.text.replaceAll('–', '—'))
              .filter((sign) => MARKS.has(sign))
              .join('');
        if (runs.length > 0) runs[runs.length - 1]!.pause += marks;
        // A mark inside a run of text ends it: "A, B", "(A)".
        open = false;
        continue;
      }
      const parts = Array.from(piece.text.matchAll(PART), (m): Part => {
        return { text: m[0], tag: tags[i]!, at: piece.at + m.index, sounds: undefined };
      });
      if (open) runs[runs.length - 1]!.parts.push(...parts);
      else runs.push({ parts, pause: '' });
      open = !piece.spaced;
    }
    return runs;
  }

  /** Finds the longest known parts from the left, else reads each by itself. */
  private async sound({ parts }: Run, context: Context, amongCapitals: boolean): Promise<void> {
    let right = parts.length;
    let after = context;
    while (right > 0) {
      let left = 0;
      let found: string | undefined;
      for (; left < right; left += 1) {
        const text = parts
          .slice(left, right)
          .map((part) => part.text)
          .join('');
        if (SILENT.test(text)) found = '';
        else
          found =
            this.acronym(text, amongCapitals) ??
            this.lexicon.sounds(text, tagOf(parts.slice(left, right)), after, left === 0);
        if (found !== undefined) break;
      }
      if (found === undefined) {
        left = right - 1;
        found = await this.fallback(parts[left]!.text);
      }
      parts[left]!.sounds = found;
      for (let i = left + 1; i < right; i += 1) parts[i]!.sounds = '';
      after = { vowelFollows: nextSound(found, after.vowelFollows), toFollows: false };
      right = left;
    }
    balance(parts);
  }

  /** Capitals are spelled: those of the trade, and what cannot be said as a word. Shouted words are words. */
  private acronym(text: string, amongCapitals: boolean): string | undefined {
    const plain = text.replace(/s$/, '');
    if (!/^[A-Z]{2,5}$/.test(plain) || TRADE.said[text] !== undefined) return undefined;
    const shoutedWord = amongCapitals && plain.length > 2 && this.lexicon.knows(plain.toLowerCase());
    if (shoutedWord && !SPELLED.has(plain)) return undefined;
    const isWord = this.lexicon.knows(plain.toLowerCase()) || this.lexicon.knows(plain);
    if (!SPELLED.has(plain) && (isWord || (VOWEL_LETTERS.test(plain) && plain.length > 3))) return undefined;
    const letters = this.lexicon.spelled(plain);
    return letters === undefined || text === plain ? letters : `${letters}z`;
  }

  private async fallback(text: string): Promise<string> {
    if (/^\d/.test(text)) return this.lexicon.number(text, false) ?? '';
    if (!/\p{L}/u.test(text)) return Array.from(text, (sign) => SIGN_SOUNDS[sign] ?? '').join('');
    if (text.length === 1) return this.lexicon.spelled(text) ?? this.unknown.sounds(text);
    const british = BRITISH.reduce((word, [find, by]) => word.replace(find, by), text);
    if (british !== text) {
      const found = this.lexicon.sounds(british, '', { vowelFollows: undefined, toFollows: false }, true);
      if (found !== undefined) return found;
    }
    return this.unknown.sounds(text.replaceAll('‘', "'").replaceAll('’', "'"));
  }
}

const NUMBER = /^(?:[\d.,]+|hundred|thousand|million|billion)$/;
const MONEY = /^(?:dollars?|euros?|pounds?|yuan|cents?|pence)$/;

/** Runs that are an amount of money: its numbers, "and", and the money's name. */
function pricesIn(runs: readonly Run[]): Set<number> {
  const written = runs.map(({ parts }) => parts.map(({ text }) => text).join(''));
  const found = new Set<number>();
  for (const [i, word] of written.entries()) {
    if (!MONEY.test(word)) continue;
    let first = i;
    while (first > 0 && NUMBER.test(written[first - 1]!)) first -= 1;
    if (first === i) continue;
    for (let k = first; k <= i; k += 1) found.add(k);
    if (written[first - 1] === 'and' && found.has(first - 2)) found.add(first - 1);
  }
  return found;
}

/** British spellings that the American dictionaries lack. */
const BRITISH: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z]{2})metre(s?)$/i, 'meter$1'],
  [/litre(s?)$/i, 'liter$1'],
  [/^(col|fav|flav|harb|hon|lab|neighb)our/i, '$1or'],
  [/^fibre(s?)$/i, 'fiber$1'],
  [/^centre(s?)$/i, 'center$1'],
  [/^aluminium$/i, 'aluminum'],
  [/is(e[ds]?|ing|ation)$/i, 'iz$1'],
];

/**
 * "Live" is a verb after its subject, "to" or an auxiliary alone: "we go live", "answers them live". The tagger learned
 * from texts in which people live somewhere.
 */
function withLive(words: readonly string[], tags: readonly string[]): string[] {
  return tags.map((tag, i) => {
    if (!/^live$/i.test(words[i]!) || !tag.startsWith('VB')) return tag;
    const before = words[i - 1]?.toLowerCase() ?? '';
    const earlier = tags[i - 2] ?? '';
    const isSubject = /^(?:i|we|they|who|people)$/.test(before) || (before === 'you' && !/^(?:IN|VB)/.test(earlier));
    const isLed = before === 'to' || tags[i - 1] === 'MD' || before === 'do' || before === "n't";
    return isSubject || isLed || tags[i - 1] === 'NNS' ? tag : 'JJ';
  });
}

const isShouted = (run: Run | undefined): boolean =>
  run !== undefined &&
  run.parts.length === 1 &&
  /^[A-Z]{2,}$/.test(run.parts[0]!.text) &&
  !SPELLED.has(run.parts[0]!.text);

/** The tag of the part with the most letters; capitals count twice. */
function tagOf(parts: readonly Part[]): string {
  const weight = ({ text }: Part): number =>
    Array.from(text).reduce((sum, c) => sum + (c === c.toLowerCase() ? 1 : 2), 0);
  return parts.reduce((best, part) => (weight(part) > weight(best) ? part : best)).tag;
}

/** Parts of different kinds (letters, digits) are spoken apart. */
function isApart(parts: readonly Part[]): boolean {
  const kinds = new Set<string>();
  for (const { text } of parts)
    for (const sign of text)
      if (!SILENT.test(sign)) kinds.add(/\p{L}/u.test(sign) ? 'letter' : /\d/.test(sign) ? 'digit' : 'other');
  return kinds.size > 1 || parts.some(({ text }) => text.includes('/'));
}

function joined(parts: readonly Part[]): string {
  const apart = isApart(parts) ? ' ' : '';
  return parts
    .map(({ sounds }) => sounds ?? '')
    .filter((sounds) => sounds !== '')
    .join(apart);
}

/** In a compound, about half of the parts keep their main stress. */
function balance(parts: readonly Part[]): void {
  if (isApart(parts)) return;
  const said = parts.filter(({ sounds }) => sounds !== undefined && sounds !== '');
  if (said.length === 2 && said[0]!.text.length === 1) {
    said[1]!.sounds = withStress(said[1]!.sounds!, -0.5);
    return;
  }
  const stressed = said.filter(({ sounds }) => sounds!.includes(PRIMARY));
  if (said.length < 2 || stressed.length <= Math.floor((said.length + 1) / 2)) return;
  const order = said
    .map((part, i) => ({ part, i, key: [Number(part.sounds!.includes(PRIMARY)), soundWeight(part.sounds!)] }))
    .sort((a, b) => a.key[0]! - b.key[0]! || a.key[1]! - b.key[1]! || a.i - b.i);
  for (const { part } of order.slice(0, Math.floor(said.length / 2))) part.sounds = withStress(part.sounds!, -0.5);
}
