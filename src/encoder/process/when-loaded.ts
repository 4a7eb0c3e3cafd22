/**
 * Detects when a started encoder process is ready for its input.
 *
 * Problem: loading takes 0.1 s on an idle machine and over a second on a busy one, and the process does not report it.
 * Demands: a planned replacement must not take over before it can read (frames would be lost), nor keep the room
 * waiting.
 * Rule: a process has loaded when all its threads sleep in two checks in a row: it waits for its first frame. Where
 * thread states cannot be read, a fixed time is used.
 * Numbers: checks every 30 ms; never before 60 ms, at the latest after 3 s; 0.5 s where states cannot be read.
 */
import { existsSync } from 'node:fs';
import { processActivity } from './process-activity.js';

const LOOK_MS = 30;
const LONGEST_MS = 3000;
const BLIND_MS = 500;

/** Calls back once; returns a function that cancels it. */
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
