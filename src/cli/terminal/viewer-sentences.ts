import type { EventRecord } from '../../core/handles/events-handle.js';
import { onOneLine } from '../print-lines.js';
import type { TerminalLanguage } from './terminal-language.js';

export interface ViewerSentence {
  /** The viewer and the words. */
  readonly asked?: string;
  /** The answer, or the reason for its absence. */
  readonly result: string;
}

const MAX_NAME = 24;
const MAX_QUESTION = 100;
const MAX_ANSWER = 240;

const WORDS = {
  en: {
    hostile: 'A comment with a contact or an insult was kept from picture and sound',
    unanswered: 'no answer from the listing; it waits for you on the watch page',
  },
  zh: {
    hostile: '一条含联系方式或辱骂的评论已拦截，画面和声音中都不会出现',
    unanswered: '商品资料里没有答案，可在监看页人工回答',
  },
};

/**
 * A viewer event as the terminal shows it, once its fate is known; undefined before that and for events without words. The words of a
 * hostile comment are not repeated.
 */
export function viewerSentence(
  { kind, user, text = '', state, path, answer }: EventRecord,
  language: TerminalLanguage,
): ViewerSentence | undefined {
  const words = WORDS[language];
  const asked = `${onOneLine(user, MAX_NAME) || '?'}: ${onOneLine(text, MAX_QUESTION)}`;
  switch (state) {
    case 'answered':
      if (answer === undefined) return undefined;
      return path === 'reaction' || kind !== 'comment'
        ? { result: onOneLine(answer, MAX_ANSWER) }
        : { asked, result: onOneLine(answer, MAX_ANSWER) };
    case 'unanswered':
      return kind === 'comment' ? { asked, result: words.unanswered } : undefined;
    case 'hostile':
      return { result: words.hostile };
    case 'taken':
    case 'answering':
    case 'merged':
    case 'ignored':
      return undefined;
  }
}
