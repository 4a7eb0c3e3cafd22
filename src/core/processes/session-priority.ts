import { readFileSync, writeFileSync } from 'node:fs';

/** Nice value of a process's autogroup (sched(7), "The autogroup feature"); undefined without autogroups. */
export function sessionNice(pid: number | 'self'): number | undefined {
  try {
    const found = / nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'latin1'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

/** Has no effect without autogroups or without permission. */
export function setSessionNice(pid: number | 'self', nice: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch {
    return;
  }
}
