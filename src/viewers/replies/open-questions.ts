import { randomUUID } from 'node:crypto';
import type { OpenQuestion } from '../../config/api/events-handle.js';
import { foldComment } from './comments/comment-reader.js';
import type { EventLog } from '../events/event-intake.js';
import type { PendingAnswer } from './pending-answer.js';

const MAX_QUESTIONS = 200;

export interface AskedQuestion {
  readonly text: string;
  readonly user: string;
  readonly language: string;
  readonly product: string | null;
  readonly reason: string;
  readonly atMs: number;
}

/** Questions without an answer, for the operator. Equal ones are one entry with a count. */
export class OpenQuestions {
  private readonly questions = new Map<string, OpenQuestion>();

  add(question: AskedQuestion): void {
    const key = `${question.product}\n${foldComment(question.text)}`;
    const before = this.questions.get(key);
    // Deleted first, so that the newest is the last.
    this.questions.delete(key);
    this.questions.set(
      key,
      before === undefined
        ? { ...question, id: randomUUID(), count: 1 }
        : { ...before, count: before.count + 1, atMs: question.atMs, reason: question.reason },
    );
    if (this.questions.size > MAX_QUESTIONS) this.questions.delete(this.questions.keys().next().value!);
  }

  /** Newest first. */
  list(): OpenQuestion[] {
    return [...this.questions.values()].toReversed();
  }

  get(id: string): OpenQuestion | undefined {
    return this.list().find((one) => one.id === id);
  }

  remove(id: string): void {
    for (const [key, one] of this.questions) if (one.id === id) this.questions.delete(key);
  }
}

type Change = Parameters<EventLog['change']>[1];

/** Records the outcome for everybody who asked; unanswered questions go to the operator's list. */
export class AnswerOutcomes {
  constructor(
    private readonly events: EventLog,
    private readonly questions: OpenQuestions,
  ) {}

  mark(pending: PendingAnswer, change: Change): void {
    for (const seq of pending.records) this.events.change(seq, change);
  }

  giveUp(pending: PendingAnswer, reason: string, outcome?: string): void {
    this.mark(pending, { state: 'unanswered', reason, ...(outcome === undefined ? {} : { outcome }) });
    if (pending.first.kind === 'comment') this.list(pending, reason);
  }

  list({ first, found }: PendingAnswer, reason: string): void {
    this.questions.add({
      text: first.text ?? '',
      user: first.user,
      language: found.language,
      product: found.product?.id ?? null,
      reason,
      atMs: first.atMs,
    });
  }
}
