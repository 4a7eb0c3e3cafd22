import type { EventLog } from '../events/event-log.js';
import type { OpenQuestions } from './open-questions.js';
import type { PendingAnswer } from './pending-answer.js';

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
