import { AsyncLocalStorage } from 'node:async_hooks';
import type { Closeable } from './closeable.js';
import { EngineError } from './errors.js';

/**
 * Delivers items one at a time to a receiver that may be slow, unreachable or failing.
 *
 * Problem: the sender must never wait for the receiver, and the receiver needs the items in order.
 * Rule: an item is retried after each of the waits. A full queue drops its oldest items, and the next delivery reports
 * how many were dropped. Items queued at close are still delivered if that is quick.
 * Numbers: 100 items, 1 s at close.
 */

interface DeliveryOptions<T> {
  /** Resolves with the error, or an empty text; never rejects. `dropped` items before it were lost. */
  readonly send: (item: T, dropped: number, signal: AbortSignal) => Promise<string>;
  /** Called when all tries failed. */
  readonly onFailure: (fault: string) => void;
  /** Waits between tries. */
  readonly waitsMs: readonly number[];
  readonly goodbyeMs?: number;
}

const MAX_ITEMS = 100;
const GOODBYE_MS = 1000;

export class DeliveryQueue<T> implements Closeable {
  private readonly items: T[] = [];
  private readonly stop = new AbortController();
  private dropped = 0;
  private closing = false;
  private working: Promise<void> | undefined;

  constructor(private readonly options: DeliveryOptions<T>) {}

  push(item: T): void {
    if (this.closing) return;
    this.items.push(item);
    if (this.items.length > MAX_ITEMS) {
      this.items.shift();
      this.dropped += 1;
    }
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  async close(): Promise<void> {
    this.closing = true;
    const timer = setTimeout(() => this.stop.abort(), this.options.goodbyeMs ?? GOODBYE_MS);
    await this.working;
    clearTimeout(timer);
  }

  private async work(): Promise<void> {
    const { send, waitsMs, onFailure } = this.options;
    const { signal } = this.stop;
    for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) {
      const { dropped } = this;
      this.dropped = 0;
      let fault = await send(item, dropped, signal);
      for (const ms of waitsMs) {
        if (fault === '' || signal.aborted) break;
        await pause(ms, signal);
        fault = await send(item, dropped, signal);
      }
      if (signal.aborted) return;
      if (fault !== '') onFailure(fault);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

interface QueueLimit {
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
