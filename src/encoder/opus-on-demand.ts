import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { StreamEncoder } from './stream-encoder.js';

const LINGER_MS = 10_000;
const START_MS = 10_000;

/** Opus is encoded only while somebody needs it. */
export class OpusOnDemand implements Closeable {
  /** Current users. */
  users = 0;
  private flows = false;
  private linger: NodeJS.Timeout | undefined;
  private readonly waiters = new Set<() => void>();
  private closed = false;

  constructor(private readonly encoder: StreamEncoder) {}

  /**
   * Resolves when packets flow, with a function that ends this use.
   *
   * @throws EngineError E_CLOSED, E_ENCODER_STALLED
   */
  async acquire(): Promise<() => void> {
    this.users += 1;
    clearTimeout(this.linger);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      this.users -= 1;
      if (this.users > 0 || this.closed) return;
      // Viewers come and go; a reloading page should not wait for a new process.
      this.linger = setTimeout(() => {
        this.encoder.stop();
        this.flows = false;
      }, LINGER_MS).unref();
    };
    try {
      this.encoder.start();
      await this.untilItFlows();
      return release;
    } catch (e) {
      release();
      throw e;
    }
  }

  /** Called for each packet. */
  packetOut(): void {
    if (this.flows) return;
    this.flows = true;
    for (const wake of this.waiters) wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.linger);
    for (const wake of this.waiters) wake();
  }

  private async untilItFlows(): Promise<void> {
    if (!this.flows && !this.closed) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.waiters.delete(done);
          resolve();
        };
        const timer = setTimeout(done, START_MS);
        this.waiters.add(done);
      });
    }
    if (this.closed) throw new EngineError('E_CLOSED', { where: 'opus encoder', found: 'a room that is closing' });
    if (!this.flows) {
      throw new EngineError('E_ENCODER_STALLED', {
        where: 'opus encoder',
        expected: `sound within ${START_MS} ms`,
        found: this.encoder.lastError || 'none; is the room on air?',
      });
    }
  }
}
