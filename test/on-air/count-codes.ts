import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { spawnWorker } from '../../src/core/processes/spawn-worker.js';

/** How many of the frames hold a code, for any detector at full effort: 40 ms each, on two threads where there are two. */
export async function countCodes(frames: readonly Uint8Array[], width: number, height: number): Promise<number> {
  const threads = Math.min(2, availableParallelism());
  const counts = Array.from({ length: threads }, async (_, thread) => {
    const worker = spawnWorker(new URL('./count-codes-thread.js', import.meta.url), import.meta.url, {
      workerData: { width, height },
    });
    for (let i = thread; i < frames.length; i += threads) {
      // A copy of its own: with a part of the recording's memory all of that would be sent, for each frame.
      const frame = Uint8Array.from(frames[i]!);
      worker.postMessage(frame, [frame.buffer]);
    }
    worker.postMessage('count');
    const [count] = (await once(worker, 'message')) as [number];
    await worker.terminate();
    return count;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
