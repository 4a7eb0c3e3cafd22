import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from '../kit/process-tree.js';

const PERIOD_US = 100_000;
const V2 = '/sys/fs/cgroup';
const V1 = '/sys/fs/cgroup/cpu';

/** Limits a running process and all below it to a share of the cores, by a control group of the kernel (needs root). */
export class CpuQuota {
  private readonly dir: string;
  private readonly isV2 = existsSync(join(V2, 'cgroup.controllers'));

  constructor(
    private readonly root: number,
    cores: number,
  ) {
    this.dir = join(this.isV2 ? V2 : V1, `showroom-load-${process.pid}`);
    mkdirSync(this.dir);
    const quotaUs = Math.round(cores * PERIOD_US);
    if (this.isV2) writeFileSync(join(this.dir, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
    else {
      writeFileSync(join(this.dir, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(this.dir, 'cpu.cfs_quota_us'), String(quotaUs));
    }
    this.move(this.dir);
  }

  /** Puts the processes back; children that start later are in the group by themselves. */
  end(): void {
    this.move(this.isV2 ? V2 : V1);
    try {
      rmdirSync(this.dir);
    } catch {
      // A process that has just started is still in it; the group ends with the machine.
    }
  }

  private move(to: string): void {
    for (const pid of readTree(this.root).pids) {
      try {
        writeFileSync(join(to, 'cgroup.procs'), String(pid));
      } catch {
        continue; // it ended
      }
    }
  }
}
