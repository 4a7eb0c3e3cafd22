import { StringDecoder } from 'node:string_decoder';
import type { OwnWords } from '../../moderation/index.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import { countLetters, TextJudge } from '../../moderation/index.js';
import type { Product } from '../../config/sections/product.js';
import type { TextHit, TextVerdict } from '../../core/verdict.js';

/** What is judged of one line; what is beyond it goes unread and counts as a flood. */
const MAX_LINE_CHARS = 2 * 1024 * 1024;
/** The rule about the language of the broadcast. */
const LANGUAGE_RULE = '5.6';
const SPAM_RULE = '2.3';
/** Scripts that tell their language, or one of those with the same word lists. */
const LANGUAGE_OF_SCRIPT: readonly (readonly [script: string, language: string])[] = [
  ['kana', 'ja'],
  ['han', 'zh'],
  ['hangul', 'ko'],
  ['thai', 'th'],
  ['arabic', 'ar'],
  ['cyrillic', 'ru'],
  ['devanagari', 'hi'],
];

export interface JudgeLinesOptions {
  readonly surface: 'speech' | 'caption' | 'reply';
  /** BCP-47; undefined lets each line's script decide, and then no line is in the wrong language. */
  readonly language?: string;
  /** The listings the lines are held against. */
  readonly entry?: readonly Product[];
  /** What the room does about each rule; the rule table's word without it. */
  readonly actions?: RuleActions;
  /** The room's own words. */
  readonly own?: OwnWords;
}

export interface Line {
  readonly text: string;
  /** The line was longer than a line that is judged; `text` is its beginning. */
  readonly cut: boolean;
}

/** Judges lines by themselves, as the room would before it says or shows them. */
export class LineJudge {
  private readonly judge: TextJudge;

  constructor(private readonly options: JudgeLinesOptions) {
    const { actions, own } = options;
    this.judge = new TextJudge({
      ...(actions === undefined ? {} : { actions }),
      ...(own === undefined ? {} : { own }),
    });
  }

  judgeLine({ text, cut }: Line): TextVerdict {
    const { surface, language, entry } = this.options;
    const verdict = this.judge.judge(text, { surface, language: language ?? languageOf(text), entry });
    let hits = verdict.hits;
    if (language === undefined) hits = hits.filter((hit) => hit.rule !== LANGUAGE_RULE);
    if (cut) hits = [...hits, unread(text.length)];
    if (hits.length === 0) return { verdict: 'clean', hits };
    if (hits.length === verdict.hits.length) return verdict;
    return { verdict: hits.every((h) => h.action === 'warn' || h.action === 'review') ? 'review' : 'violation', hits };
  }
}

const unread = (at: number): TextHit => ({
  rule: SPAM_RULE,
  kind: 'flood',
  action: 'skip',
  start: at,
  end: at,
  match: '',
});

/** The language that a text's writing points to; English for Latin letters, which the judge looks at closer. */
export function languageOf(text: string): string {
  // A long line's beginning tells as much as all of it.
  const { byScript, letters } = countLetters(text.slice(0, 2000));
  for (const [script, language] of LANGUAGE_OF_SCRIPT) {
    if ((byScript[script] ?? 0) * 5 > letters) return language;
  }
  return 'en';
}

/**
 * Bytes as lines, each as soon as it is whole. Only a newline ends one (a carriage return before it belongs to
 * it), so that the n-th answer is that of the n-th line for whoever counts newlines. Memory is bounded: the end of a line that is too long is let go.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, void> {
  const decoder = new StringDecoder('utf8');
  let first = true;
  let rest = '';
  let cut = false;
  const grow = (piece: string): void => {
    const room = MAX_LINE_CHARS - rest.length;
    if (piece.length > room) cut = true;
    rest += piece.length > room ? piece.slice(0, room) : piece;
  };
  const take = (): Line => {
    let text = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    if (first && text.startsWith('\uFEFF')) text = text.slice(1);
    const line = { text, cut };
    first = false;
    rest = '';
    cut = false;
    return line;
  };
  for await (const chunk of chunks) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      grow(text.slice(from, end));
      yield take();
      from = end + 1;
    }
    grow(text.slice(from));
  }
  grow(decoder.end());
  if (rest !== '') yield take();
}
