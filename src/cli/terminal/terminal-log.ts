import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { onOneLine } from '../print-lines.js';
import { wrapText } from './display-width.js';
import { EVENT_SENTENCES, type Fields } from './event-sentences.js';
import type { TerminalLanguage } from './terminal-language.js';

export interface TerminalLogOptions {
  readonly print: (line: string) => void;
  /** Width of the terminal; sentences are wrapped to it. */
  readonly columns: () => number;
  /** Minimum level shown: `debug`, `info`, `warn`, `error` or `silent`. */
  readonly level: string;
  readonly language: TerminalLanguage;
  readonly colour: boolean;
  readonly wallMs?: () => number;
  readonly windowMs?: number;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = Exclude<(typeof LEVELS)[number], 'silent'>;
const MARKS: Readonly<Record<Level, string>> = { debug: '·', info: '·', warn: '!', error: '✗' };
const COLOURS: Readonly<Record<Level, string>> = { debug: '2', info: '36', warn: '33', error: '31' };
/** Indents wrapped lines below the sentence, after time and mark. */
const INDENT = ' '.repeat(11);
const MAX_CHARACTERS = 400;
/** The kind of everything that a busy machine causes. */
const BUSY = 'busy';
const BUSY_LEAD: Readonly<Record<TerminalLanguage, string>> = { en: 'This machine is busy. ', zh: '这台机器太忙。' };
const NAMES_BUSY = /this machine is busy|这台机器太忙/;
/** Fields that may hold an address with its key. */
const SECRET: ReadonlySet<string> = new Set(['url', 'token', 'key', 'authorization']);

/**
 * Prints an event at once, and its repetitions as one line with their number.
 *
 * Problem: a scan that is behind, or a refused output, logs the same event several times a second.
 * Rule: the first of a kind is printed at once; repetitions in the next half minute are counted and printed together;
 * half a minute without one ends the series.
 * Numbers: 30 s, 200 kinds at once.
 */
const WINDOW_MS = 30_000;
const MAX_KINDS = 200;

interface Counted {
  count: number;
  sentence: string;
  readonly timer: NodeJS.Timeout;
}

class RepeatedEvents implements Closeable {
  private readonly kinds = new Map<string, Counted>();

  constructor(
    /** `count` is 1 for an event printed at once. */
    private readonly say: (sentence: string, count: number, windowMs: number) => void,
    private readonly windowMs = WINDOW_MS,
  ) {}

  /** An event of this kind was printed lately. */
  has(kind: string): boolean {
    return this.kinds.has(kind);
  }

  add(kind: string, sentence: string): void {
    const known = this.kinds.get(kind);
    if (known !== undefined) {
      known.count += 1;
      known.sentence = sentence;
      return;
    }
    this.say(sentence, 1, this.windowMs);
    if (this.kinds.size >= MAX_KINDS) return;
    const timer = setInterval(() => this.sum(kind), this.windowMs).unref();
    this.kinds.set(kind, { count: 0, sentence, timer });
  }

  /** Prints the counted events that are not printed yet. */
  async close(): Promise<void> {
    for (const kind of this.kinds.keys()) {
      this.sum(kind);
      clearInterval(this.kinds.get(kind)?.timer);
      this.kinds.delete(kind);
    }
  }

  private sum(kind: string): void {
    const counted = this.kinds.get(kind)!;
    if (counted.count === 0) {
      clearInterval(counted.timer);
      this.kinds.delete(kind);
      return;
    }
    this.say(counted.sentence, counted.count, this.windowMs);
    counted.count = 0;
  }
}

/** The log for people: one sentence per event, repetitions counted. */
export class TerminalLog implements Log, Closeable {
  private readonly repeated: RepeatedEvents;
  private readonly least: number;
  private silent = false;

  constructor(private readonly options: TerminalLogOptions) {
    this.least = LEVELS.indexOf(options.level as Level);
    this.repeated = new RepeatedEvents((line, count, windowMs) => this.say(line, count, windowMs), options.windowMs);
  }

  debug(fields: object, message: string): void {
    this.write('debug', fields as Fields, message);
  }
  info(fields: object, message: string): void {
    this.write('info', fields as Fields, message);
  }
  warn(fields: object, message: string): void {
    this.write('warn', fields as Fields, message);
  }
  error(fields: object, message: string): void {
    this.write('error', fields as Fields, message);
  }

  child(fields: object): Log {
    const one = (level: Level) => (more: object, message: string) => this.write(level, { ...fields, ...more }, message);
    const log: Log = {
      debug: one('debug'),
      info: one('info'),
      warn: one('warn'),
      error: one('error'),
      child: (more) => this.child({ ...fields, ...more }),
    };
    return log;
  }

  /** Prints what was counted, and nothing from now on. */
  silence(): void {
    void this.repeated.close();
    this.silent = true;
  }

  close(): Promise<void> {
    return this.repeated.close();
  }

  private write(level: Level, fields: Fields, message: string): void {
    if (this.silent) return;
    const known = Object.hasOwn(EVENT_SENTENCES, message) ? EVENT_SENTENCES[message] : undefined;
    const shown = LEVELS.indexOf(level);
    const always = known?.always === true && this.least <= LEVELS.indexOf('warn');
    if ((shown < this.least && !always) || known?.hidden?.(fields) === true) return;
    const sentence = known === undefined ? plainSentence(fields, message) : known[this.options.language](fields);
    const busy = known?.busy?.(fields) ?? false;
    const isBusy = busy === true || (busy === 'while' && this.repeated.has(BUSY));
    const line = isBusy && !NAMES_BUSY.test(sentence) ? BUSY_LEAD[this.options.language] + sentence : sentence;
    this.repeated.add(
      isBusy ? BUSY : `${message} ${known?.same?.(fields) ?? ''}`,
      this.marked(isBusy ? 'warn' : level, onOneLine(line, MAX_CHARACTERS)),
    );
  }

  private marked(level: Level, sentence: string): string {
    const { colour } = this.options;
    const mark = MARKS[level];
    return `${colour ? `\u001b[${COLOURS[level]}m${mark}\u001b[0m` : mark} ${sentence}`;
  }

  private say(sentence: string, count: number, windowMs: number): void {
    const { language, print, columns, wallMs = Date.now } = this.options;
    const time = new Date(wallMs()).toTimeString().slice(0, 8);
    const s = Math.round(windowMs / 1000);
    const times = count === 1 ? '' : language === 'zh' ? `（${s} 秒内 ${count} 次）` : ` (${count} times in ${s} s)`;
    print(wrapText(`${time} ${sentence}${times}`, columns(), INDENT));
  }
}

/** An event without a sentence of its own: its message, with its fields in brackets. */
function plainSentence(fields: Fields, message: string): string {
  const details = Object.entries(fields)
    .filter(
      ([name, value]) =>
        !SECRET.has(name) &&
        value !== undefined &&
        value !== '' &&
        !(String(value).length > 3 && message.includes(String(value))),
    )
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const sentence = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  return details.length === 0 ? sentence : `${sentence} (${details.join(', ')})`;
}
