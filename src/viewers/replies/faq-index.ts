/**
 * Finds the listing's answer to a comment among its questions and answers.
 *
 * Problem: retrieval always finds a best match, also for "good evening". A wrong answer is worse than none.
 * Rule: BM25 (minisearch) proposes; the proposal counts only if the words that it shares with the comment carry
 * MIN_COMMENT_SHARE of the comment's weight and MIN_QUESTION_SHARE of the question's, and at least MIN_SHARED words.
 * Words of the answer help to find it, not to accept it. Weights are inverse document frequencies; small words have none.
 */
import MiniSearch from 'minisearch';
import type { Product } from '../../config/sections/product.js';
import { cleanValue } from '../../writer/spoken-name.js';
import { foldComment } from './comments/comment-reader.js';

const MIN_COMMENT_SHARE = 0.6;
const MIN_QUESTION_SHARE = 0.4;
/** Pairs of characters across two words match by chance only: fewer of them agree. */
const DENSE_SHARE = 0.7;
const MIN_SHARED = 2;
const MAX_ANSWER_CHARS = 400;
const CANDIDATES = 3;
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const DENSE_RUNS = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{M}]+)/u;
const MIN_STEM = 4;

export interface FaqAnswer {
  /** Position in the listing. */
  readonly index: number;
  readonly answer: string;
}

export class FaqIndex {
  private readonly search: MiniSearch<{ id: number; question: string; answer: string }>;
  private readonly questions: readonly ReadonlySet<string>[];
  private readonly frequency = new Map<string, number>();
  private readonly stop: ReadonlySet<string>;

  /** `stop`: words without a meaning of their own in the listing's language. */
  constructor(
    private readonly faq: Product['faq'],
    stop: readonly string[],
  ) {
    this.stop = new Set(stop.flatMap((word) => foldComment(word.replace('*', '')).split(' ')));
    const tokenize = (text: string): string[] => this.tokens(text);
    this.search = new MiniSearch({ fields: ['question', 'answer'], tokenize, processTerm: (term) => term });
    this.search.addAll(faq.map(({ question, answer }, id) => ({ id, question, answer })));
    this.questions = faq.map(({ question }) => new Set(this.tokens(question)));
    for (const words of this.questions)
      for (const word of words) this.frequency.set(word, (this.frequency.get(word) ?? 0) + 1);
  }

  find(comment: string): FaqAnswer | undefined {
    const asked = new Set(this.tokens(comment));
    if (asked.size === 0) return undefined;
    const found = this.search.search(comment, { boost: { question: 3 } }).slice(0, CANDIDATES);
    for (const { id } of found) {
      const question = this.questions[id as number]!;
      const shared = new Set([...asked].filter((word) => question.has(word)));
      const weight = this.weight(shared);
      const needed = Math.min(MIN_SHARED, question.size);
      const share = DENSE.test(comment) ? DENSE_SHARE : 1;
      if (shared.size < needed || weight < this.weight(asked) * MIN_COMMENT_SHARE * share) continue;
      if (weight < this.weight(question) * MIN_QUESTION_SHARE * share) continue;
      const answer = this.at(id as number);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** The answer at a position of the listing; undefined where there is none, or one too long to be said. */
  at(index: number): FaqAnswer | undefined {
    const answer = cleanValue(this.faq[index]?.answer ?? '');
    return answer !== '' && answer.length <= MAX_ANSWER_CHARS ? { index, answer } : undefined;
  }

  private weight(words: ReadonlySet<string>): number {
    let sum = 0;
    for (const word of words) sum += Math.log(1 + (this.faq.length + 1) / ((this.frequency.get(word) ?? 0) + 0.5));
    return sum;
  }

  /** Stems of words; pairs of characters in scripts without spaces. */
  private tokens(text: string): string[] {
    const tokens: string[] = [];
    for (const word of foldComment(text).split(' ')) {
      for (const run of word.split(DENSE_RUNS)) {
        if (run === '' || this.stop.has(run)) continue;
        if (DENSE.test(run)) tokens.push(...this.pairs(run));
        else if (run.length > 1) tokens.push(stemOf(run));
      }
    }
    return tokens;
  }

  private pairs(run: string): string[] {
    let rest = run;
    for (const word of this.stop) if (DENSE.test(word)) rest = rest.replaceAll(word, ' ');
    return rest.split(' ').flatMap((part) => {
      const signs = [...part];
      return signs.length === 1 ? signs : signs.slice(1).map((sign, i) => signs[i]! + sign);
    });
  }
}

/** "charging" and "charge", "lavavajillas" and "lavavajilla" are one word. */
const stemOf = (word: string): string =>
  word.length <= MIN_STEM ? word : word.slice(0, Math.max(MIN_STEM, Math.ceil(word.length * 0.7)));
