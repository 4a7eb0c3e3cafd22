import type { Closeable } from './closeable.js';

/**
 * A signal that aborts with another one, or after a time.
 *
 * Problem: `AbortSignal.any()` over `AbortSignal.timeout()` is held by nobody while a request waits. Node.js 20 collects it
 * as garbage, and the limit never comes.
 * Rule: a timer and a listener hold it until `end()`, which the caller has to call.
 */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private over = false;

  constructor(
    timeoutMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.timer = setTimeout(() => {
      this.over = !this.signal.aborted;
      this.controller.abort(new DOMException(`no end within ${timeoutMs / 1000} s`, 'TimeoutError'));
    }, timeoutMs);
    if (outer?.aborted === true) this.onAbort();
    else outer?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the time ran out, before the outer signal. */
  get isOver(): boolean {
    return this.over;
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => this.controller.abort(this.outer?.reason);
}

/** Limits how often a repeated message is reported. */
export class RateLimited {
  private lastMs = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number = performance.now.bind(performance),
  ) {}

  /** True when the last time it was true is at least the interval ago. */
  get due(): boolean {
    const nowMs = this.now();
    if (nowMs - this.lastMs < this.everyMs) return false;
    this.lastMs = nowMs;
    return true;
  }
}

/** Waits; resolves early, without an error, when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Runs a task once after a delay; closing it first cancels the task. */
export function afterwards(ms: number, task: () => void): Closeable {
  const timer = setTimeout(task, ms);
  return {
    close() {
      clearTimeout(timer);
      return Promise.resolve();
    },
  };
}

/** Runs a task repeatedly until it is closed. */
export function repeatedly(everyMs: number, task: () => void): Closeable {
  const timer = setInterval(task, everyMs);
  return {
    close() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

/** Waits for a promise, at most this long; whether it settled. Its failure counts as settled and is not thrown. */
export async function settleWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), limitMs)));
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
