import { readFileSync } from 'node:fs';
import { below } from '../lease/end-tree.js';

const TICKS_PER_SECOND = 100; // USER_HZ, fixed by the kernel's ABI on all common architectures

/** CPU time of a process and all below it, in seconds. */
export function treeCpuSeconds(root: number): number {
  return [root, ...below(root)].reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return 0; // it ended
  }
}
