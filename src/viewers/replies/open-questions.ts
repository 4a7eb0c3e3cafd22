import { randomUUID } from 'node:crypto';
import type { OpenQuestion } from '../../config/api/events-handle.js';
import { foldComment } from './comments/fold-comment.js';

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
