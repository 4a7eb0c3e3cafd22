import { readFileSync } from 'node:fs';

export interface UseLimits {
  /** CPU time of one request. */
  readonly cpuMs: number;
  /** The process's private resident memory. */
  readonly memoryMb: number;
}

const INTERVAL_MS = 50;
/** Linux reports CPU time in hundredths of a second on every machine (USER_HZ). */
const MS_A_TICK = 10;

/**
 * Reads a process's usage from /proc during a request and kills the process above the limits. Without /proc only the
 * request's time limit applies.
 */
export class ProcessWatch {
  /** The exceeded limit. */
  broken: 'cpu' | 'memory' | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beganCpuMs = 0;

  constructor(
    private readonly pid: number,
    private readonly limits: UseLimits,
    private readonly kill: () => void,
  ) {}

  begin(): void {
    clearInterval(this.timer);
    this.beganCpuMs = this.cpuMs() ?? 0;
    this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  end(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const cpuMs = this.cpuMs();
    const memoryMb = this.memoryMb();
    if (memoryMb !== undefined && memoryMb > this.limits.memoryMb) this.broken = 'memory';
    else if (cpuMs !== undefined && cpuMs - this.beganCpuMs > this.limits.cpuMs) this.broken = 'cpu';
    else return;
    this.end();
    this.kill();
  }

  private cpuMs(): number | undefined {
    // The program name may contain anything, so fields are counted behind it: state first, user and system time as 12th
    // and 13th.
    const fields = this.read('stat')?.split(') ').at(-1)?.split(' ');
    return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
  }

  private memoryMb(): number | undefined {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(this.read('status') ?? '')?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  }

  private read(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.pid}/${file}`, 'latin1');
    } catch {
      return undefined;
    }
  }
}
