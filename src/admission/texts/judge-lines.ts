import { StringDecoder } from 'node:string_decoder';
import type { OwnWords } from '../../moderation/index.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import { countLetters, TextJudge } from '../../moderation/index.js';
import type { Product } from '../../config/sections/product.js';
import type { TextHit, TextVerdict } from '../../core/verdict.js';

/** Maximum characters judged per line; a longer line counts as a flood. */
const MAX_LINE_CHARS = 2 * 1024 * 1024;
/** The rule on the language of the broadcast. */
const LANGUAGE_RULE = '5.6';
const SPAM_RULE = '2.3';
/** Scripts that identify their language, or one with the same word lists. */
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
  /** BCP-47; undefined: each line's script decides, and no line counts as the wrong language. */
  readonly language?: string;
  /** The listings against which lines are judged. */
  readonly entry?: readonly Product[];
  /** The room's action for each rule; default the rule table's. */
  readonly actions?: RuleActions;
  /** The room's own words. */
  readonly own?: OwnWords;
}

export interface Line {
  readonly text: string;
  /** The line exceeded the maximum; `text` is its beginning. */
  readonly cut: boolean;
}

/** Judges single lines as the room does before it speaks or shows them. */
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

/**
 * The language suggested by a text's script; English for Latin letters, where the judge detects the language itself.
 */
function languageOf(text: string): string {
  // The beginning of a long line is enough.
  const { byScript, letters } = countLetters(text.slice(0, 2000));
  for (const [script, language] of LANGUAGE_OF_SCRIPT) {
    if ((byScript[script] ?? 0) * 5 > letters) return language;
  }
  return 'en';
}

/**
 * Splits bytes into lines, each as soon as it is complete. Only a newline ends a line (a carriage return before it
 * belongs to the ending), so that the n-th result is for the n-th line. Memory is bounded: the end of an overlong line
 * is dropped.
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
