import type { RepliesConfig } from '../../config/sections/replies.js';
import type { EventRecord } from '../../config/api/events-handle.js';
import type { EventLog } from '../events/event-log.js';
import type { PendingAnswer } from './pending-answer.js';

const MAX_PENDING = 20;
/** A question that has waited longer for its turn is given up. */
const MAX_PENDING_MS = 60_000;
const MAX_ANSWERED = 200;

export interface WaitingAnswersOptions {
  readonly events: EventLog;
  /** An equal question within `sameQuestionMs` after its answer is not answered again. */
  readonly config: Pick<RepliesConfig, 'sameQuestionMs'>;
  /** The name as it may be spoken. */
  readonly name: (user: string) => string | undefined;
}

/** The answers that wait for their turn, by question, and those given lately. Equal questions are answered once. */
export class WaitingAnswers {
  private readonly waiting = new Map<string, PendingAnswer>();
  private readonly answered = new Map<string, { atMs: number; text: string }>();

  constructor(private readonly options: WaitingAnswersOptions) {}

  has(key: string): boolean {
    return this.waiting.has(key);
  }

  get isFull(): boolean {
    return this.waiting.size >= MAX_PENDING;
  }

  /** Those with a text, in order of arrival. */
  get ready(): PendingAnswer[] {
    return [...this.waiting.values()].filter(({ texts }) => texts !== undefined);
  }

  /** False when it was answered lately, joined another, or has no room. */
  add(pending: PendingAnswer, record: EventRecord): boolean {
    const { events, config } = this.options;
    if (this.join(pending.key, record)) return false;
    const { path, about } = pending;
    const lately = this.answered.get(pending.key);
    if (path !== 'rule' && lately !== undefined && pending.sinceMs - lately.atMs < config.sameQuestionMs) {
      events.change(record.seq, { state: 'merged', path, about, answer: lately.text });
      return false;
    }
    if (this.isFull) {
      events.change(record.seq, { state: 'unanswered', path, about, reason: 'too many questions are waiting' });
      return false;
    }
    this.count(pending, record);
    this.keep(pending);
    events.change(record.seq, { state: 'answering', path, about });
    return true;
  }

  /** Adds the record to the waiting answer of that question; false without one. */
  join(key: string, record: EventRecord): boolean {
    const waiting = this.waiting.get(key);
    if (waiting === undefined) return false;
    this.count(waiting, record);
    this.options.events.change(record.seq, { state: 'merged', path: waiting.path, about: waiting.about });
    return true;
  }

  /** Counts the viewer among those who asked. */
  count(pending: PendingAnswer, record: EventRecord): void {
    pending.join(record, record.user === '' ? undefined : this.options.name(record.user));
  }

  keep(pending: PendingAnswer): void {
    this.waiting.set(pending.key, pending);
  }

  remove(key: string): void {
    this.waiting.delete(key);
  }

  /** Removes and returns all. */
  takeAll(): PendingAnswer[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }

  /** Answers that were given by former listings. */
  forgetAll(): void {
    this.answered.clear();
  }

  /** Removes and returns those that have waited too long. */
  expire(nowMs: number): PendingAnswer[] {
    const old = [...this.waiting.values()].filter(({ sinceMs }) => nowMs - sinceMs > MAX_PENDING_MS);
    for (const { key } of old) this.remove(key);
    return old;
  }

  /** The question was answered with this text. */
  remember(key: string, text: string, atMs: number): void {
    this.answered.delete(key);
    this.answered.set(key, { atMs, text });
    if (this.answered.size > MAX_ANSWERED) this.answered.delete(this.answered.keys().next().value!);
  }

  /** The answer was not spoken after all. */
  forget(key: string): void {
    this.answered.delete(key);
  }
}
