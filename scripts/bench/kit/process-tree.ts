import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of a process and all below it, read from /proc (Linux). */

const TICKS_PER_SECOND = 100; // USER_HZ, fixed by the kernel's ABI on all common architectures

interface ProcessReading {
  readonly parent: number;
  /** User and system time of the process and of its ended children, in seconds. */
  readonly cpuSeconds: number;
}

function readProcess(pid: number): ProcessReading | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpu = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    return { parent: Number(fields[1]), cpuSeconds: cpu / TICKS_PER_SECOND };
  } catch {
    return undefined; // it ended between the listing and the reading
  }
}

/** Proportional set size in MiB: shared pages are counted once over the tree. */
export function pssMiB(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended
  }
}

function rssMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended
  }
}

export interface TreeReading {
  readonly pids: readonly number[];
  readonly cpuSeconds: number;
  readonly pssMiB: number;
  readonly rssMiB: number;
}

export function readTree(root: number): TreeReading {
  const all = new Map<number, ProcessReading>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const reading = readProcess(Number(name));
    if (reading !== undefined) all.set(Number(name), reading);
  }
  const pids = [root];
  for (let i = 0; i < pids.length; i += 1) {
    for (const [pid, { parent }] of all) if (parent === pids[i]) pids.push(pid);
  }
  return {
    pids,
    cpuSeconds: pids.reduce((sum, pid) => sum + (all.get(pid)?.cpuSeconds ?? 0), 0),
    pssMiB: pids.reduce((sum, pid) => sum + pssMiB(pid), 0),
    rssMiB: pids.reduce((sum, pid) => sum + rssMiB(pid), 0),
  };
}

/** Samples a tree's memory until it is stopped. */
export function watchTree(root: number, intervalMs = 1000): { stop(): { peakPssMiB: number; peakRssMiB: number } } {
  let peakPssMiB = 0;
  let peakRssMiB = 0;
  const timer = setInterval(() => {
    const reading = readTree(root);
    peakPssMiB = Math.max(peakPssMiB, reading.pssMiB);
    peakRssMiB = Math.max(peakRssMiB, reading.rssMiB);
  }, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return { peakPssMiB, peakRssMiB };
    },
  };
}
