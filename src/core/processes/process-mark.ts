import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Closeable } from '../closeable.js';
import { cacheFolder, isOwnFolder, OWNER_ONLY_FOLDER } from '../files/own-folder.js';

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

/**
 * Which engines of this user are on air on this machine: one small file each in a folder of theirs.
 *
 * A file names its process; one that a killed engine left behind counts for nothing and is removed. A folder that
 * cannot be used means that no other engine is known, so that a start behaves as if it were alone.
 */

/** True while another engine of this user is on air. */
export function isAnotherOnAir(folder = cacheFolder('on-air')): boolean {
  if (!isOwnFolder(folder)) return false;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return false;
  }
  return names.some((name) => {
    const mark = readMark(join(folder, name));
    if (mark === undefined || !stillRuns(mark)) {
      rmSync(join(folder, name), { force: true });
      return false;
    }
    return mark.pid !== process.pid;
  });
}

/** Tells other engines that this process is on air, until it is closed. */
export function markOnAir(folder = cacheFolder('on-air')): Closeable {
  const file = join(folder, `${process.pid}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const own = markProcess(process.pid);
    if (isOwnFolder(folder) && own !== undefined) writeFileSync(file, JSON.stringify(own), { mode: 0o600 });
  } catch {
    // Other engines will start with full priority.
  }
  return {
    close() {
      try {
        rmSync(file, { force: true });
      } catch {
        // The next start removes it.
      }
      return Promise.resolve();
    },
  };
}

function readMark(file: string): ProcessMark | undefined {
  try {
    const { pid, born } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}
