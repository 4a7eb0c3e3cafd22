import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { RuleAction } from '../../core/verdict.js';
import { ruleById } from '../rules/rule-table.js';
import { ACTION_SHARES, type Penalty, penaltyOf } from './penalty-ladder.js';
import { readRisk, type RiskState, writeRisk } from './risk-file.js';

export interface RiskOptions {
  /** Score at which the room is to go to slate. */
  readonly limit: number;
  /** Time in which a score halves. */
  readonly halfLifeHours: number;
  /** Wall time in ms since 1970. */
  readonly nowMs: number;
  readonly log: Log;
}

export type RiskLevel = 'calm' | 'raised' | 'limit';

export interface RiskNow {
  readonly score: number;
  readonly level: RiskLevel;
  /** What the platform would do at such a score. */
  readonly penalty: Penalty | undefined;
}

/** What one rule adds to the score now. */
export interface RiskReason {
  readonly rule: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly score: number;
  /** Violations since the score was last cleared. */
  readonly count: number;
  /** Wall time of the latest, in ms since 1970. */
  readonly lastMs: number;
}

/** Share of the limit from which the level is `raised`, and under which the limit is left again. */
const RAISED_SHARE = 0.5;
const HOUR_MS = 3_600_000;
const RETRY_MS = 5000;
/** A rule that adds less than this is forgotten. */
const FORGOTTEN = 1e-3;

/**
 * How near a room is to a penalty. Each violation adds its rule's weight (1 a warning … 12 a freeze) times the
 * share that its action leaves; all scores halve every `halfLifeHours`.
 *
 * Conflicting demands: the platform remembers across restarts, so the score must; an API call must not wait
 * for a disk; and a room at its limit must neither flap between slate and show nor stay off air for ever.
 *
 * The rule: the score is counted in memory at once, and written behind, one write at a time, each with all
 * that was added before it began: a crash loses what was added during one write, a few milliseconds. At the
 * limit the level stays `limit` until the score is down to half of it, or a person clears it. Time that
 * goes back (a clock set right) counts as none.
 */
export class RiskScore implements Closeable {
  private writing: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dirty = false;
  private failure: unknown;

  private constructor(
    private readonly file: string,
    private readonly options: RiskOptions,
    private state: RiskState,
  ) {}

  /** Goes on from the score in the file, or from 0 where there is none. E_RISK when the file is damaged. */
  static async open(file: string, options: RiskOptions): Promise<RiskScore> {
    const { limit, halfLifeHours, nowMs } = options;
    if (!(limit > 0) || !(halfLifeHours > 0)) throw new RangeError('limit and halfLifeHours must be above 0');
    const state = (await readRisk(file)) ?? { version: 1, atMs: checked(nowMs), limited: false, rules: {} };
    // A state from the future was written by a clock that ran ahead: its score stands, its time does not.
    if (state.atMs > nowMs) state.atMs = checked(nowMs);
    const risk = new RiskScore(file, options, state);
    risk.settle(nowMs);
    return risk;
  }

  /** Counts one violation. */
  add(rule: string, action: RuleAction, nowMs: number): RiskNow {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed score' });
    const known = ruleById(rule);
    if (known === undefined) {
      throw new EngineError('E_INTERNAL', { where: 'risk score', expected: 'a rule of the table', found: rule });
    }
    this.decay(checked(nowMs));
    const before = this.state.rules[rule];
    this.state.rules[rule] = {
      score: (before?.score ?? 0) + known.weight * ACTION_SHARES[action],
      count: (before?.count ?? 0) + 1,
      lastMs: Math.max(before?.lastMs ?? 0, nowMs),
    };
    this.settle(nowMs);
    this.save();
    return this.now();
  }

  /** The level now, after decay. */
  level(nowMs: number): RiskLevel {
    return this.current(nowMs).level;
  }

  current(nowMs: number): RiskNow {
    const wasLimited = this.state.limited;
    this.settle(nowMs);
    if (wasLimited !== this.state.limited) this.save();
    return this.now();
  }

  /** What the score is made of as of the last call, the greatest part first. */
  reasons(): readonly RiskReason[] {
    return Object.entries(this.state.rules)
      .map(([rule, part]) => ({ rule, title: ruleById(rule)?.title ?? { en: rule, zh: rule }, ...part }))
      .sort((a, b) => b.score - a.score);
  }

  /** Back to 0: a person has looked at the reasons and takes it upon themselves. */
  clear(nowMs: number): void {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed score' });
    this.state = { version: 1, atMs: Math.max(this.state.atMs, checked(nowMs)), limited: false, rules: {} };
    this.save();
  }

  /** Resolves when all that was added is on disk. Throws E_RISK when it could not be written. */
  async flush(): Promise<void> {
    if (this.failure !== undefined) this.dirty = true;
    while (this.writing !== undefined || this.dirty) await (this.writing ?? this.write());
    this.throwFailure();
  }

  close(): Promise<void> {
    this.closing ??= this.flush().finally(() => clearTimeout(this.timer));
    return this.closing;
  }

  private now(): RiskNow {
    const score = this.total();
    const raised = score >= this.options.limit * RAISED_SHARE;
    const level = this.state.limited ? 'limit' : raised ? 'raised' : 'calm';
    return { score, level, penalty: penaltyOf(score) };
  }

  private total(): number {
    let sum = 0;
    for (const part of Object.values(this.state.rules)) sum += part.score;
    return sum;
  }

  private settle(nowMs: number): void {
    this.decay(checked(nowMs));
    const score = this.total();
    if (score >= this.options.limit) this.state.limited = true;
    else if (score < this.options.limit * RAISED_SHARE) this.state.limited = false;
  }

  private decay(nowMs: number): void {
    const passedMs = nowMs - this.state.atMs;
    if (passedMs <= 0) return;
    const factor = 2 ** (-passedMs / (this.options.halfLifeHours * HOUR_MS));
    for (const [rule, part] of Object.entries(this.state.rules)) {
      part.score *= factor;
      if (part.score < FORGOTTEN) delete this.state.rules[rule];
    }
    this.state.atMs = nowMs;
  }

  private save(): void {
    if (this.closing !== undefined) return;
    this.dirty = true;
    if (this.writing === undefined) void this.write();
  }

  /** Writes until nothing is new. Never rejects: a failure is logged, kept and tried again later. */
  private write(): Promise<void> {
    clearTimeout(this.timer);
    this.writing = this.writeAll().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.dirty) {
      this.dirty = false;
      try {
        await writeRisk(this.file, structuredClone(this.state));
        this.failure = undefined;
      } catch (error) {
        this.failure = error;
        this.options.log.error({ file: this.file, error: String(error) }, 'the risk score could not be written');
        this.retryLater();
        return;
      }
    }
  }

  private retryLater(): void {
    if (this.closing !== undefined) return;
    this.timer = setTimeout(() => this.save(), RETRY_MS);
    this.timer.unref();
  }

  private throwFailure(): void {
    if (this.failure === undefined) return;
    throw new EngineError('E_RISK', {
      where: this.file,
      expected: 'a file that can be written',
      found: this.failure instanceof Error ? this.failure.message : String(this.failure),
      todo: 'make its folder writable',
      cause: this.failure,
    });
  }
}

/** A time that is no number would make every score one that is none. */
function checked(nowMs: number): number {
  if (!Number.isFinite(nowMs) || nowMs < 0) throw new RangeError(`${nowMs} is no time in milliseconds`);
  return nowMs;
}
