import type { EventRecord, EventsHandle } from '../../core/handles/events-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { RateLimited } from '../../core/rate-limited.js';
import { wrapText } from './display-width.js';
import type { TerminalLanguage } from './terminal-language.js';
import { viewerSentence } from './viewer-sentences.js';

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
