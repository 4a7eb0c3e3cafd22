import { readFileSync, writeFileSync } from 'node:fs';

/** Nice value of a process's session among the others (sched(7), "The autogroup feature"); undefined where there is none. */
export function sessionNice(pid: number | 'self'): number | undefined {
  try {
    const found = / nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'latin1'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

/** Does nothing where there are no such groups, or where it is not allowed. */
export function setSessionNice(pid: number | 'self', nice: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch {
    return;
  }
}
