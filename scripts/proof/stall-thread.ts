import { Session } from 'node:inspector';

/**
 * Stalls worker threads from outside, as a decoder in an endless loop would: through the inspector a busy loop is
 * run in one, in the middle of whatever it does. The thread knows nothing of it and can still be ended.
 *
 * The inspector's numbers of workers are not those of their threads, so every worker is asked for its own.
 */
export class ThreadStaller {
  private readonly session = new Session();
  private readonly workers = new Set<string>();

  constructor() {
    this.session.connect();
    this.session.on('NodeWorker.attachedToWorker', ({ params }: { params: unknown }) => {
      this.workers.add((params as { sessionId: string }).sessionId);
    });
    this.session.on('NodeWorker.detachedFromWorker', ({ params }: { params: unknown }) => {
      this.workers.delete((params as { sessionId: string }).sessionId);
    });
    this.session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  stall(threadId: number, ms: number): void {
    const mine = `require('node:worker_threads').threadId === ${threadId}`;
    const expression = `if (${mine}) { const end = Date.now() + ${ms}; while (Date.now() < end); }`;
    const params = { expression, includeCommandLineAPI: true };
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params });
    for (const sessionId of this.workers) this.session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
  }

  close(): void {
    this.session.disconnect();
  }
}
