import { foldComment, type FoldedComment } from './fold-comment.js';

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
      const parts = term.split('+').filter((part) => foldComment(part) !== '');
      if (parts.length > 1) this.joined.push(parts.map((part) => new Keywords([part])));
      else if (parts[0] !== undefined) this.add(parts[0].trim());
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

  private add(term: string): void {
    const folded = foldComment(term);
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
