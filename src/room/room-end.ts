import type { EngineError } from '../core/errors.js';

/** The end of a room on air: a signal asks for it, or a failure forces it. */
export class RoomEnd {
  private fatal: EngineError | undefined;
  private onFatal: (error: EngineError) => void = () => undefined;

  fail(error: EngineError): void {
    this.fatal = error;
    this.onFatal(error);
  }

  /** Resolves when the signal aborts, after calling `stopping`; rejects when the room fails. */
  wait(signal: AbortSignal, stopping: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.fatal !== undefined) return reject(this.fatal);
      const stop = (): void => {
        stopping();
        resolve();
      };
      if (signal.aborted) return stop();
      this.onFatal = reject;
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
