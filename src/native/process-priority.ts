/**
 * Asks the system to prefer this process.
 *
 * Problem: a frame is due every 33 ms whatever else the machine does, and viewers of a room that restarts after a crash
 * see nothing. On two busy cores a thread without preference waits for tens of milliseconds, and a start takes three
 * times as long.
 * Demands: nothing else on the machine is starved; the operator can decline; a process without permission runs at its
 * default priority.
 * Rule: like sound servers, nice −10 for all existing threads (setpriority(2) takes one thread; later threads and child
 * processes inherit it). The drawing process lowers its own again. Where Linux groups processes by session, nice counts
 * within a session only (sched(7), "The autogroup feature"), so a session that this process leads, as a service or the
 * first process of a container does, gets the same value. A shell's session stays as it is: its other programs would
 * inherit the value for ever.
 * Numbers: nice −10 weighs nine times as much as 0 where both want the same core.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setSessionNice } from '../core/processes/session-priority.js';

const NICE = -10;

/** `wanted` is ENGINE_NICE: −20 … 19, empty for −10. True when granted. */
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
    // After the program's name, which may contain anything: state, parent, group, session.
    const session = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')[3];
    if (session === String(process.pid)) setSessionNice('self', nice);
  } catch {
    return; // no /proc
  }
}
