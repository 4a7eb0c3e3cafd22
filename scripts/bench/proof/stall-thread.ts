import { Session } from 'node:inspector';

/**
 * Stalls worker threads from outside, like a decoder in an endless loop: the inspector runs a busy loop in the thread,
 * in the middle of its work. The thread does not notice and can still be ended.
 *
 * The inspector's worker numbers differ from their thread ids, so every worker is asked for its own.
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
