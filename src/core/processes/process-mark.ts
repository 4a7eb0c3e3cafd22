import { readFileSync } from 'node:fs';

/** Identifies a process, also against a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from the system's boot to its start (proc(5), field 22), with the boot's own id. */
  readonly born: string;
}

/** Undefined when there is no such process, or no /proc. */
export function markProcess(pid: number): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields are counted after the name, which is in brackets and may hold anything: state is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, born: `${bootId()}:${fields[19]}` };
  } catch {
    return undefined;
  }
}

/** Numbers of the running children that this process's main thread has started. */
export function childPids(): number[] {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1');
    return text.split(' ').flatMap((pid) => (pid === '' ? [] : [Number(pid)]));
  } catch {
    return []; // no /proc
  }
}

/** True while exactly this process runs. */
export const stillRuns = (mark: ProcessMark): boolean => markProcess(mark.pid)?.born === mark.born;

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
