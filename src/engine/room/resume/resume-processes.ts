import { readFileSync } from 'node:fs';

/** Identifies a process, also against a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from the system's boot to its start (proc(5), field 22), with the boot's own id. */
  readonly born: string;
}

const GONE_WITHIN_MS = 2000;
const LOOK_MS = 20;

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

/** Running children that this process's main thread has started. */
export function markChildren(): ProcessMark[] {
  let text: string;
  try {
    text = readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1');
  } catch {
    return [];
  }
  return text
    .split(' ')
    .filter((pid) => pid !== '')
    .flatMap((pid) => markProcess(Number(pid)) ?? []);
}

/** True while exactly this process runs. */
export const stillRuns = (mark: ProcessMark): boolean => markProcess(mark.pid)?.born === mark.born;

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

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
