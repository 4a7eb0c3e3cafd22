import { childPids, markProcess, stillRuns, type ProcessMark } from '../../core/processes/process-mark.js';

const GONE_WITHIN_MS = 2000;
const LOOK_MS = 20;

/** Running children that this process's main thread has started. */
export const markChildren = (): ProcessMark[] => childPids().flatMap((pid) => markProcess(pid) ?? []);

/** Ends the processes that a dead engine left, stopped ones too; resolves with their number. */
export async function endStale(marks: readonly ProcessMark[]): Promise<number> {
  const stale = marks.filter(stillRuns);
  for (const { pid } of stale) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  const end = performance.now() + GONE_WITHIN_MS;
  while (stale.some(stillRuns) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return stale.length;
}
