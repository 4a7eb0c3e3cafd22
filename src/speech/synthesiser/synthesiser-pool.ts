import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { SynthesiserChild, SynthesiserDied } from './synthesiser-child.js';
import type { SynthesiserProgram } from './synthesiser-messages.js';

/**
 * Synthesiser processes and their job queue.
 *
 * Problem: a process can die, hang, or be busy while its caller loses interest.
 * Rules:
 * - jobs run in order, one per process; at most 256 wait, further ones are refused;
 * - a job aborted while waiting leaves the queue; one aborted while running rejects at once, and its process finishes
 * (a piece takes a tenth of a second at most) before it gets another;
 * - a process without an answer within the job's time is killed and the job fails;
 * - a job whose process dies is retried once on a fresh one, then fails;
 * - a dead process is replaced when the next job needs it, so a crash at start cannot spin;
 * - a process idle for `idleTimeoutMs` is ended: its memory costs more than its start; one that was warmed stays until its
 *   time is over, since a viewer would wait for its start.
 */
const QUEUE_MAX = 256;
const IDLE_TIMEOUT_MS = 10_000;

interface Waiting<Job, Done> {
  readonly job: Job;
  readonly signal: AbortSignal;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  retried: boolean;
  settled: boolean;
}

interface Slot<Job extends object, Ready, Done> {
  child: SynthesiserChild<Job, Ready, Done> | undefined;
  busy: boolean;
  idle: NodeJS.Timeout | undefined;
  /** Not ended before; monotonic. */
  keptUntilMs: number;
}

export interface SynthesiserPoolOptions {
  readonly program: SynthesiserProgram;
  readonly log: Log;
  readonly processes: number;
  /** Time limit of a job. */
  readonly timeoutMs: number;
  /** Default 10 000. */
  readonly idleTimeoutMs?: number;
}

export class SynthesiserPool<Job extends object, Ready, Done> implements Closeable {
  private readonly slots: Slot<Job, Ready, Done>[];
  private readonly queue: Waiting<Job, Done>[] = [];
  private nextId = 1;
  private closed = false;
  private respawns = 0;

  constructor(private readonly options: SynthesiserPoolOptions) {
    this.slots = Array.from({ length: options.processes }, () => ({
      child: undefined,
      busy: false,
      idle: undefined,
      keptUntilMs: 0,
    }));
  }

  /** Starts every process and returns the first one's voices. */
  async start(): Promise<Ready> {
    const ready = await Promise.all(
      this.slots.map(async (slot) => {
        const child = this.childOf(slot);
        const started = await child.ready;
        if (!slot.busy && slot.child === child) this.endWhenIdle(slot, child);
        return started;
      }),
    );
    return ready[0]!;
  }

  /** Starts a process and keeps it for a time: a job is likely, and somebody waits for it. */
  warm(forMs: number): void {
    const slot = this.slots[0];
    if (this.closed || slot === undefined) return;
    slot.keptUntilMs = performance.now() + forMs;
    if (slot.busy) return;
    const child = this.childOf(slot);
    child.ready.then(
      () => {
        if (!slot.busy && slot.child === child) this.endWhenIdle(slot, child);
      },
      // The job that needs it reports the fault.
      () => undefined,
    );
  }

  /** Process ids, for memory figures. */
  pids(): number[] {
    return this.slots.flatMap((s) => (s.child?.alive === true && s.child.pid !== undefined ? [s.child.pid] : []));
  }

  /** Processes started to replace dead ones. */
  get restarts(): number {
    return this.respawns;
  }

  run(job: Job, signal: AbortSignal): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.closed) {
        reject(
          new EngineError('E_CLOSED', { where: this.options.program.name, found: 'the speech service is closed' }),
        );
        return;
      }
      if (this.queue.length >= QUEUE_MAX) {
        reject(
          new EngineError('E_SPEECH_FAILED', {
            where: this.options.program.name,
            expected: `at most ${QUEUE_MAX} texts waiting`,
            found: 'another line',
            todo: 'say less at once',
          }),
        );
        return;
      }
      const waiting: Waiting<Job, Done> = {
        job,
        signal,
        resolve,
        reject,
        onAbort: () => this.settle(waiting, () => reject(signal.reason)),
        retried: false,
        settled: false,
      };
      signal.addEventListener('abort', waiting.onAbort, { once: true });
      this.queue.push(waiting);
      this.dispatch();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiting of this.queue.splice(0)) this.fail(waiting, this.closedError());
    for (const slot of this.slots) clearTimeout(slot.idle);
    await Promise.all(this.slots.flatMap((slot) => (slot.child === undefined ? [] : [slot.child.close()])));
  }

  private childOf(slot: Slot<Job, Ready, Done>): SynthesiserChild<Job, Ready, Done> {
    clearTimeout(slot.idle);
    if (slot.child?.alive === true) return slot.child;
    const { program, log } = this.options;
    if (slot.child !== undefined) {
      this.respawns += 1;
      log.warn({ synthesiser: program.name, restarts: this.respawns }, 'the speech process is replaced');
    }
    slot.child = new SynthesiserChild(program, log, this.options.timeoutMs);
    return slot.child;
  }

  private endWhenIdle(slot: Slot<Job, Ready, Done>, child: SynthesiserChild<Job, Ready, Done>): void {
    clearTimeout(slot.idle);
    if (this.closed) return;
    slot.idle = setTimeout(
      () => {
        if (slot.busy || slot.child !== child) return;
        // Removed first: its end is intended, and needs no replacement.
        slot.child = undefined;
        void child.close();
      },
      Math.max(this.options.idleTimeoutMs ?? IDLE_TIMEOUT_MS, slot.keptUntilMs - performance.now()),
    );
    slot.idle.unref();
  }

  private dispatch(): void {
    for (const slot of this.slots) {
      if (slot.busy) continue;
      const waiting = this.queue.shift();
      if (waiting === undefined) return;
      slot.busy = true;
      void this.work(slot, waiting).finally(() => {
        slot.busy = false;
        this.dispatch();
        if (!slot.busy && slot.child !== undefined) this.endWhenIdle(slot, slot.child);
      });
    }
  }

  private async work(slot: Slot<Job, Ready, Done>, waiting: Waiting<Job, Done>): Promise<void> {
    const child = this.childOf(slot);
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    try {
      await child.ready;
      timer = setTimeout(() => {
        late = true;
        child.kill();
      }, this.options.timeoutMs);
      const done = await child.run(this.nextId++, waiting.job);
      this.settle(waiting, () => waiting.resolve(done));
    } catch (error) {
      if (late) this.fail(waiting, this.timeoutError());
      else if (error instanceof SynthesiserDied) this.died(waiting, error);
      else this.fail(waiting, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private died(waiting: Waiting<Job, Done>, error: SynthesiserDied): void {
    if (waiting.settled) return;
    if (this.closed) this.fail(waiting, this.closedError());
    else if (waiting.retried)
      this.fail(
        waiting,
        new EngineError('E_SPEECH_FAILED', {
          where: `${this.options.program.name} process`,
          expected: 'speech',
          found: `the process ${error.message}, twice with this text`,
          todo: 'change the text',
          cause: error,
        }),
      );
    else {
      waiting.retried = true;
      this.queue.unshift(waiting);
    }
  }

  private fail(waiting: Waiting<Job, Done>, error: unknown): void {
    this.settle(waiting, () => waiting.reject(error));
  }

  private settle(waiting: Waiting<Job, Done>, how: () => void): void {
    if (waiting.settled) return;
    waiting.settled = true;
    waiting.signal.removeEventListener('abort', waiting.onAbort);
    const at = this.queue.indexOf(waiting);
    if (at >= 0) this.queue.splice(at, 1);
    how();
  }

  private closedError(): EngineError {
    return new EngineError('E_CLOSED', {
      where: this.options.program.name,
      found: 'the speech service closed during the job',
    });
  }

  private timeoutError(): EngineError {
    return new EngineError('E_SPEECH_TIMEOUT', {
      where: `${this.options.program.name} process`,
      expected: `speech within ${this.options.timeoutMs} ms`,
      found: 'no answer in time',
      todo: 'shorten the text, or free the processor',
    });
  }
}
