import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

interface Reading {
  readonly busy: number;
  readonly own: number;
  readonly total: number;
}

/** Clock ticks spent by all cores, and by this process with all its descendants. */
function read(): Reading {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n')[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  const idle = fields[3]! + fields[4]!;
  const parents = new Map<number, number>();
  const spent = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const rest = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)!.split(' ').map(Number);
      parents.set(Number(name), rest[1]!);
      // Includes its ended children.
      spent.set(Number(name), rest[11]! + rest[12]! + rest[13]! + rest[14]!);
    } catch {
      continue; // it has just ended
    }
  }
  const isOwn = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOwn(parents.get(pid)));
  let own = 0;
  for (const [pid, ticks] of spent) if (isOwn(pid)) own += ticks;
  return { busy: total - idle, own, total };
}

/** Cores used by other programs since its creation; explains late ticks. */
export class ForeignLoad {
  private readonly start = read();

  cores(): number {
    const end = read();
    const total = end.total - this.start.total;
    const foreign = end.busy - this.start.busy - (end.own - this.start.own);
    return total === 0 ? 0 : Math.max(0, Math.round(((foreign * availableParallelism()) / total) * 100) / 100);
  }
}
