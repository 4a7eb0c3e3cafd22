import { EngineError } from '../../../core/errors.js';
import type { EditStep } from '../../../core/handles/history-handle.js';
import { COMMAND_LIMIT_MS, SerialQueue } from '../../../core/serial-queue.js';

/** Steps that can be taken back. */
export const MAX_STEPS = 20;

/**
 * Takes an edit back. `requireNewest` throws when another edit has come since it was chosen: an inverse that waits for its
 * turn calls it then, or it would take that one back unseen.
 */
export type Inverse = (requireNewest: () => void) => void | Promise<void>;

interface Step extends EditStep {
  readonly undo: Inverse;
}

/**
 * Remembers edits of a running room with their inverses.
 *
 * Rule: whoever edits registers how to take the edit back; an inverse is judged as any edit, and does not register
 * itself. A step whose inverse fails stays, so that it can be tried again.
 */
export class EditHistory {
  private readonly done: Step[] = [];
  private next = 1;
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'undo' });

  /** `what`: the edit in words. */
  register(what: string, undo: Inverse): void {
    this.done.push({ id: this.next, what, at: new Date().toISOString(), undo });
    this.next += 1;
    if (this.done.length > MAX_STEPS) this.done.shift();
  }

  /** Newest first. */
  steps(): readonly EditStep[] {
    return this.done.map(({ id, what, at }) => ({ id, what, at })).reverse();
  }

  /** Takes back the newest edit. */
  undo(): Promise<EditStep> {
    return this.turns.take(async () => {
      const step = this.done.at(-1);
      if (step === undefined)
        throw new EngineError('E_NOT_FOUND', { where: 'undo', expected: 'an edit', found: 'none since the start' });
      await step.undo(() => this.requireNewest(step));
      const at = this.done.indexOf(step);
      if (at >= 0) this.done.splice(at, 1);
      return { id: step.id, what: step.what, at: step.at };
    });
  }

  private requireNewest(step: Step): void {
    const newest = this.done.at(-1);
    if (newest === undefined || newest === step) return;
    throw new EngineError('E_ROOM_CHANGED', {
      where: 'undo',
      expected: `"${step.what}" as the newest edit`,
      found: `"${newest.what}", which came meanwhile`,
      todo: 'send it again to take that one back',
    });
  }
}
