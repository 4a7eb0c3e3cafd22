/**
 * Keeps every output going by itself.
 *
 * Problem: far sides are down, refuse, stall without closing, or lie. Demands: one output's trouble touches no
 * other; it comes back as soon as the far side does; a dead far side is not hammered; a connection that takes
 * bytes nobody receives is found out.
 * Rule: run, and when the run ends for whatever reason, wait and run again, for ever. The wait doubles with
 * every failure in a row, is drawn from its upper half, and starts small again after a run that was live for
 * a while. A live run whose delivered bytes stand still while more is under way than a far side may leave
 * unacknowledged is wedged: it is aborted and counts as a failure.
 * Numbers: waits 0.25–15 s; forgiven after 10 s live; wedged after 4 s and 96 KiB; looked at twice a second.
 */
import type { Closeable } from '../core/closeable.js';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { OutputSnapshot } from '../core/room-handle.js';
import type { Output, OutputProgress } from './output.js';

/** Time as the supervisor sees it; replaced in tests. */
export interface SupervisorClock {
  nowMs(): number;
  /** Calls back once after `ms`; gives the way to cancel it. */
  after(ms: number, callback: () => void): () => void;
  /** 0–1, for the jitter. */
  random(): number;
}

export const systemClock: SupervisorClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

export interface OutputSupervisorOptions {
  outputs: readonly Output[];
  log: Log;
  clock?: SupervisorClock;
  onChange?: (snapshot: OutputSnapshot) => void;
}

type State = OutputSnapshot['state'];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
const FORGIVEN_AFTER_MS = 10_000;
const LOOK_MS = 500;
const WEDGED_AFTER_MS = 4000;
const UNACKNOWLEDGED_BYTES = 96 << 10;
const DEGRADED_LAG_MS = 1500;
const DEGRADED_HOLD_MS = 5000;
const CLOSE_MS = 2000;

const NOTHING: OutputProgress = { accepted: false, bytesSent: 0, bytesDelivered: 0, packetsDropped: 0, lagMs: 0 };

export class OutputSupervisor implements Closeable {
  private readonly kept: SupervisedOutput[];

  constructor(options: OutputSupervisorOptions) {
    const { log, onChange, clock = systemClock } = options;
    this.kept = options.outputs.map((output) => new SupervisedOutput(output, log, clock, onChange));
  }

  start(): void {
    for (const output of this.kept) output.start();
  }

  snapshots(): OutputSnapshot[] {
    return this.kept.map((output) => output.snapshot());
  }

  /** Ends all runs; an output that does not end within 2 s is left to itself. */
  async close(): Promise<void> {
    await Promise.all(this.kept.map((output) => output.close()));
  }
}

class SupervisedOutput {
  private state: State = 'connecting';
  private lastError = '';
  private reconnects = 0;
  private bytesBefore = 0;
  private droppedBefore = 0;
  private progress = NOTHING;
  private failures = 0;
  private liveSinceMs = -1;
  private deliveredAtMs = 0;
  private lastDelivered = 0;
  private troubleAtMs = -Infinity;
  private dropsSeen = 0;
  private loop: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly output: Output,
    private readonly log: Log,
    private readonly clock: SupervisorClock,
    private readonly onChange: ((snapshot: OutputSnapshot) => void) | undefined,
  ) {}

  start(): void {
    this.loop ??= this.keep();
  }

  snapshot(): OutputSnapshot {
    return {
      id: this.output.id,
      kind: this.output.kind,
      target: this.output.target,
      state: this.state,
      bytesSent: this.bytesBefore + this.progress.bytesSent,
      packetsDropped: this.droppedBefore + this.progress.packetsDropped,
      reconnects: this.reconnects,
      lastError: this.lastError,
    };
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.wake();
    if (this.loop !== undefined) {
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => (cancel = this.clock.after(CLOSE_MS, resolve)));
      await Promise.race([this.loop, late]);
      cancel();
    }
    this.enter('stopped');
  }

  private async keep(): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.enter('connecting');
      const error = await this.runOnce();
      if (this.stop.signal.aborted) return;
      const livedMs = this.liveSinceMs < 0 ? 0 : this.clock.nowMs() - this.liveSinceMs;
      this.failures = livedMs >= FORGIVEN_AFTER_MS ? 1 : this.failures + 1;
      this.lastError = error.message;
      this.reconnects += 1;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, this.failures - 1));
      const waitMs = Math.round(longest * (0.5 + this.clock.random() / 2));
      this.log.warn({ output: this.output.id, code: error.code, reason: error.message, waitMs }, 'output ended');
      this.enter('backoff');
      await this.pause(waitMs);
    }
  }

  private async runOnce(): Promise<EngineError> {
    const run = new AbortController();
    const abort = (): void => run.abort();
    this.stop.signal.addEventListener('abort', abort, { once: true });
    this.liveSinceMs = -1;
    let wedged: EngineError | undefined;
    let givenUp: () => void = () => undefined;
    const abandoned = new Promise<void>((resolve) => (givenUp = resolve));
    let cancelLook = (): void => undefined;
    const look = (): void => {
      wedged = this.inspect();
      if (wedged !== undefined) {
        this.enter('wedged');
        run.abort();
        // It should end at once; if it does not, we go on without it.
        cancelLook = this.clock.after(CLOSE_MS, givenUp);
        return;
      }
      cancelLook = this.clock.after(LOOK_MS, look);
    };
    cancelLook = this.clock.after(LOOK_MS, look);
    let over = false;
    try {
      const running = this.output.run(run.signal, (progress) => {
        if (!over) this.onProgress(progress);
      });
      await Promise.race([running, abandoned]);
      running.catch((e: unknown) => this.log.debug({ output: this.output.id, reason: String(e) }, 'late end'));
      return wedged ?? new EngineError('E_OUTPUT_LOST', { where: `output "${this.output.id}"`, found: 'its end' });
    } catch (e) {
      return wedged ?? toEngineError(e, `output "${this.output.id}"`);
    } finally {
      over = true;
      cancelLook();
      this.stop.signal.removeEventListener('abort', abort);
      this.bytesBefore += this.progress.bytesSent;
      this.droppedBefore += this.progress.packetsDropped;
      this.progress = NOTHING;
    }
  }

  private onProgress(progress: OutputProgress): void {
    const nowMs = this.clock.nowMs();
    this.progress = progress;
    if (progress.accepted && this.liveSinceMs < 0) {
      this.liveSinceMs = nowMs;
      this.deliveredAtMs = nowMs;
      this.lastDelivered = progress.bytesDelivered;
      this.dropsSeen = progress.packetsDropped;
      this.lastError = '';
      this.enter('live');
    }
  }

  /** An error when the connection is wedged; otherwise sets live or degraded. */
  private inspect(): EngineError | undefined {
    if (this.liveSinceMs < 0) return undefined;
    const nowMs = this.clock.nowMs();
    const { bytesSent, bytesDelivered, lagMs, packetsDropped } = this.progress;
    const underWay = bytesSent - bytesDelivered > UNACKNOWLEDGED_BYTES || lagMs > DEGRADED_LAG_MS;
    if (bytesDelivered !== this.lastDelivered || !underWay) {
      this.lastDelivered = bytesDelivered;
      this.deliveredAtMs = nowMs;
    }
    const stillMs = nowMs - this.deliveredAtMs;
    if (stillMs >= WEDGED_AFTER_MS) {
      return new EngineError('E_OUTPUT_WEDGED', {
        where: `output "${this.output.id}" (${this.output.target})`,
        expected: 'the far side to take what is sent',
        found: `nothing taken for ${Math.round(stillMs)} ms`,
        todo: 'it is connected anew',
      });
    }
    if (lagMs > DEGRADED_LAG_MS || packetsDropped > this.dropsSeen) this.troubleAtMs = nowMs;
    this.dropsSeen = packetsDropped;
    this.enter(nowMs - this.troubleAtMs < DEGRADED_HOLD_MS ? 'degraded' : 'live');
    return undefined;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(ms, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
      if (this.stop.signal.aborted) this.wake();
    });
  }

  private enter(state: State): void {
    if (state === this.state) return;
    this.state = state;
    this.log.info({ output: this.output.id, state }, 'output state');
    this.onChange?.(this.snapshot());
  }
}
