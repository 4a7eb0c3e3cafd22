import { EngineError } from '../core/errors.js';
import type { FrameIndex } from '../core/time.js';

interface Command {
  run(now: FrameIndex): void;
  drop(): void;
}

/**
 * Wakes the planning of a show, and runs commands between its steps.
 *
 * Problem: the planning awaits voices and drawings; a new line or a command must be noticed at once, and may not change
 * the schedule while a line is being placed.
 * Rule: one planning loop waits here; a change ends its wait, even a change before the wait began.
 */
export class RunnerWake {
  private changes = 0;
  private seen = 0;
  private waiter: (() => void) | undefined;
  private readonly commands: Command[] = [];

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener(
      'abort',
      () => {
        for (const command of this.commands.splice(0)) command.drop();
        this.fire();
      },
      { once: true },
    );
  }

  /** Something changed. */
  fire(): void {
    this.changes += 1;
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.();
  }

  /** The planning has seen everything up to now. */
  look(): void {
    this.seen = this.changes;
  }

  /** Waits for a change since the last look, at most for a time. */
  wait(ms: number): Promise<void> {
    if (this.changes !== this.seen) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiter = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits for a promise or a change; true when the promise has settled. */
  async orSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const change = new Promise<void>((resolve) => {
      if (this.changes === this.seen) this.waiter = resolve;
      else resolve();
    });
    await Promise.race([promise.catch(() => undefined).then(() => (settled = true)), change]);
    this.waiter = undefined;
    return settled;
  }

  /** Runs a command between two steps of the planning. Rejects with E_CLOSED when the show has ended. */
  command<T>(run: (now: FrameIndex) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const drop = (): void => reject(new EngineError('E_CLOSED', { where: 'show', found: 'a room that has stopped' }));
      if (this.signal.aborted) return drop();
      this.commands.push({
        run: (now) => {
          try {
            resolve(run(now));
          } catch (error) {
            reject(error as Error);
          }
        },
        drop,
      });
      this.fire();
    });
  }

  runCommands(now: FrameIndex): void {
    for (const command of this.commands.splice(0)) command.run(now);
  }
}
