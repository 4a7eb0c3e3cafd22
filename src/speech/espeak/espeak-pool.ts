import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { EspeakChild, EspeakDied, type EspeakDone, type EspeakReady } from './espeak-child.js';
import type { EspeakJob } from './espeak-messages.js';

/**
 * Synthesiser processes and the jobs that wait for them.
 *
 * A process can die, hang, or be busy while its caller loses interest. The rules:
 * - jobs run in the order they came, one a process; at most 256 wait, a further one is refused;
 * - a job aborted while waiting leaves the queue; one aborted while running rejects at once, and its
 *   process finishes in peace (a piece takes a tenth of a second at most) before it gets another;
 * - a process that gives no answer within the job's time is killed and the job fails;
 * - a job whose process dies is given once more to a fresh one, then fails;
 * - a dead process is replaced when the next job needs it, so a crash at start cannot spin.
 */
const QUEUE_MAX = 256;

interface Waiting {
  readonly job: Omit<EspeakJob, 'id'>;
  readonly signal: AbortSignal;
  readonly resolve: (done: EspeakDone) => void;
  readonly reject: (error: unknown) => void;
  readonly onAbort: () => void;
  retried: boolean;
  settled: boolean;
}

export class EspeakPool implements Closeable {
  private readonly slots: { child: EspeakChild | undefined; busy: boolean }[];
  private readonly queue: Waiting[] = [];
  private nextId = 1;
  private closed = false;
  private respawns = 0;

  constructor(private readonly options: { log: Log; processes: number; timeoutMs: number }) {
    this.slots = Array.from({ length: options.processes }, () => ({ child: undefined, busy: false }));
  }

  /** Starts every process and gives what the first one can speak. */
  async start(): Promise<EspeakReady> {
    const ready = await Promise.all(this.slots.map((slot) => this.childOf(slot).ready));
    return ready[0]!;
  }

  /** Process ids, for memory figures. */
  pids(): number[] {
    return this.slots.flatMap((s) => (s.child?.alive === true && s.child.pid !== undefined ? [s.child.pid] : []));
  }

  /** Processes started in place of dead ones. */
  get restarts(): number {
    return this.respawns;
  }

  run(job: Omit<EspeakJob, 'id'>, signal: AbortSignal): Promise<EspeakDone> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.closed) {
        reject(new EngineError('E_CLOSED', { where: 'espeak', found: 'the speech service is closed' }));
        return;
      }
      if (this.queue.length >= QUEUE_MAX) {
        reject(
          new EngineError('E_SPEECH_FAILED', {
            where: 'espeak',
            expected: `at most ${QUEUE_MAX} texts waiting`,
            found: 'one more',
            todo: 'say less at once',
          }),
        );
        return;
      }
      const waiting: Waiting = {
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
    for (const waiting of this.queue.splice(0)) this.fail(waiting, closedError());
    await Promise.all(this.slots.flatMap((slot) => (slot.child === undefined ? [] : [slot.child.close()])));
  }

  private childOf(slot: { child: EspeakChild | undefined }): EspeakChild {
    if (slot.child?.alive === true) return slot.child;
    if (slot.child !== undefined) {
      this.respawns += 1;
      this.options.log.warn({ restarts: this.respawns }, 'the speech process is replaced');
    }
    slot.child = new EspeakChild(this.options.log);
    return slot.child;
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
      });
    }
  }

  private async work(slot: { child: EspeakChild | undefined }, waiting: Waiting): Promise<void> {
    const child = this.childOf(slot);
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    try {
      await child.ready;
      timer = setTimeout(() => {
        late = true;
        child.kill();
      }, this.options.timeoutMs);
      const done = await child.run({ ...waiting.job, id: this.nextId++ });
      this.settle(waiting, () => waiting.resolve(done));
    } catch (error) {
      if (late) this.fail(waiting, timeoutError(this.options.timeoutMs));
      else if (error instanceof EspeakDied) this.died(waiting, error);
      else this.fail(waiting, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private died(waiting: Waiting, error: EspeakDied): void {
    if (waiting.settled) return;
    if (this.closed) this.fail(waiting, closedError());
    else if (waiting.retried)
      this.fail(
        waiting,
        new EngineError('E_SPEECH_FAILED', {
          where: 'espeak process',
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

  private fail(waiting: Waiting, error: unknown): void {
    this.settle(waiting, () => waiting.reject(error));
  }

  private settle(waiting: Waiting, how: () => void): void {
    if (waiting.settled) return;
    waiting.settled = true;
    waiting.signal.removeEventListener('abort', waiting.onAbort);
    const at = this.queue.indexOf(waiting);
    if (at >= 0) this.queue.splice(at, 1);
    how();
  }
}

const closedError = (): EngineError =>
  new EngineError('E_CLOSED', { where: 'espeak', found: 'the speech service was closed while it spoke' });
const timeoutError = (ms: number): EngineError =>
  new EngineError('E_SPEECH_TIMEOUT', {
    where: 'espeak process',
    expected: `speech within ${ms} ms`,
    found: 'none',
    todo: 'shorten the text, or free the processor',
  });
