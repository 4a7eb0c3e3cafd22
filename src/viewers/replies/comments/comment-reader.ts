import { baseLanguage, LANGUAGE_OF_SCRIPT, readLanguages } from '../../../moderation/index.js';
import { type Intent, INTENTS, type ReplyPack, type ReplyPacks } from './reply-packs.js';

/** Laughter that stands behind a sentence with or without a space: "真人吗哈哈", "realwww", "คนจริงไหม555". */
const LAUGHTER = /(?:[wｗ]{2,}|k{2,}|5{3,}|2?3{3,}|[哈呵嘿嘻]+|[笑草]+|[ㅋㅎㅠㅜ]+|ه{3,}|[)）]{2,})$/u;
/** Words of chats that carry no meaning, each behind a space or a sign. */
const WORD = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(?:${[
    // Laughter.
    'l+o+l+(?:o*l+)*z?s?|lm+f?a+o+|rofl|x+d+|mdr+|ptdr+|h{2,}|(?:rs)+|(?:s?js?){3,}|w|k',
    '(?:a?[hj][aeiou]){2,}[hj]?|a?(?:ha)+h?|(?:ah){2,}a?|(?:wk)+w?|(?:хах|ахах|ха|хе|хи|ах)+а*х*|лол|кек|لول|هه+|อิ+อิ+|แหะๆ?|ฮ่า+|เอ้า',
    // How viewers call the host, and what fills a sentence.
    'bro+|bruh|dude|man|girl|guys?|sis|buddy|mate|omg|wtf|fr|ngl|tho|though|pls|please|seriously|honestly|just asking|no offen[cs]e',
    'amig[oa]|tí[oa]|wey|güey|mano|cara|menin[ao]|frère|meuf|wesh|alter|digga|raga|oddio|stary|kurde|abi|abla|kanka|ya|yaar|bhai|yar|kak|kakak|bang|vậy|thế|бро|блин|чел',
    '老铁|亲|宝子?|姐妹|主播|啊+|呀+|呢|吧|嘛|라고|언니|ねえ|まじ|ครับ|ค่ะ|คะ|จ้า|นะ',
  ].join('|')})$`,
  'iu',
);
/** Emoji, smileys, signs and spaces. */
const SIGNS = /(?:[\s\p{P}\p{S}\p{M}\p{Extended_Pictographic}]|\u200d|\ufe0f|(?<=[:;=])[dpо)(3])+$/iu;

/** A comment without the laughter and the filling words at its end: "are you real lol haha 😂" is "are you real". */
export function withoutTail(comment: string): string {
  let text = comment.normalize('NFC');
  for (;;) {
    const shorter = text.replace(SIGNS, '').replace(LAUGHTER, '').replace(WORD, '');
    if (shorter === text) return text;
    if (shorter.trim() === '') return text;
    text = shorter;
  }
}

/** Marks that readers leave out: accents of Latin and Cyrillic letters, Arabic vowel signs. */
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640]/gu;
const LETTERS: Readonly<Record<string, string>> = {
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ة: 'ه',
  ى: 'ي',
  ё: 'е',
};
const OF_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Everything between words; digits, and the signs within figures, stay. */
const BETWEEN = /[^\p{L}\p{M}\p{N}.,/]+|(?<!\p{N})[.,/]+|[.,/]+(?!\p{N})/gu;

/**
 * A comment as words with one space between them: lower case, without accents, with Latin digits. "¿Cuánto cuesta?" is
 * "cuanto cuesta". Keywords are folded the same way.
 */
export function foldComment(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(OF_LETTERS, (letter) => LETTERS[letter]!)
    .replace(/\p{Nd}/gu, latinDigit)
    .replace(BETWEEN, ' ')
    .trim();
}

/** The value of a decimal digit of any script: each script's digits stand in a row that begins at a multiple of ten. */
function latinDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 0x80) return digit;
  for (let zero = code; zero > code - 10; zero -= 1) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) return String(code - zero);
  }
  return digit;
}

/** A folded comment, in the forms that keywords are looked for in. */
interface FoldedComment {
  readonly text: string;
  /** Without spaces, for scripts that use none. */
  readonly tight: string;
  readonly words: readonly string[];
}

const SIGN = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Hangul}]';
/** Latin words stand within Chinese text without spaces: "有logo吗". */
const EDGE = new RegExp(`(?<=${SIGN})(?=[a-z0-9])|(?<=[a-z0-9])(?=${SIGN})`, 'gu');

export function foldedComment(comment: string): FoldedComment {
  const text = foldComment(comment);
  return { text, tight: text.replaceAll(' ', ''), words: text.replace(EDGE, ' ').split(' ') };
}

/** Scripts whose words are not parted, or carry articles and particles: keywords are found within words. */
const WITHIN_WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\p{Script=Arabic}]/u;

/** A phrase of words, the last of which may be a beginning. */
interface Phrase {
  readonly words: readonly string[];
  readonly isPrefix: boolean;
}

/**
 * Keywords that are looked for in comments: words that follow one another; "pri*" is a word that begins so; "a+b" needs
 * both, in any place. In scripts without spaces a keyword may be part of a word. A comment's words are looked up by
 * their first letters, so that twelve languages cost little more than one.
 */
export class Keywords {
  private readonly within: string[] = [];
  private readonly phrases = new Map<string, Phrase[]>();
  private readonly joined: (readonly Keywords[])[] = [];

  constructor(terms: readonly string[]) {
    for (const term of terms) {
      const parts = term
        .split('+')
        .map((part) => ({ part, folded: foldComment(part) }))
        .filter(({ folded }) => folded !== '');
      if (parts.length > 1) this.joined.push(parts.map(({ part }) => new Keywords([part])));
      else if (parts[0] !== undefined) this.add(parts[0].part.trim(), parts[0].folded);
    }
  }

  in(comment: FoldedComment): boolean {
    for (const signs of this.within) if (comment.tight.includes(signs)) return true;
    for (let at = 0; at < comment.words.length; at += 1) {
      for (const phrase of this.phrases.get(keyOf(comment.words[at]!)) ?? [])
        if (beginsAt(phrase, comment.words, at)) return true;
    }
    return this.joined.some((parts) => parts.every((part) => part.in(comment)));
  }

  private add(term: string, folded: string): void {
    if (WITHIN_WORDS.test(folded)) {
      this.within.push(folded.replaceAll(' ', ''));
      return;
    }
    const phrase: Phrase = { words: folded.split(' '), isPrefix: term.endsWith('*') };
    const key = keyOf(phrase.words[0]!);
    const list = this.phrases.get(key);
    if (list === undefined) this.phrases.set(key, [phrase]);
    else list.push(phrase);
  }
}

const KEY_LETTERS = 2;
const keyOf = (word: string): string => word.slice(0, KEY_LETTERS);

function beginsAt({ words, isPrefix }: Phrase, said: readonly string[], at: number): boolean {
  if (at + words.length > said.length) return false;
  const last = words.length - 1;
  for (let i = 0; i < last; i += 1) if (said[at + i] !== words[i]) return false;
  return isPrefix ? said[at + last]!.startsWith(words[last]!) : said[at + last] === words[last];
}

/** Hindi is often written in Latin letters. */
const LATIN = ['en', 'es', 'pt', 'fr', 'de', 'it', 'nl', 'pl', 'tr', 'id', 'vi', 'hi'];

interface ReadComment {
  /** Language of the answer. */
  readonly language: string;
  readonly intent: Intent | undefined;
  /** The intent is asked for by itself, in any context. */
  readonly isStrong: boolean;
  readonly isQuestion: boolean;
}

/** A word that one language alone writes so. */
const OWN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})(?:è|cos'è|com'è|c'è|dov'è|perché|più)(?!\p{L})/iu, 'it'],
  [/¿/u, 'es'],
];

/** A comment with as many small words of a language is in it. */
const MIN_SMALL_WORDS = 2;

interface IntentMatch {
  readonly intent: Intent;
  /** A question by itself, in any context. */
  readonly isStrong: boolean;
}

/** A comment with its folded form. */
interface Comment extends FoldedComment {
  /** It holds a question mark of any script. */
  readonly isMarked: boolean;
}

const commentOf = (text: string): Comment => ({ ...foldedComment(text), isMarked: /[?？؟]/u.test(text) });

/** Maximum words of a comment (or signs of a script without spaces) in which a weak word makes a question. */
const MAX_SHORT_WORDS = 2;
const MAX_SHORT_SIGNS = 6;
const COMMENT_SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/gu;

/** Recognises the questions of one language. */
class IntentMatcher {
  /** Small words of questions and remarks, folded, to guess a language by. */
  readonly smallWords: ReadonlySet<string>;
  private readonly ask: Keywords;
  private readonly praise: Keywords;
  private readonly intents: readonly { intent: Intent; strong: Keywords; weak: Keywords; not: Keywords }[];

  constructor(pack: ReplyPack) {
    this.smallWords = new Set(
      [...pack.ask, ...pack.praise, ...pack.stop].flatMap((one) => foldComment(one).split(' ')),
    );
    this.ask = new Keywords(pack.ask);
    this.praise = new Keywords(pack.praise);
    this.intents = INTENTS.map((intent) => {
      const { strong, weak, not } = pack.intents[intent];
      return { intent, strong: new Keywords(strong), weak: new Keywords(weak), not: new Keywords(not) };
    });
  }

  /** Strong words decide before weak ones, and specific intents before general ones. */
  match(comment: Comment): IntentMatch | undefined {
    const isAsking = !this.isRemark(comment) && (this.isQuestion(comment) || isShort(comment));
    let weak: Intent | undefined;
    for (const one of this.intents) {
      const isStrong = one.strong.in(comment);
      if (!isStrong && (weak !== undefined || !isAsking || !one.weak.in(comment))) continue;
      if (one.not.in(comment)) continue;
      if (isStrong) return { intent: one.intent, isStrong };
      weak = one.intent;
    }
    return weak === undefined ? undefined : { intent: weak, isStrong: false };
  }

  /** Whether a text of a listing is about the intent: a fact, the name of an attribute. */
  concerns(intent: Intent, text: string): boolean {
    const said = foldedComment(text);
    const one = this.intents.find((entry) => entry.intent === intent)!;
    return !one.not.in(said) && (one.strong.in(said) || one.weak.in(said));
  }

  isQuestion(comment: Comment): boolean {
    return comment.isMarked || this.ask.in(comment);
  }

  /** Praise or talk that asks nothing: "nice price!". */
  isRemark(comment: Comment): boolean {
    return !comment.isMarked && this.praise.in(comment);
  }
}

const matchers = new WeakMap<ReplyPack, IntentMatcher>();

/** The matcher of a pack, made once: a pack has thousands of words to fold, and every room reads all packs. */
function matcherOf(pack: ReplyPack): IntentMatcher {
  const matcher = matchers.get(pack) ?? new IntentMatcher(pack);
  matchers.set(pack, matcher);
  return matcher;
}

function isShort({ text }: FoldedComment): boolean {
  const signs = text.match(COMMENT_SIGNS)?.length ?? 0;
  return signs > 0 ? signs <= MAX_SHORT_SIGNS : text.split(' ').length <= MAX_SHORT_WORDS;
}

/**
 * Reads language and intent of a comment. Comments are short, so the words of the packs help to guess the language:
 * the likely languages are tried first, then the others with the same letters. Strong matches come before weak ones.
 */
export class CommentReader {
  private readonly matchers = new Map<string, IntentMatcher>();
  /** The room's language, or English where it has no pack. */
  readonly home: string;

  constructor(
    packs: ReplyPacks,
    roomLanguage: string,
    /** Languages that may be answered in; empty for all. */
    private readonly allowed: readonly string[] = [],
  ) {
    for (const [language, pack] of packs) this.matchers.set(language, matcherOf(pack));
    const base = baseLanguage(roomLanguage);
    this.home = this.matchers.has(base) ? base : 'en';
  }

  /** The matcher of a language, or of the room's. */
  matcher(language: string): IntentMatcher {
    return this.matchers.get(language) ?? this.matchers.get(this.home)!;
  }

  /** Whether the host is a person is asked with all kinds of laughter behind it, which would mislead about its language. */
  read(text: string): ReadComment {
    const core = withoutTail(text);
    if (core !== text) {
      const read = this.readWhole(core);
      if (read.intent === 'ai') return read;
    }
    return this.readWhole(text);
  }

  private readWhole(text: string): ReadComment {
    const comment = commentOf(text);
    const { order, likely } = this.order(text, comment);
    const isRemark = likely.some((language) => this.matchers.get(language)!.isRemark(comment));
    const read = this.first(comment, likely, isRemark);
    if (read !== undefined) return read;
    const unlikely = this.first(
      comment,
      order.filter((one) => !likely.includes(one)),
      isRemark,
    );
    if (unlikely !== undefined) {
      // One loan word ("ready" is a question of stock in Indonesian) does not outweigh the small words of a likely language.
      const sure = likely.find((one) => this.smallWordsOf(one, comment) >= MIN_SMALL_WORDS);
      return sure === undefined ? unlikely : { ...unlikely, language: this.answered(sure), isStrong: false };
    }
    const [first = this.home] = order;
    const isQuestion = !isRemark && order.length > 0 && this.matchers.get(first)!.isQuestion(comment);
    return { language: this.answered(first), intent: undefined, isStrong: false, isQuestion };
  }

  /** The first strong match, or else the first weak one; a remark has no weak ones. */
  private first(comment: Comment, languages: readonly string[], isRemark: boolean): ReadComment | undefined {
    let weak: ReadComment | undefined;
    for (const language of languages) {
      const match = this.matchers.get(language)!.match(comment);
      if (match === undefined) continue;
      const read = {
        language: this.answered(language),
        intent: match.intent,
        isStrong: match.isStrong,
        isQuestion: true,
      };
      if (match.isStrong) return read;
      if (!isRemark) weak ??= read;
    }
    return weak;
  }

  private answered(language: string): string {
    return this.allowed.length === 0 || this.allowed.includes(language) ? language : this.home;
  }

  /** The languages whose letters the comment has, the likeliest first. */
  private order(text: string, comment: Comment): { order: readonly string[]; likely: readonly string[] } {
    const { counts, guess } = readLanguages(text, this.home);
    const { byScript } = counts;
    const only = (order: readonly string[]) => ({ order, likely: order });
    for (const [script, language] of LANGUAGE_OF_SCRIPT) {
      if ((byScript[script] ?? 0) === 0) continue;
      return only(script === 'han' && this.home === 'ja' ? ['ja', 'zh'] : [language]);
    }
    if (counts.letters === 0) return only([]);
    const guessed = guess?.reliable === true ? [guess.language] : [];
    const own = OWN_WORDS.filter(([word]) => word.test(text.normalize('NFC'))).map(([, language]) => language);
    const likely = unique([...own, ...guessed, ...this.bySmallWords(comment).slice(0, 1), this.home, 'en']);
    const known = (list: readonly string[]): string[] => list.filter((one) => this.matchers.has(one));
    return { likely: known(likely), order: known(unique([...likely, ...LATIN])) };
  }

  private smallWordsOf(language: string, { words }: Comment): number {
    const small = this.matchers.get(language)?.smallWords;
    return words.reduce((sum, word) => sum + (small?.has(word) === true ? 1 : 0), 0);
  }

  /** Latin languages with question words and small words in the comment, the one with most of them first. */
  private bySmallWords(comment: Comment): string[] {
    const count = (language: string): number => this.smallWordsOf(language, comment);
    const own = count(this.home);
    return LATIN.map((language) => ({ language, counted: count(language) }))
      .filter(({ counted }) => counted > own)
      .toSorted((a, b) => b.counted - a.counted)
      .map(({ language }) => language);
  }
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];
