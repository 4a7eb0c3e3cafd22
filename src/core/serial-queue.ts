import { AsyncLocalStorage } from 'node:async_hooks';
import { EngineError } from './errors.js';

export interface QueueLimit {
  /** Time of one task, from its begin. */
  readonly limitMs: number;
  /** Names the queue in errors. */
  readonly where: string;
}

/** For commands of an operator: the longest wait for a line on air, and the drawing of a presenter, take less. */
export const COMMAND_LIMIT_MS = 180_000;

interface CallDeadline {
  readonly atMs: number;
  readonly limitMs: number;
}

/** A call from outside, such as a request to the API, and everything that is done for it. */
const calls = new AsyncLocalStorage<CallDeadline>();
interface RunningTask {
  readonly signal: AbortSignal;
  /** The task that waits for this one, such as an undo. */
  readonly outer: RunningTask | undefined;
}

const tasks = new AsyncLocalStorage<RunningTask>();
/** Signals of tasks that change something now and are not given up any more. */
const committed = new WeakSet<AbortSignal>();

/** Runs what answers a call, which has this long: its tasks that have changed nothing by then are refused. */
export function withinCall<T>(limitMs: number, run: () => T): T {
  return calls.run({ atMs: performance.now() + limitMs, limitMs }, run);
}

/** Throws E_TIMEOUT when the call's time is over; call it before something is changed outside a queue. */
export function refuseWhenLate(where: string): void {
  const call = calls.getStore();
  if (call !== undefined && performance.now() > call.atMs) throw givenUp(where, call.limitMs);
}

/**
 * Throws when the task was given up. From here on it changes something, so it is not given up any more: a caller who does not
 * wait is told that it takes effect.
 */
export function pointOfNoReturn(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
  for (let task = tasks.getStore(); task !== undefined; task = task.outer) task.signal.throwIfAborted();
  if (signal !== undefined) committed.add(signal);
  for (let task = tasks.getStore(); task !== undefined; task = task.outer) committed.add(task.signal);
}

/**
 * Runs tasks one after another; a failed task does not stop the next. With a limit a task that hangs does not either: it
 * is rejected with E_TIMEOUT, and its signal aborts. So does a task whose call is over (`withinCall`), also while it
 * waits. A task calls `pointOfNoReturn` before it changes anything, so that what was refused is not done later.
 */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limit?: QueueLimit) {}

  take<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { limit } = this;
    const call = calls.getStore();
    const where = limit?.where ?? 'the command';
    const controller = new AbortController();
    const { signal } = controller;
    const before = this.last;
    let free = (): void => undefined;
    const freed = new Promise<void>((resolve) => (free = resolve));
    this.last = before.then(() => freed);
    return new Promise<T>((resolve, reject) => {
      let begun = false;
      let timer: NodeJS.Timeout | undefined;
      const over = (limitMs: number): void => {
        if (committed.has(signal)) {
          reject(takesEffect(where, limitMs));
          return;
        }
        const error = givenUp(where, limitMs);
        controller.abort(error);
        reject(error);
        if (begun) free();
      };
      const waiting = call && setTimeout(() => over(call.limitMs), Math.max(0, call.atMs - performance.now()));
      const run = async (): Promise<void> => {
        begun = true;
        try {
          if (signal.aborted) return;
          if (limit !== undefined) {
            timer = setTimeout(() => {
              over(limit.limitMs);
              free();
            }, limit.limitMs);
          }
          resolve(await tasks.run({ signal, outer: tasks.getStore() }, () => work(signal)));
        } catch (error) {
          reject(error as Error);
        } finally {
          clearTimeout(waiting);
          clearTimeout(timer);
          free();
        }
      };
      void before.then(run);
    });
  }
}

/**
 * Work of the room itself, which no call gives up: a ledger's line that is written in the context of a late command must be
 * written, and nobody waits for its rejection.
 */
export class LastingQueue extends SerialQueue {
  override take<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return calls.exit(() => super.take(work));
  }
}

const givenUp = (where: string, limitMs: number): EngineError =>
  new EngineError('E_TIMEOUT', {
    where,
    expected: `an end within ${limitMs / 1000} s`,
    found: 'none: the command was given up, and changes nothing',
    todo: 'send it again when the machine has time',
    details: { applied: false },
  });

const takesEffect = (where: string, limitMs: number): EngineError =>
  new EngineError('E_TIMEOUT', {
    where,
    expected: `an end within ${limitMs / 1000} s`,
    found: 'a command that had begun to change the show: it takes effect',
    todo: 'do not send it again; the ledger and a GET show it',
    details: { applied: true },
  });
