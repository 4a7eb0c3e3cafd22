/**
 * Asks the system to prefer this process.
 *
 * Problem: a frame is due every 33 ms whatever else the machine does, and viewers of a room that restarts after a crash
 * see nothing. On two busy cores a thread without preference waits for tens of milliseconds, and a start takes three
 * times as long. A start keeps all cores busy for seconds, and must not take them from a room that is on air.
 * Demands: nothing else on the machine is starved; the operator can decline; a process without permission runs at its
 * default priority.
 * Rule: like sound servers, nice −10 for all existing threads (setpriority(2) takes one thread; later threads and child
 * processes inherit it). While another engine is on air the start runs ten levels lower, and the threads and encoders
 * rise when their own clock begins. The drawing process lowers its own again. Where Linux groups processes by session,
 * nice counts within a session only (sched(7), "The autogroup feature"), so a session that this process leads, as a
 * service or the first process of a container does, gets the same value. A shell's session stays as it is: its other
 * programs would inherit the value for ever.
 * Numbers: nice −10 weighs nine times as much as 0 where both want the same core.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { childPids } from '../core/processes/process-mark.js';
import { sessionNice, setSessionNice } from '../core/processes/child-process.js';

const NICE = -10;
const START_LEVELS = 10;
const MAX_NICE = 19;

/** Set while the process yields to rooms on air. */
let raiseTo: number | undefined;

/**
 * `wanted` is ENGINE_NICE: −20 … 19, empty for −10. True when granted.
 * @param yields start at a lower priority until `preferOnAir`, where the system allows to rise again
 */
export function preferThisProcess(wanted: string | undefined, yields = false): boolean {
  const nice = wanted === undefined || wanted === '' ? NICE : Number(wanted);
  if (!Number.isInteger(nice) || nice < -20 || nice > MAX_NICE) return false;
  const low = Math.min(MAX_NICE, nice + START_LEVELS);
  raiseTo = yields && low > nice && mayRiseTo(nice) ? nice : undefined;
  if (nice === 0 && raiseTo === undefined) return true;
  try {
    // Asked for first: without permission nothing changes.
    setPriority(nice);
    const now = raiseTo === undefined ? nice : low;
    for (const thread of threads('self')) setPriority(thread, now);
    preferSession(now);
    return true;
  } catch {
    raiseTo = undefined;
    return false; // needs CAP_SYS_NICE, or a limit that allows it
  }
}

/** The show begins: a process that yielded while it started gets its priority, and so do its encoders. */
export function preferOnAir(): void {
  if (raiseTo === undefined) return;
  const nice = raiseTo;
  raiseTo = undefined;
  const low = getPriority();
  const [ownSession, lowSession] = [leadsSession(), sessionNice('self')];
  try {
    for (const thread of threads('self')) raise(thread, low, nice);
    if (ownSession) setSessionNice('self', nice);
    for (const pid of childPids()) {
      for (const thread of threads(pid)) raise(thread, low, nice);
      // Encoders lead sessions of their own, with the value of the engine's.
      if (ownSession && sessionNice(pid) === lowSession) setSessionNice(pid, nice);
    }
  } catch {
    return; // the permission is gone: the room runs at its lower priority
  }
}

/** Threads that lowered themselves stay as they are; a thread that has ended is no fault. */
function raise(thread: number, from: number, to: number): void {
  try {
    if (getPriority(thread) === from) setPriority(thread, to);
  } catch (error) {
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}

/** CAP_SYS_NICE in the set of capabilities (capabilities(7)). */
const CAP_SYS_NICE = 1n << 23n;

/** Whether this process may take a priority again after lowering its own. */
function mayRiseTo(nice: number): boolean {
  try {
    const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
    if ((BigInt(`0x${capabilities}`) & CAP_SYS_NICE) !== 0n) return true;
    // getrlimit(2): a limit of 30 allows nice −10.
    const limit = /^Max nice priority\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? '0';
    return 20 - Number(limit) <= nice;
  } catch {
    return false; // no /proc
  }
}

/** Threads of a process by number; the calling one's where there is no /proc. */
function threads(pid: number | 'self'): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return pid === 'self' ? [0] : [];
  }
}

function preferSession(nice: number): void {
  if (leadsSession()) setSessionNice('self', nice);
}

function leadsSession(): boolean {
  try {
    // After the program's name, which may contain anything: state, parent, group, session.
    const session = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')[3];
    return session === String(process.pid);
  } catch {
    return false; // no /proc
  }
}
