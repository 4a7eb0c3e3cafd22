import { type FoldedComment, foldComment, foldedComment } from './fold-comment.js';
import { Keywords } from './keyword.js';
import { type Intent, INTENTS, type ReplyPack } from './reply-pack-schema.js';

export interface IntentMatch {
  readonly intent: Intent;
  /** A question by itself, in any context. */
  readonly isStrong: boolean;
}

/** A comment with its folded form. */
export interface Comment extends FoldedComment {
  /** It holds a question mark of any script. */
  readonly isMarked: boolean;
}

export const commentOf = (text: string): Comment => ({ ...foldedComment(text), isMarked: /[?？؟]/u.test(text) });

/** Maximum words of a comment (or signs of a script without spaces) in which a weak word makes a question. */
const MAX_SHORT_WORDS = 2;
const MAX_SHORT_SIGNS = 6;
const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/gu;

/** Recognises the questions of one language. */
export class IntentMatcher {
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

function isShort({ text }: FoldedComment): boolean {
  const signs = text.match(SIGNS)?.length ?? 0;
  return signs > 0 ? signs <= MAX_SHORT_SIGNS : text.split(' ').length <= MAX_SHORT_WORDS;
}
