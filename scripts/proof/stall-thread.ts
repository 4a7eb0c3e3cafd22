import { Session } from 'node:inspector';

interface Attached {
  sessionId: string;
  workerInfo: { workerId: string };
}

/**
 * Stalls worker threads from outside, as a decoder in an endless loop would: through the inspector a busy loop is
 * run in one, in the middle of whatever it does. The thread knows nothing of it and can still be ended.
 *
 * One session is kept for all: a later one is not told of threads that came after the first.
 */
export class ThreadStaller {
  private readonly session = new Session();
  /** By thread: its session. */
  private readonly attached = new Map<number, string>();

  constructor() {
    this.session.connect();
    this.session.on('NodeWorker.attachedToWorker', (message: { params: unknown }) => {
      const { sessionId, workerInfo } = message.params as Attached;
      this.attached.set(Number(workerInfo.workerId), sessionId);
    });
    this.session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /** False when nothing is known of the thread. */
  stall(threadId: number, ms: number): boolean {
    const sessionId = this.attached.get(threadId);
    if (sessionId === undefined) return false;
    const expression = `{ const end = Date.now() + ${ms}; while (Date.now() < end); }`;
    this.session.post('NodeWorker.sendMessageToWorker', {
      sessionId,
      message: JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }),
    });
    return true;
  }

  close(): void {
    this.session.disconnect();
  }
}
