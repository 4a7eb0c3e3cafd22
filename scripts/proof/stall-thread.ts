import { Session } from 'node:inspector';

interface Attached {
  sessionId: string;
  workerInfo: { workerId: string };
}

/**
 * Stalls a worker thread from outside, as a decoder in an endless loop would: through the inspector a busy
 * loop is run in it, in the middle of whatever it does. The thread knows nothing of it and can still be ended.
 */
export async function stallThread(threadId: number, ms: number): Promise<boolean> {
  const session = new Session();
  session.connect();
  try {
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), 1000);
      session.on('NodeWorker.attachedToWorker', (message: { params: unknown }) => {
        const { sessionId, workerInfo } = message.params as Attached;
        if (Number(workerInfo.workerId) !== threadId) return;
        const expression = `{ const end = Date.now() + ${ms}; while (Date.now() < end); }`;
        session.post('NodeWorker.sendMessageToWorker', {
          sessionId,
          message: JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }),
        });
        // The message has to be taken by the thread before the session goes.
        setTimeout(() => resolve(true), ms);
        clearTimeout(timer);
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    });
  } finally {
    session.disconnect();
  }
}
