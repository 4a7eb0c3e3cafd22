import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { type PreparedWorkers, spawnWorker } from '../../core/processes/spawn-worker.js';
import {
  CONTROL,
  createScanHandle,
  JOB,
  JOB_STATE,
  monotonicMs,
  type ScanHandle,
  ScanMemory,
  type ScanStart,
  OUTCOME,
} from './scan-memory.js';
import { readThread, ThreadTime, type ThreadReading } from './thread-time.js';

/*
 * How many scan threads a room needs.
 *
 * The problem: most rooms change in a few parts only, and one thread is idle nine tenths of the time; a second would
 * cost 40 MB for nothing. A layer that changes everywhere in every frame (a film, noise, snow) keeps one thread busy
 * for longer than a frame lasts, and every frame without a verdict in time is replaced.
 *
 * The rule: busy threads are counted every 50 ms. A sample with all threads busy adds one, a sample with an idle thread
 * subtracts three. At 12 another thread is started: after 0.6 s of uninterrupted work, and never while the threads are
 * busy less than three quarters of the time. When fewer than half a thread were busy on average over a whole minute,
 * one thread is ended.
 */

/** Samples of full work after which another thread is wanted, and how much a sample with an idle thread subtracts. */
const FULL_LOOKS = 12;
const SPARE_LOOK = 3;
/** Samples in a minute, and the average number of busy threads below which one is surplus. */
const CALM_LOOKS = 1200;
const CALM_BUSY = 0.5;

/** Scales the threads of one scanner; both bounds are inclusive. */
export class ThreadScaling {
  private full = 0;
  private looks = 0;
  private busySum = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
    /** Number of wanted threads. */
    public wanted = least,
    /** Samples after which a quiet minute can end. */
    private readonly calmLooks = CALM_LOOKS,
  ) {}

  /** Takes one sample: `busy` of the `ready` threads have a job. Returns whether `wanted` changed. */
  look(busy: number, ready: number): boolean {
    const before = this.wanted;
    this.looks += 1;
    this.busySum += busy;
    // A thread that is about to start may be enough.
    const isFull = ready >= this.wanted && busy >= ready;
    this.full = isFull ? this.full + 1 : Math.max(0, this.full - SPARE_LOOK);
    if (this.full >= FULL_LOOKS) {
      this.wanted = Math.min(this.most, this.wanted + 1);
      this.startAgain();
    } else if (this.looks === this.calmLooks) {
      if (this.busySum < CALM_BUSY * this.calmLooks) this.wanted = Math.max(this.least, this.wanted - 1);
      this.startAgain();
    }
    return this.wanted !== before;
  }

  private startAgain(): void {
    this.full = 0;
    this.looks = 0;
    this.busySum = 0;
  }
}

/** Requeues the job of dead thread `index`, or marks it failed. */
function returnJobs(memory: ScanMemory, index: number): void {
  const { jobs, control, handle } = memory;
  for (let b = 0; b < handle.buffers; b += 1) {
    const at = memory.jobAt(b);
    const mine = JOB_STATE.claimed + index;
    if (Atomics.load(jobs, at + JOB.state) !== mine) continue;
    jobs[at + JOB.attempts]! += 1;
    const torn = jobs[at + JOB.torn] !== 0;
    if (torn) askForAll(memory, at);
    const again = jobs[at + JOB.attempts]! < 2 && !torn;
    if (!again) jobs[at + JOB.outcome] = OUTCOME.failed;
    Atomics.compareExchange(jobs, at + JOB.state, mine, again ? JOB_STATE.posted : JOB_STATE.done);
    Atomics.add(control, again ? CONTROL.wake : CONTROL.finished, 1);
    Atomics.notify(control, again ? CONTROL.wake : CONTROL.finished);
  }
}

/** It died while it coalesced another job into this one: the requested rectangles are unknown. */
function askForAll({ jobs, handle }: ScanMemory, at: number): void {
  jobs[at + JOB.rectCount] = 1;
  jobs.set([0, 0, handle.width, handle.height], at + JOB.rects);
  jobs[at + JOB.effort] = 0;
}

export interface FrameScannerOptions {
  width: number;
  height: number;
  /** Picture buffers; see `gateBuffers`. */
  buffers: number;
  /**
   * Number of threads at the start. It varies between `leastThreads` and `mostThreads`, both by default the same
   * number; see `ThreadScaling`.
   */
  threads: number;
  leastThreads?: number;
  mostThreads?: number;
  /** Samples, 20 a second, after which idle threads are surplus; see `ThreadScaling`. */
  calmLooks?: number;
  /** Reads retail barcodes as well. */
  retail?: boolean;
  log: Log;
  /** A thread that makes no progress with its job for longer than this, in its own time, is stalled. Default 900 ms. */
  stallMs?: number;
  /**
   * Maximum time until a new thread is ready, in its own time. Default 60 s at the start, 20 s for a thread that replaces
   * another.
   */
  startMs?: number;
  /** For tests; asks the system by default. */
  readThread?: (number: number) => ThreadReading | undefined;
  /** May hold a thread that is already loading. */
  prepared?: PreparedWorkers | undefined;
}

interface Seat {
  worker: Worker | undefined;
  startedAtMs: number;
  /** Set while the worker is being ended, so that it is ended once. */
  ending: boolean;
  /** Consecutive threads that ended soon. */
  failures: number;
  retry: NodeJS.Timeout | undefined;
  readonly time: ThreadTime;
}

const MODULE = new URL('./scan-thread.js', import.meta.url);
const CHECK_MS = 50;
/**
 * A thread that calls no kernel for this long of its own time hangs: the longest reading between two calls takes 100 ms.
 * Ending a thread loses its memo and costs a second of warm-up.
 */
const STALL_MS = 900;
/** This many stall times are allowed for a whole job, even if its thread makes steps. */
const ENDLESS = 5;
/** A thread that ends after this time was a good one: the next starts at once. */
const STEADY_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Until its code runs, the system's number of a thread is unknown: then the clock counts, this many times the limit. */
const UNKNOWN_FACTOR = 6;
/** Keys of what a thread does when it has no job: it starts, or it could take one. */
const STARTING = -2;
const IDLE = -3;

/**
 * The scan threads and their supervisor; lives on the main thread, its client on the loop's.
 *
 * A thread is replaced when it dies, makes no step in its job for longer than `stallMs`, or takes no job for that long
 * although one waits (it hangs between two jobs). Times are the thread's own (`ThreadTime`), so that a starved machine
 * ends none; threads that end soon are replaced after a pause that doubles, up to half a minute. Its job goes back to the queue once; if it takes a second thread
 * down, it is done as failed, and the gate replaces that frame. Waiting jobs stay where they are, in shared memory, for
 * the next thread. While the threads cannot keep up, more are started.
 */
export class FrameScanner implements Closeable {
  readonly handle: ScanHandle;
  /** Number of threads restarted after a death or a stall. */
  restarts = 0;
  private readonly memory: ScanMemory;
  private readonly seats: Seat[];
  private readonly need: ThreadScaling;
  private postedBefore = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(private readonly options: FrameScannerOptions) {
    const most = Math.max(options.threads, options.mostThreads ?? 0);
    const { width, height, buffers, retail } = options;
    this.handle = createScanHandle(width, height, buffers, most, retail);
    this.memory = new ScanMemory(this.handle);
    this.need = new ThreadScaling(options.leastThreads ?? options.threads, most, options.threads, options.calmLooks);
    this.publishWanted();
    this.seats = Array.from({ length: most }, () => ({
      worker: undefined,
      startedAtMs: 0,
      ending: false,
      failures: 0,
      retry: undefined,
      time: new ThreadTime(),
    }));
  }

  /** Makes the first thread of the next scanner load its code already. */
  static prepare(workers: PreparedWorkers): void {
    workers.prepare(MODULE, import.meta.url);
  }

  /** Starts the threads; resolves when all can scan. */
  static async open(options: FrameScannerOptions): Promise<FrameScanner> {
    const scanner = new FrameScanner(options);
    try {
      await Promise.all(Array.from({ length: options.threads }, (_, i) => scanner.start(i)));
    } catch (e) {
      await scanner.close();
      throw e;
    }
    scanner.timer = setInterval(() => scanner.check(), CHECK_MS);
    scanner.timer.unref();
    return scanner;
  }

  /** The current worker threads, for tests that kill them. */
  get threadIds(): readonly (number | undefined)[] {
    return this.seats.map((s) => s.worker?.threadId);
  }

  /** Ends thread `index` at once, as a crash would. */
  async kill(index: number): Promise<void> {
    await this.seats[index]?.worker?.terminate();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    const { control } = this.memory;
    Atomics.store(control, CONTROL.closing, 1);
    Atomics.add(control, CONTROL.wake, 1);
    Atomics.notify(control, CONTROL.wake);
    for (const seat of this.seats) clearTimeout(seat.retry);
    await Promise.all(this.seats.map(async (s) => s.worker?.terminate()));
  }

  /** Wakes surplus threads so that they end. */
  private publishWanted(): void {
    const { control } = this.memory;
    Atomics.store(control, CONTROL.wanted, this.need.wanted);
    Atomics.add(control, CONTROL.wake, 1);
    Atomics.notify(control, CONTROL.wake);
  }

  private start(index: number): Promise<void> {
    const { control } = this.memory;
    const seat = this.seats[index]!;
    Atomics.store(control, CONTROL.threads + index, 0);
    Atomics.store(control, this.memory.numberAt(index), 0);
    seat.time.begin();
    seat.retry = undefined;
    const worker = this.options.prepared?.take(MODULE) ?? spawnWorker(MODULE, import.meta.url);
    worker.postMessage({ handle: this.handle, index } satisfies ScanStart);
    worker.unref();
    seat.worker = worker;
    seat.startedAtMs = monotonicMs();
    seat.ending = false;
    let failure: unknown;
    worker.on('error', (e) => {
      failure = e;
      this.options.log.error({ thread: index, error: String(e) }, 'scan thread failed');
    });
    worker.once('exit', () => this.onExit(index, worker));
    return this.untilReady(index, worker, () => failure);
  }

  private async untilReady(index: number, worker: Worker, failure: () => unknown): Promise<void> {
    // Polled: Atomics.waitAsync is newer than the oldest supported Node.
    while (Atomics.load(this.memory.control, CONTROL.threads + index) === 0) {
      const cause = failure();
      if (cause !== undefined || worker.threadId === -1 || this.isStartLate(index, this.options.startMs ?? 60_000)) {
        throw new EngineError('E_SCAN_FAILED', {
          where: `scan thread ${index}`,
          expected: 'a thread ready to decode',
          found: cause instanceof Error ? cause.message : 'no ready message in time',
          todo: 'check that the package is complete (`engine doctor`)',
          cause,
        });
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  private onExit(index: number, worker: Worker): void {
    const seat = this.seats[index]!;
    if (seat.worker !== worker) return;
    seat.worker = undefined;
    Atomics.store(this.memory.control, CONTROL.threads + index, 0);
    returnJobs(this.memory, index);
    if (this.closed || index >= this.need.wanted) return;
    this.restarts += 1;
    if (((monotonicMs() - seat.startedAtMs) | 0) >= STEADY_MS) seat.failures = 0;
    // The first replacement is immediate; threads that end soon must not keep the machine busy.
    const delayMs = seat.failures === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (seat.failures - 1));
    seat.failures += 1;
    this.options.log.warn({ thread: index, restarts: this.restarts, delayMs }, 'scan thread ended, starting another');
    seat.retry = setTimeout(() => this.startLater(index), delayMs);
  }

  private startLater(index: number): void {
    this.start(index).catch((e: unknown) =>
      this.options.log.error({ thread: index, error: String(e) }, 'scan thread did not start'),
    );
  }

  private reading(index: number): ThreadReading | undefined {
    const number = Atomics.load(this.memory.control, this.memory.numberAt(index));
    return (this.options.readThread ?? readThread)(number);
  }

  private isStartLate(index: number, limitMs: number): boolean {
    const { time, startedAtMs } = this.seats[index]!;
    const now = monotonicMs();
    const reading = this.reading(index);
    if (reading === undefined) return ((now - startedAtMs) | 0) > limitMs * UNKNOWN_FACTOR;
    time.look(now, reading, STARTING, 0, startedAtMs);
    return time.spent(now, reading).job > limitMs;
  }

  /** Supervises the threads every 50 ms: ends stalled ones and counts how many are needed. */
  check(): void {
    const { jobs } = this.memory;
    const now = monotonicMs();
    for (let b = 0; b < this.handle.buffers; b += 1) {
      const at = this.memory.jobAt(b);
      const thread = Atomics.load(jobs, at + JOB.state) - JOB_STATE.claimed;
      const claimedAtMs = Atomics.load(jobs, at + JOB.claimedAtMs);
      if (thread < 0 || claimedAtMs === 0) continue;
      const seat = this.seats[thread]!;
      const reading = this.reading(thread);
      seat.time.look(now, reading, claimedAtMs, Atomics.load(jobs, at + JOB.steps), claimedAtMs);
      const { job, step } = seat.time.spent(now, reading);
      const stallMs = this.options.stallMs ?? STALL_MS;
      if (step > stallMs || job > stallMs * ENDLESS) this.endStalled(thread, (now - claimedAtMs) | 0);
    }
    this.endIdle(now);
    this.seats.forEach((seat, index) => {
      const ready = Atomics.load(this.memory.control, CONTROL.threads + index) !== 0;
      if (seat.worker === undefined || ready) return;
      if (this.isStartLate(index, this.options.startMs ?? 20_000)) {
        this.endStalled(index, (now - seat.startedAtMs) | 0);
      }
    });
  }

  /** A thread takes a job as soon as it is free: if jobs wait, the thread hangs. */
  private endIdle(now: number): void {
    const { jobs, control } = this.memory;
    let waiting = false;
    const busy = new Set<number>();
    for (let b = 0; b < this.handle.buffers; b += 1) {
      const state = Atomics.load(jobs, this.memory.jobAt(b) + JOB.state);
      if (state >= JOB_STATE.claimed) busy.add(state - JOB_STATE.claimed);
      waiting ||= state === JOB_STATE.posted;
    }
    this.countThreads(busy.size);
    for (const [index, seat] of this.seats.entries()) {
      const taken = Atomics.load(control, CONTROL.threads + index);
      if (busy.has(index)) continue;
      if (!waiting || taken === 0) {
        if (taken !== 0) seat.time.rest();
        continue;
      }
      const reading = this.reading(index);
      // Each job it takes is a step.
      seat.time.look(now, reading, IDLE, taken, now);
      const { step } = seat.time.spent(now, reading);
      if (step > (this.options.stallMs ?? STALL_MS)) this.endStalled(index, Math.round(step));
    }
  }

  private countThreads(busy: number): void {
    const { need, seats, memory } = this;
    // A show that has not started reports nothing.
    const posted = Atomics.load(memory.control, CONTROL.sequence);
    if (posted === this.postedBefore && busy === 0) return;
    this.postedBefore = posted;
    const ready = seats.filter((_, i) => Atomics.load(memory.control, CONTROL.threads + i) !== 0).length;
    // On a starved machine every thread seems busy, and another one would starve as well.
    const isStarved = seats.some(({ worker, time }) => worker !== undefined && time.isStarved);
    if (!need.look(isStarved ? Math.min(busy, ready - 1) : busy, ready)) return;
    const { wanted } = need;
    this.options.log.info(
      { threads: wanted },
      wanted > ready ? 'starting another scan thread' : 'ending a scan thread',
    );
    this.publishWanted();
    seats.forEach((seat, i) => {
      if (i < wanted && seat.worker === undefined && seat.retry === undefined) this.startLater(i);
    });
  }

  private endStalled(index: number, lateMs: number): void {
    const seat = this.seats[index]!;
    if (seat.worker === undefined || seat.ending) return;
    seat.ending = true;
    this.options.log.warn({ thread: index, lateMs }, 'scan thread stalled, ending it');
    seat.worker.terminate().catch((e: unknown) => {
      this.options.log.error({ thread: index, error: String(e) }, 'scan thread could not be ended');
    });
  }
}
