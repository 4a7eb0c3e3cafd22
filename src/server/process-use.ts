import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const TICK_MS = 10;

export interface ProcessUse {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** A process with all below it; undefined where there is no /proc. */
export function treeUse(pid: number): ProcessUse | undefined {
  let [cpuMs, rssBytes] = [0, 0];
  let isThere = false;
  const queue = [pid];
  for (const one of queue) {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpuMs += (Number(fields[11]) + Number(fields[12])) * TICK_MS;
      rssBytes += Number(fields[21]) * 4096;
      isThere = true;
      const children = readFileSync(`/proc/${one}/task/${one}/children`, 'latin1');
      queue.push(...children.split(' ').filter(Boolean).map(Number));
    } catch {
      // It has ended meanwhile.
    }
  }
  return isThere ? { cpuMs, rssBytes } : undefined;
}

/** Shares of CPU time between two calls. */
export class Usage {
  private readonly before = new Map<string, { cpuMs: number; atMs: number; share: number }>();
  private times = machineTimes();
  private last = 0;

  /** Cores that a process used since the last call. */
  share(id: string, cpuMs: number): number {
    const atMs = performance.now();
    const was = this.before.get(id);
    const passedMs = was === undefined ? 0 : atMs - was.atMs;
    if (was !== undefined && passedMs < 250) return was.share;
    const share = was === undefined ? 0 : Math.max(0, Math.round(((cpuMs - was.cpuMs) / passedMs) * 1000) / 1000);
    this.before.set(id, { cpuMs, atMs, share });
    return share;
  }

  /** Share of all cores. */
  machine(): number {
    const now = machineTimes();
    const [busy, all] = [now.busy - this.times.busy, now.all - this.times.all];
    // Several pages ask within one tick of the system.
    if (all >= 100) {
      this.last = Math.round((busy / all) * 1000) / 1000;
      this.times = now;
    }
    return this.last;
  }
}

function machineTimes(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.irq + times.idle;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}
