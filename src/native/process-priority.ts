/**
 * Asks the system to prefer this process.
 *
 * Problem: a frame is due every 33 ms whatever else the machine does, and a room that starts again after a crash has
 * viewers who look at nothing. On two busy cores a thread without preference waits for tens of milliseconds, and a start
 * takes three times as long. Demands: nothing else of the machine is starved; it must be possible to decline; whoever
 * may not ask goes on without.
 * Rule: as sound servers do, nice −10 for all threads there are (setpriority(2) takes one thread; those that
 * come later, and child processes, have it from their parents). Reading pictures lowers its own again. Where Linux
 * groups processes by session, nice counts within a session only (sched(7), "The autogroup feature"), so a session that
 * this process leads, as a service or the first process of a container does, gets the same. That of a shell stays as it is: what
 * else is started there would have it too, for ever.
 * Numbers: nice −10 weighs nine times as much as 0 where both want the same core.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setSessionNice } from '../core/processes/session-priority.js';

const NICE = -10;

/** `wanted` is ENGINE_NICE: −20 … 19, empty for −10. True when it was granted. */
export function preferThisProcess(wanted: string | undefined): boolean {
  const nice = wanted === undefined || wanted === '' ? NICE : Number(wanted);
  if (!Number.isInteger(nice) || nice < -20 || nice > 19) return false;
  if (nice === 0) return true;
  try {
    for (const thread of threads()) setPriority(thread, nice);
    preferSession(nice);
    return true;
  } catch {
    return false; // needs CAP_SYS_NICE, or a limit that allows it
  }
}

/** Threads of this process by number; 0 is the calling one where there is no /proc. */
function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}

function preferSession(nice: number): void {
  try {
    // Behind the program's name, which may hold anything: state, parent, group, session.
    const session = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')[3];
    if (session === String(process.pid)) setSessionNice('self', nice);
  } catch {
    return; // no /proc
  }
}
