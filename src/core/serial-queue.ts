import { EngineError } from './errors.js';

export interface QueueLimit {
  /** Time of one task, from its begin. */
  readonly limitMs: number;
  /** Names the queue in errors. */
  readonly where: string;
}

/** For commands of an operator: the longest wait for a line on air, and the drawing of a presenter, take less. */
export const COMMAND_LIMIT_MS = 180_000;

/**
 * Runs tasks one after another; a failed task does not stop the next. With a limit a task that hangs does not either: it
 * is rejected with E_TIMEOUT, and its signal aborts. A task looks at the signal before it changes anything, so that what
 * was refused is not done later.
 */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limit?: QueueLimit) {}

  take<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const done = this.last.then(() => this.run(work));
    this.last = done.catch(() => undefined); // failures go to the caller; the queue continues
    return done;
  }

  private async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    if (this.limit === undefined) return work(controller.signal);
    const { limitMs, where } = this.limit;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new EngineError('E_TIMEOUT', {
          where,
          expected: `an end within ${limitMs / 1000} s`,
          found: 'none: the command was given up, and changes nothing',
          todo: 'send it again when the machine has time',
        });
        controller.abort(error);
        reject(error);
      }, limitMs);
    });
    const working = work(controller.signal);
    working.catch(() => undefined); // raced below
    try {
      return await Promise.race([working, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
