import type { EventRecord, EventsHandle } from '../../config/api/events-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { RateLimited } from '../../core/sleep.js';
import { onOneLine } from '../print-lines.js';
import { wrapText } from './display-width.js';
import type { TerminalLanguage } from './terminal-language.js';

interface ViewerSentence {
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
    notListed: 'no answer from the listing; it waits for you on the watch page',
    notFound: 'nobody knows the answer; it waits for you on the watch page',
    waited: 'not answered: it waited too long for its turn',
    tooMany: 'not answered: too many questions wait',
    unvoiced: 'not answered: the voice was not ready in time',
    refused: (rule: string | undefined) =>
      rule === undefined
        ? 'not answered: the rules refused the answer'
        : `not answered: rule ${rule} refused the answer`,
    takenBack: 'not answered: the answer was taken back',
    model: 'no answer from the language model; it waits for you on the watch page',
  },
  zh: {
    hostile: '一条含联系方式或辱骂的评论已拦截，画面和声音中都不会出现',
    notListed: '商品资料里没有答案，可在监看页人工回答',
    notFound: '没有找到答案，可在监看页人工回答',
    waited: '未回答：排队等待太久',
    tooMany: '未回答：排队的问题太多',
    unvoiced: '未回答：语音未能及时合成',
    refused: (rule: string | undefined) =>
      rule === undefined ? '未回答：答案被规则拦截' : `未回答：答案被规则 ${rule} 拦截`,
    takenBack: '未回答：答案已撤回',
    model: '语言模型没有给出答案，可在监看页人工回答',
  },
};

/** Why a comment has no answer. The reason of the room may hold words of the answer; they are not printed. */
function unansweredReason({ outcome, reason = '' }: EventRecord, language: TerminalLanguage): string {
  const words = WORDS[language];
  switch (outcome) {
    case 'forgotten':
      return words.waited;
    case 'displaced':
      return words.tooMany;
    case 'failed':
      return words.unvoiced;
    case 'cancelled':
      return words.takenBack;
    case 'refused':
      return words.refused(/rule (\d+\.\d+)/.exec(reason)?.[1]);
    case undefined:
    default:
      break;
  }
  if (reason.startsWith('waited')) return words.waited;
  if (reason.startsWith('too many')) return words.tooMany;
  if (reason.startsWith('the language model')) return words.model;
  const rule = /rule (\d+\.\d+)/.exec(reason)?.[1];
  if (rule !== undefined) return words.refused(rule);
  return reason.startsWith('nobody knows') ? words.notFound : words.notListed;
}

/**
 * A viewer event as the terminal shows it, once its fate is known; undefined before that and for events without words. The words of a
 * hostile comment are not repeated.
 */
function viewerSentence(record: EventRecord, language: TerminalLanguage): ViewerSentence | undefined {
  const { kind, user, text = '', state, path, answer } = record;
  const words = WORDS[language];
  const asked = `${onOneLine(user, MAX_NAME) || '?'}: ${onOneLine(text, MAX_QUESTION)}`;
  switch (state) {
    case 'answered':
      if (answer === undefined) return undefined;
      return path === 'reaction' || kind !== 'comment'
        ? { result: onOneLine(answer, MAX_ANSWER) }
        : { asked, result: onOneLine(answer, MAX_ANSWER) };
    case 'unanswered':
      return kind === 'comment' ? { asked, result: unansweredReason(record, language) } : undefined;
    case 'hostile':
      return { result: words.hostile };
    case 'taken':
    case 'answering':
    case 'merged':
    case 'ignored':
      return undefined;
  }
}

export interface ViewerTalkOptions {
  readonly events: Pick<EventsHandle, 'listen'>;
  readonly language: TerminalLanguage;
  readonly print: (line: string) => void;
  readonly columns: () => number;
  readonly nowMs?: () => number;
  readonly wallMs?: () => number;
}

/** At most one exchange is printed in this time; the rest are counted. */
const MIN_GAP_MS = 2000;
/** An answer to several viewers is printed once. */
const MAX_REMEMBERED = 30;
const INDENT = ' '.repeat(11);

/** Prints comments of viewers with their answers, a pair at a time. */
export class ViewerTalk implements Closeable {
  private readonly due: RateLimited;
  private readonly printed = new Set<string>();
  private skipped = 0;
  private readonly stop: () => void;

  constructor(private readonly options: ViewerTalkOptions) {
    this.due = new RateLimited(MIN_GAP_MS, options.nowMs);
    this.stop = options.events.listen((record) => this.tell(record));
  }

  async close(): Promise<void> {
    this.stop();
  }

  private tell(record: EventRecord): void {
    const { language, print, columns, wallMs = Date.now } = this.options;
    const sentence = viewerSentence(record, language);
    if (sentence === undefined) return;
    // A reaction thanks many, and an answer goes to all who asked.
    const key = record.state === 'answered' ? `${record.path} ${record.answer}` : `${record.state} ${record.seq}`;
    if (this.printed.has(key)) return;
    this.printed.add(key);
    if (this.printed.size > MAX_REMEMBERED) this.printed.delete(this.printed.values().next().value!);
    if (!this.due.due) {
      this.skipped += 1;
      return;
    }
    const { asked, result } = sentence;
    const time = new Date(wallMs()).toTimeString().slice(0, 8);
    if (asked === undefined) print(wrapText(`${time} · ${result}${this.others()}`, columns(), INDENT));
    else {
      print(wrapText(`${time} › ${asked}`, columns(), INDENT));
      print(wrapText(`         → ${result}${this.others()}`, columns(), INDENT));
    }
  }

  private others(): string {
    const { skipped } = this;
    this.skipped = 0;
    if (skipped === 0) return '';
    return this.options.language === 'zh' ? `（另有 ${skipped} 条）` : ` (and ${skipped} more)`;
  }
}
