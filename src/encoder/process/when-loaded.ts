/**
 * Tells when a started encoder process is ready for its input.
 *
 * Problem: loading takes 0.1 s on an idle machine and over a second on a busy one, and the process says nothing
 * when it is done. Demands: a planned replacement must not take over before it can read (frames would be
 * lost), nor let the room wait for longer than needed.
 * Rule: loaded is a process of which every thread sleeps in two looks in a row, as then it waits for its
 * first frame. Where the system does not tell, a fixed time has to do.
 * Numbers: looks each 30 ms; never before 60 ms, at the latest after 3 s; 0.5 s where nothing can be seen.
 */
import { existsSync } from 'node:fs';
import { processActivity } from './process-activity.js';

const LOOK_MS = 30;
const LONGEST_MS = 3000;
const BLIND_MS = 500;

/** Calls back once; gives the way to cancel it. */
export function whenLoaded(pid: number | undefined, loaded: () => void): () => void {
  let timer: NodeJS.Timeout;
  if (pid === undefined || !existsSync(`/proc/${pid}/task`)) {
    timer = setTimeout(loaded, BLIND_MS);
    return () => clearTimeout(timer);
  }
  const startedMs = performance.now();
  let asleep = 0;
  const look = (): void => {
    asleep = processActivity(pid) === 'asleep' ? asleep + 1 : 0;
    if (asleep >= 2 || performance.now() - startedMs >= LONGEST_MS) loaded();
    else timer = setTimeout(look, LOOK_MS);
  };
  timer = setTimeout(look, LOOK_MS);
  return () => clearTimeout(timer);
}
