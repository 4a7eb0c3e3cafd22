import type { Closeable } from './closeable.js';

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
