import { readdirSync, readFileSync } from 'node:fs';

/** `stopped`: by a signal or a debugger. `asleep`: every thread waits. `working`: some thread runs, or wants to. */
export type ProcessActivity = 'stopped' | 'asleep' | 'working';

/**
 * What a process is doing by the states of its threads (proc(5), /proc/pid/task/tid/stat). A thread that waits
 * for a processor counts as running, so a slow machine is told apart from a process that hangs. Where that
 * cannot be read the answer is `working`, which leaves it the most time.
 */
export function processActivity(pid: number): ProcessActivity {
  let states: string;
  try {
    const folder = `/proc/${pid}/task`;
    states = readdirSync(folder)
      .map((thread) => threadState(`${folder}/${thread}/stat`))
      .join('');
  } catch {
    return 'working';
  }
  return activityOf(states);
}

/** From one state letter per thread. */
export function activityOf(states: string): ProcessActivity {
  if (/^[Tt]+$/.test(states)) return 'stopped';
  return /^[STtI]+$/.test(states) ? 'asleep' : 'working';
}

function threadState(file: string): string {
  let stat: string;
  try {
    stat = readFileSync(file, 'latin1');
  } catch {
    return ''; // the thread has ended since
  }
  // The name before it stands in brackets and may hold anything.
  return stat.charAt(stat.lastIndexOf(')') + 2);
}
