import { EngineError } from '../../core/errors.js';
import type { EditStep } from '../../config/api/desk-handle.js';
import { COMMAND_LIMIT_MS, SerialQueue } from '../../core/serial-queue.js';

/** Steps that can be taken back. */
export const MAX_STEPS = 20;

/**
 * Takes an edit back, or makes it again. `requireNewest` throws when another edit has come since it was chosen: an edit
 * that waits for its turn calls it then, or it would act on that one unseen.
 */
export type Reversal = (requireNewest: () => void) => void | Promise<void>;

export interface ReversibleEdit {
  /** The edit in words. */
  readonly what: string;
  readonly undo: Reversal;
  readonly redo: Reversal;
  /** Edits of one gesture that follow each other are one step: the first one's undo, the last one's redo. */
  readonly gesture?: string | undefined;
}

interface Step extends EditStep, ReversibleEdit {}

/**
 * Remembers edits of a running room with their reversals.
 *
 * Rule: whoever edits registers how to take the edit back and how to make it again; both are judged as any edit, and do
 * not register themselves. A step whose reversal fails stays, so that it can be tried again. A new edit forgets those
 * that were taken back.
 */
export class EditHistory {
  private readonly done: Step[] = [];
  /** Taken back, the last one last. */
  private readonly back: Step[] = [];
  private next = 1;
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'undo' });

  register(edit: ReversibleEdit): void {
    this.back.length = 0;
    const at = new Date().toISOString();
    const last = this.done.at(-1);
    if (edit.gesture !== undefined && last?.gesture === edit.gesture) {
      this.done[this.done.length - 1] = { ...last, at, redo: edit.redo };
      return;
    }
    this.done.push({ ...edit, id: this.next, at });
    this.next += 1;
    if (this.done.length > MAX_STEPS) this.done.shift();
  }

  /** Newest first. */
  steps(): readonly EditStep[] {
    return this.done.map(bare).reverse();
  }

  /** Edits that can be made again, the next one first. */
  undone(): readonly EditStep[] {
    return this.back.map(bare).reverse();
  }

  /** Takes back the newest edit. */
  undo(): Promise<EditStep> {
    return this.turns.take(() => this.reverse('undo', this.done, this.back));
  }

  /** Makes the edit again that was taken back last. */
  redo(): Promise<EditStep> {
    return this.turns.take(() => this.reverse('redo', this.back, this.done));
  }

  private async reverse(way: 'undo' | 'redo', from: Step[], to: Step[]): Promise<EditStep> {
    const step = from.at(-1);
    if (step === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: way,
        expected: way === 'undo' ? 'an edit' : 'an edit that was taken back',
        found: way === 'undo' ? 'none since the start' : 'none since the last edit',
      });
    const newest = this.done.at(-1);
    await step[way](() => this.requireSame(way, step, newest));
    const at = from.indexOf(step);
    // Nothing is made again behind an edit that came meanwhile.
    const isNewest = at === from.length - 1;
    if (at >= 0) from.splice(at, 1);
    // A later edit of the same gesture is a step of its own.
    if (isNewest || way === 'redo') to.push({ ...step, gesture: undefined });
    return bare(step);
  }

  private requireSame(way: 'undo' | 'redo', step: Step, newest: Step | undefined): void {
    const now = this.done.at(-1);
    if (now === newest || now === undefined) return;
    throw new EngineError('E_ROOM_CHANGED', {
      where: way,
      expected: `"${(newest ?? step).what}" as the newest edit`,
      found: `"${now.what}", which came meanwhile`,
      todo: 'send it again to take that one back',
    });
  }
}

const bare = ({ id, what, at }: Step): EditStep => ({ id, what, at });
