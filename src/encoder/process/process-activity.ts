import { readdirSync, readFileSync } from 'node:fs';

/** `stopped`: by a signal or a debugger. `asleep`: every thread waits. `working`: some thread runs, or wants to. */
export type ProcessActivity = 'stopped' | 'asleep' | 'working';

/**
 * A process's activity from the states of its threads (proc(5), /proc/pid/task/tid/stat). A thread waiting for a
 * processor counts as running, which distinguishes a slow machine from a hanging process. Where the states cannot be
 * read the answer is `working`, which allows the most time.
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

/** Activity from one state letter per thread. */
export function activityOf(states: string): ProcessActivity {
  if (/^[Tt]+$/.test(states)) return 'stopped';
  return /^[STtI]+$/.test(states) ? 'asleep' : 'working';
}

function threadState(file: string): string {
  let stat: string;
  try {
    stat = readFileSync(file, 'latin1');
  } catch {
    return ''; // the thread has ended
  }
  // The name before it stands in parentheses and may contain anything.
  return stat.charAt(stat.lastIndexOf(')') + 2);
}
