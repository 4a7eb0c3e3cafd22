import type { Product } from '../../config/sections/product.js';
import type { ReplyRule, RepliesConfig } from '../../config/sections/replies.js';
import type { AnswerPath, EventRecord } from '../../config/api/events-handle.js';
import type { Reading } from './meaning/comment-meanings.js';
import type { RuleText } from './reply-rules.js';
import type { EventLog } from '../events/event-intake.js';
import type { Intent } from './comments/reply-packs.js';

const MAX_RECORDS = 200;
const MAX_NAMES = 4;

/**
 * A viewer's question as it was understood. The show says and shows this, never the comment: each field is a name of the
 * show's own, a number, or a place in a listing, so that no character of a comment can reach picture or sound by it.
 */
export interface UnderstoodQuestion {
  /** Language of the viewer, if it is one that is answered in. */
  readonly language: string;
  /** What is asked; undefined for a question that no intent covers. */
  readonly intent: Intent | undefined;
  /** The product that it is about. */
  readonly product: Product | undefined;
  /** Number of pieces, of a question about the price or the time of so many. */
  readonly quantity: number | undefined;
  /** Name of an attribute or a detail of packing of the product, as its listing writes it. */
  readonly attribute: string | undefined;
  /** Canonical name of what is asked, of the meaning tables. */
  readonly meaning?: string | undefined;
  /** Position in the product's `faq` of the question that it equals. */
  readonly faq: number | undefined;
}

const MAX_QUANTITY = 999_999;
const MAX_PLAIN_COUNT = 12;

/**
 * Whether a number of pieces may be shown: at most two digits of it tell anything, the rest are zeros. 500, 1200 and
 * 25000 are quantities that people order; 138001 can be a part of a telephone number.
 */
export function isPlainQuantity(count: number): boolean {
  if (!Number.isInteger(count) || count < 1 || count > MAX_QUANTITY) return false;
  if (count <= MAX_PLAIN_COUNT) return true;
  return count < 100 ? count % 10 === 0 : count % 10 ** (String(count).length - 2) === 0;
}

/** An answer that waits for its turn, with everybody who asked for it. */
export class PendingAnswer {
  readonly records: number[] = [];
  readonly ids: string[] = [];
  readonly names: string[] = [];
  /** The given name of the first one who asked. */
  firstName: string | undefined;
  private readonly viewers = new Set<string>();
  /** The first comment. */
  readonly first: EventRecord;
  path: AnswerPath;
  about: string;
  /** Undefined while a language model thinks. */
  texts: readonly RuleText[] | undefined;

  constructor(
    readonly key: string,
    readonly sinceMs: number,
    readonly found: {
      readonly first: EventRecord;
      readonly path: AnswerPath;
      readonly about: string;
      readonly language: string;
      readonly product: Product | undefined;
      readonly rule?: ReplyRule;
      /** What the sentence model said of the comment. */
      readonly reading?: Reading | undefined;
      readonly texts?: readonly RuleText[];
      /** What the show may say of the question; undefined for an event without one. */
      readonly asked?: UnderstoodQuestion;
      /** The comment has been judged clean. */
      readonly isClean: boolean;
    },
  ) {
    this.first = found.first;
    this.path = found.path;
    this.about = found.about;
    this.texts = found.texts;
  }

  join({ seq, id, user }: EventRecord, name: string | undefined): void {
    if (this.records.length === 0) this.firstName = name;
    if (this.records.length < MAX_RECORDS) {
      this.records.push(seq);
      this.ids.push(id);
    }
    if (this.viewers.has(user)) return;
    if (this.viewers.size < MAX_RECORDS) this.viewers.add(user);
    if (name !== undefined && this.names.length < MAX_NAMES) this.names.push(name);
  }

  get asked(): number {
    return Math.max(1, this.viewers.size);
  }
}

const MAX_PENDING = 20;
/** A question that has waited longer for its turn is given up. */
const MAX_PENDING_MS = 60_000;
const MAX_ANSWERED = 200;

interface WaitingAnswersOptions {
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
