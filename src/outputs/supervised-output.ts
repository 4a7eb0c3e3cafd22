/**
 * Keeps one output going.
 *
 * Problem: peers are down, refuse, stall without closing, or lie.
 * Demands: the output comes back as soon as its peer does; a dead peer is not hammered; a platform where each publish
 * is a new video sees few of them.
 * Rule: when a run ends for whatever reason, wait and run again, for ever. The wait doubles with every failure in a
 * row, is drawn from its upper half, and starts small again after a run that was live for a while. It ends early when
 * another output to the same host, or the network, comes back, unless the peer refused or named a retry time, and not
 * twice in a row without success: two outputs that are accepted and thrown out would hurry each other for ever. A
 * publish always waits for the platform's budget. A wedged run is aborted and counts as a failure.
 * Numbers: waits 0.25–15 s, up to 5 min where the peer asks for it; forgiven after 10 s live; checked twice a second; a
 * run that does not end is abandoned after 2 s.
 */
import type { OutputSnapshot } from '../config/api/room-handle.js';
import type { OutputCongestion } from '../core/congestion.js';
import { EngineError, type ErrorCode, toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { Output, OutputProgress } from './output.js';

const WINDOW_MS = 4000;

/** Rate of a counter over the last four seconds. */
export class RateWindow {
  private readonly points: { atMs: number; bytes: number }[] = [];

  add(atMs: number, bytes: number): void {
    this.points.push({ atMs, bytes });
    while (this.points.length > 2 && atMs - this.points[0]!.atMs > WINDOW_MS) this.points.shift();
  }

  clear(): void {
    this.points.length = 0;
  }

  /** Undefined before two readings a second apart. */
  get kbps(): number | undefined {
    const first = this.points[0];
    const last = this.points.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1000) return undefined;
    return Math.round(((last.bytes - first.bytes) * 8) / (last.atMs - first.atMs));
  }
}

export type OutputState = OutputSnapshot['state'];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** Longest retry time a peer may ask for. */
const LONGEST_ASKED_MS = 300_000;
const FORGIVEN_AFTER_MS = 10_000;
const LOOK_MS = 500;
const TOLERANCE_BYTES = 96 << 10;
const DEGRADED_LAG_MS = 1500;
const DEGRADED_HOLD_MS = 5000;
const CLOSE_MS = 2000;

const NOTHING: OutputProgress = { accepted: false, bytesSent: 0, bytesDelivered: 0, packetsDropped: 0, lagMs: 0 };

/** The supervisor's clock; replaced in tests. */
export interface SupervisorClock {
  nowMs(): number;
  /** Calls back once after `ms`; returns a function that cancels it. */
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

interface SupervisedOutputOptions {
  readonly output: Output;
  readonly log: Log;
  readonly clock: SupervisorClock;
  readonly onState: (before: OutputState, snapshot: OutputSnapshot) => void;
}

const HOUR_MS = 3_600_000;

/**
 * Limits publishes per hour to a platform. It starts full, so a bad minute costs nothing; once empty, publishes are
 * spaced evenly. Times are from any monotonic clock.
 */
class PublishBudget {
  private left: number;
  private atMs = 0;

  constructor(private readonly perHour: number) {
    this.left = perHour;
  }

  /** A publish was accepted. */
  spend(nowMs: number): void {
    this.refill(nowMs);
    this.left -= 1;
  }

  /** How long the next publish has to wait; 0 when it may go now. */
  waitMs(nowMs: number): number {
    this.refill(nowMs);
    return this.left >= 1 ? 0 : Math.ceil(((1 - this.left) * HOUR_MS) / this.perHour);
  }

  private refill(nowMs: number): void {
    if (!Number.isFinite(this.perHour)) return;
    this.left = Math.min(this.perHour, this.left + ((nowMs - this.atMs) * this.perHour) / HOUR_MS);
    this.atMs = nowMs;
  }
}

/**
 * Detects a wedged connection, which accepts bytes that nobody receives.
 *
 * Problem: a peer that stops reading, a vanished host and a proxy that keeps half a connection all look open.
 * Demands: detected within 5 s; an idle connection and a peer that acknowledges rarely are not mistaken for wedged.
 * Rule: wedged when the delivered bytes stand still while more is in flight than the peer may leave unacknowledged, or
 * while packets wait. The time runs from the last delivered byte, not from the first suspicion; it does not run while
 * nothing is sent and nothing waits.
 * Numbers: 3.5 s; read and reported every half second, so 4.5 s at most.
 */
export class WedgeDetector {
  private atMs = 0;
  private sent = 0;
  private delivered = 0;

  /** A connection begins to deliver. */
  begin(nowMs: number, bytesSent: number, bytesDelivered: number): void {
    this.atMs = nowMs;
    this.sent = bytesSent;
    this.delivered = bytesDelivered;
  }

  /** For how many ms overdue bytes have not moved; 0 on a healthy connection. */
  look(nowMs: number, sent: number, delivered: number, tolerance: number, lagMs: number): number {
    const suspicious = sent - delivered > tolerance || lagMs > WAITING_MS;
    if (delivered !== this.delivered || (!suspicious && sent === this.sent)) this.atMs = nowMs;
    this.sent = sent;
    this.delivered = delivered;
    const stillMs = nowMs - this.atMs;
    return suspicious && stillMs >= WEDGED_AFTER_MS ? stillMs : 0;
  }
}

const WAITING_MS = 1500;
const WEDGED_AFTER_MS = 3500;

export class SupervisedOutput {
  readonly output: Output;
  private state: OutputState = 'connecting';
  private lastError = '';
  private lastCode: ErrorCode | undefined;
  private reconnects = 0;
  private publishes = 0;
  private bytesBefore = 0;
  private droppedBefore = 0;
  private progress = NOTHING;
  private failures = 0;
  private liveSinceMs = -1;
  private troubleAtMs = -Infinity;
  private dropsSeen = 0;
  private loop: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  /** False where the wait must not be shortened. */
  private hurry: () => boolean = () => false;
  /** The current try was hurried. */
  private hurried = false;
  private readonly budget: PublishBudget;
  private readonly wedge = new WedgeDetector();
  private readonly taken = new RateWindow();
  private readonly log: Log;
  private readonly clock: SupervisorClock;
  private readonly stop = new AbortController();
  private endRun: () => void = () => undefined;

  constructor(private readonly options: SupervisedOutputOptions) {
    this.output = options.output;
    this.log = options.log;
    this.clock = options.clock;
    this.budget = new PublishBudget(options.output.publishesPerHour ?? Infinity);
  }

  start(): void {
    this.loop ??= this.keep();
  }

  snapshot(): OutputSnapshot {
    const { id, kind, target } = this.output;
    return {
      id,
      kind,
      target,
      state: this.state,
      bytesSent: this.bytesBefore + this.progress.bytesSent,
      packetsDropped: this.droppedBefore + this.progress.packetsDropped,
      reconnects: this.reconnects,
      publishes: this.publishes,
      queue: { ms: this.progress.lagMs, bytes: this.progress.lagBytes ?? 0 },
      lastError: this.lastError,
    };
  }

  congestion(): OutputCongestion {
    const { id, state, queue, packetsDropped } = this.snapshot();
    return {
      id,
      state,
      queueMs: queue.ms,
      queueBytes: queue.bytes + Math.max(0, this.progress.bytesSent - this.progress.bytesDelivered),
      dropped: packetsDropped,
      takenKbps: this.taken.kbps,
      estimateKbps: this.progress.estimateKbps,
    };
  }

  /** Ends a wait early, on a sign that the peer may be back. A refusal waits in any case. */
  tryNow(reason: string): void {
    if (this.state !== 'backoff' || this.lastCode === 'E_OUTPUT_REFUSED') return;
    if (!this.hurry()) return;
    this.hurried = true;
    this.log.info({ output: this.output.id, reason }, 'output retries at once');
  }

  /** Ends the present connection, or the wait for one, and reconnects; the platform's budget holds. */
  reconnect(): void {
    this.failures = 0;
    this.log.info({ output: this.output.id }, 'output reconnects, as the operator asked');
    if (this.state === 'backoff') this.wake();
    else this.endRun();
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
      const nowMs = this.clock.nowMs();
      const livedMs = this.liveSinceMs < 0 ? 0 : nowMs - this.liveSinceMs;
      const good = livedMs >= FORGIVEN_AFTER_MS;
      this.failures = good ? 1 : this.failures + 1;
      this.reconnects += 1;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, this.failures - 1));
      const { retryAfterMs } = error.details;
      const askedMs = typeof retryAfterMs === 'number' ? Math.min(LONGEST_ASKED_MS, retryAfterMs) : 0;
      const waitMs = Math.max(askedMs, Math.round(longest * (0.5 + this.clock.random() / 2)));
      const budgetMs = this.budget.waitMs(nowMs);
      this.lastCode = error.code;
      this.lastError =
        budgetMs <= waitMs
          ? error.message
          : `${error.message}; the platform's ${this.output.publishesPerHour} publishes per hour are used up; the next is in ${Math.ceil(budgetMs / 1000)} s`;
      this.log.warn(
        { output: this.output.id, code: error.code, reason: error.message, waitMs: Math.max(waitMs, budgetMs) },
        'output ended',
      );
      this.enter('backoff');
      const mayHurry = askedMs === 0 && (good || !this.hurried);
      this.hurried = false;
      await this.pause(waitMs, mayHurry);
      // The platform's budget holds, however the wait ended.
      const restMs = this.budget.waitMs(this.clock.nowMs());
      if (restMs > 0) await this.pause(restMs, false);
    }
  }

  private async runOnce(): Promise<EngineError> {
    const run = new AbortController();
    const abort = (): void => run.abort();
    this.endRun = abort;
    this.stop.signal.addEventListener('abort', abort, { once: true });
    this.liveSinceMs = -1;
    this.taken.clear();
    let wedged: EngineError | undefined;
    let givenUp: () => void = () => undefined;
    const abandoned = new Promise<void>((resolve) => (givenUp = resolve));
    let cancelLook = (): void => undefined;
    const look = (): void => {
      wedged = this.inspect();
      if (wedged !== undefined) {
        this.lastError = wedged.message;
        this.enter('wedged');
        run.abort();
        // It should end at once; if it does not, it is abandoned.
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
    if (!progress.accepted) return;
    this.taken.add(nowMs, progress.bytesDelivered);
    if (this.liveSinceMs >= 0) return;
    this.liveSinceMs = nowMs;
    this.publishes += 1;
    this.budget.spend(nowMs);
    this.wedge.begin(nowMs, progress.bytesSent, progress.bytesDelivered);
    this.dropsSeen = progress.packetsDropped;
    this.lastError = '';
    this.lastCode = undefined;
    this.enter('live');
  }

  /** Returns an error when the connection is wedged; otherwise sets live or degraded. */
  private inspect(): EngineError | undefined {
    if (this.liveSinceMs < 0) return undefined;
    const nowMs = this.clock.nowMs();
    const { bytesSent, bytesDelivered, tolerance = TOLERANCE_BYTES, lagMs, packetsDropped } = this.progress;
    const stillMs = this.wedge.look(nowMs, bytesSent, bytesDelivered, tolerance, lagMs);
    if (stillMs > 0) {
      return new EngineError('E_OUTPUT_WEDGED', {
        where: `output "${this.output.id}" (${this.output.target})`,
        expected: 'the peer to take what is sent',
        found: `nothing taken for ${Math.round(stillMs)} ms`,
        todo: 'the engine reconnects',
      });
    }
    if (lagMs > DEGRADED_LAG_MS || packetsDropped > this.dropsSeen) this.troubleAtMs = nowMs;
    this.dropsSeen = packetsDropped;
    this.enter(nowMs - this.troubleAtMs < DEGRADED_HOLD_MS ? 'degraded' : 'live');
    return undefined;
  }

  /** Waits; `close` always ends it, `tryNow` only where it may be hurried. */
  private pause(ms: number, hurried: boolean): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(ms, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
      this.hurry = () => {
        if (hurried) this.wake();
        return hurried;
      };
      if (this.stop.signal.aborted) this.wake();
    });
  }

  private enter(state: OutputState): void {
    const before = this.state;
    if (state === before) return;
    this.state = state;
    this.log.info({ output: this.output.id, state }, 'output state');
    this.options.onState(before, this.snapshot());
  }
}
