import { readFileSync, readlinkSync } from 'node:fs';

/** A thread as the system sees it. */
export interface ThreadReading {
  /** CPU time it has used, in milliseconds. */
  readonly cpuMs: number;
  /** It waits for something other than a processor. */
  readonly asleep: boolean;
}

const TICK_MS = 10; // USER_HZ, fixed by the kernel's ABI on all common architectures

/** The system's number of the calling thread; 0 where it cannot be read. */
export function ownThreadNumber(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1)) || 0;
  } catch {
    return 0;
  }
}

/** A thread of this process from proc(5), /proc/self/task/N/stat; undefined where it cannot be read. */
export function readThread(number: number): ThreadReading | undefined {
  if (number === 0) return undefined;
  try {
    return readingOf(readFileSync(`/proc/self/task/${number}/stat`, 'latin1'));
  } catch {
    return undefined; // it has ended, or this is not Linux
  }
}

export function readingOf(stat: string): ThreadReading {
  // The name before it stands in parentheses and may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, asleep: /^[SI]$/.test(fields[0]!) };
}

/** Share of a busy thread's time in which it had a processor: means over about this many looks. */
const LOOKS = 40;
const MIN_SHARE = 0.1;
const STARVED_SHARE = 0.6;

/**
 * The time a thread has spent on what it does, in its own time.
 *
 * Problem: on a starved machine a thread may need seconds for a verdict of 20 ms. Ending it for that loses its work and costs a
 * second of warm-up, which starves the next one as well; a thread that hangs must be ended.
 * Rule: a thread that works is judged by its CPU time, which a starved one does not use up and an endless loop does. One that
 * sleeps is judged by the clock, times the share of a processor that its busy threads get: what it waits for, such as a helper
 * of the garbage collector, is starved as well. Where the system does not say, the clock alone decides.
 */
export class ThreadTime {
  private lastCpuMs = -1;
  private lastMs = 0;
  private share = 1;
  private works = false;
  private jobMs = 0;
  private jobCpuMs = 0;
  private stepMs = 0;
  private stepCpuMs = 0;
  private key = -1;
  private steps = -1;

  /** How much longer than on an idle machine things take here, 1 to 10. */
  get patience(): number {
    return 1 / Math.max(MIN_SHARE, this.share);
  }

  /** It works, and gets so little of a processor that more threads would not do more. */
  get isStarved(): boolean {
    return this.works && this.share < STARVED_SHARE;
  }

  /** A new thread has taken the seat. */
  begin(): void {
    this.works = false;
    this.lastCpuMs = -1;
    this.key = -1;
  }

  /** The thread has nothing to do. */
  rest(): void {
    this.works = false;
    this.key = -1;
  }

  /**
   * Notes what the thread does now: `key` tells one job from the next, `steps` changes with each of its steps, `sinceMs` is when
   * the job began. Call it often while the thread is busy.
   */
  look(nowMs: number, reading: ThreadReading | undefined, key: number, steps: number, sinceMs: number): void {
    const cpuMs = reading?.cpuMs ?? 0;
    this.works = reading?.asleep === false;
    if (reading !== undefined && !reading.asleep && this.lastCpuMs >= 0 && key === this.key && nowMs !== this.lastMs) {
      const share = Math.min(1, Math.max(0, (cpuMs - this.lastCpuMs) / (nowMs - this.lastMs)));
      this.share += (share - this.share) / LOOKS;
    }
    this.lastCpuMs = reading === undefined ? -1 : cpuMs;
    this.lastMs = nowMs;
    if (key !== this.key) {
      this.key = key;
      // A job that ended between two looks was not starved.
      this.share += (1 - this.share) / LOOKS;
      this.jobMs = sinceMs;
      this.jobCpuMs = cpuMs;
      this.steps = -1;
    }
    if (steps === this.steps) return;
    this.stepMs = this.steps === -1 ? sinceMs : nowMs;
    this.steps = steps;
    this.stepCpuMs = cpuMs;
  }

  /** Time spent on the job, and on it since its last step, in milliseconds of the thread's own time. */
  spent(nowMs: number, reading: ThreadReading | undefined): { readonly job: number; readonly step: number } {
    if (reading !== undefined && !reading.asleep) {
      return { job: reading.cpuMs - this.jobCpuMs, step: reading.cpuMs - this.stepCpuMs };
    }
    const { patience } = this;
    return { job: ((nowMs - this.jobMs) | 0) / patience, step: ((nowMs - this.stepMs) | 0) / patience };
  }
}
