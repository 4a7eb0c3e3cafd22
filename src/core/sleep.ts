import type { Closeable } from './closeable.js';

/** Waits; ends at once, without an error, when the signal aborts. */
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

/** Does something once, later; closing it first means never. */
export function afterwards(ms: number, task: () => void): Closeable {
  const timer = setTimeout(task, ms);
  return {
    close() {
      clearTimeout(timer);
      return Promise.resolve();
    },
  };
}

/** Does something again and again, until it is closed. */
export function repeatedly(everyMs: number, task: () => void): Closeable {
  const timer = setInterval(task, everyMs);
  return {
    close() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
