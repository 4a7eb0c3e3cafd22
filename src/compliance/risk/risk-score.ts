import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { makeOwnerOnly } from '../../core/owner-only.js';
import type { Log } from '../../core/log.js';
import type { RuleAction } from '../../core/verdict.js';
import { ruleById } from '../../moderation/packs/index.js';
import { ACTION_SHARES, type Penalty, penaltyOf } from './penalty-ladder.js';
import { readRisk, type RiskState, writeRisk } from './risk-file.js';

export interface RiskOptions {
  /** Score at which the room is to go to slate. */
  readonly limit: number;
  /** Time in which a score halves. */
  readonly halfLifeHours: number;
  /** Time of a clock that neither goes back nor jumps, in ms: for what passes while the engine runs. */
  readonly runMs: () => number;
  /** Wall time in ms since 1970: for what passes between two runs, and for people. */
  readonly wallMs: () => number;
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
/** Between two runs at most so many half-lives pass: a clock that was set wrong must not wash a room clean. */
const MAX_HALF_LIVES_OFF = 3;
/** What has decayed is written so often, so that little of it is lost to that bound when the engine is killed. */
const SAVE_MS = HOUR_MS;
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
 * limit the level stays `limit` until the score is down to half of it, or a person clears it.
 *
 * Wall clocks are set, by hand and by themselves, to any time: while the engine runs only its own clock counts. Between
 * two runs there is no other than the wall's: what it has gone back counts as none, and what it has gone on is bounded.
 */
export class RiskScore implements Closeable {
  private writing: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dirty = false;
  private failure: unknown;
  /** Times of the running clock for which the scores are given, and at which they were written. */
  private atRunMs: number;
  private savedRunMs: number;

  private constructor(
    private readonly file: string,
    private readonly options: RiskOptions,
    private state: RiskState,
  ) {
    this.atRunMs = this.savedRunMs = checked(options.runMs());
  }

  /** Goes on from the score in the file, or from 0 where there is none. E_RISK when the file is damaged. */
  static async open(file: string, options: RiskOptions): Promise<RiskScore> {
    const { limit, halfLifeHours, wallMs } = options;
    if (!(limit > 0) || !(halfLifeHours > 0)) throw new RangeError('limit and halfLifeHours must be above 0');
    const nowMs = checked(wallMs());
    await makeOwnerOnly(file);
    const state = (await readRisk(file)) ?? { version: 1, atMs: nowMs, limited: false, held: false, rules: {} };
    state.held ??= state.limited;
    const risk = new RiskScore(file, options, state);
    risk.fade(Math.min(Math.max(0, nowMs - state.atMs), MAX_HALF_LIVES_OFF * halfLifeHours * HOUR_MS));
    risk.settle();
    return risk;
  }

  /** Counts one violation. */
  add(rule: string, action: RuleAction): RiskNow {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed score' });
    const known = ruleById(rule);
    if (known === undefined) {
      throw new EngineError('E_INTERNAL', { where: 'risk score', expected: 'a rule of the table', found: rule });
    }
    this.decay();
    const before = this.state.rules[rule];
    this.state.rules[rule] = {
      score: (before?.score ?? 0) + known.weight * ACTION_SHARES[action],
      count: (before?.count ?? 0) + 1,
      lastMs: Math.max(0, this.options.wallMs()),
    };
    this.settle();
    this.save();
    return this.now();
  }

  /** The level now, after decay. */
  level(): RiskLevel {
    return this.current().level;
  }

  current(): RiskNow {
    const wasLimited = this.state.limited;
    this.settle();
    const old = this.atRunMs - this.savedRunMs > SAVE_MS && Object.keys(this.state.rules).length > 0;
    if (wasLimited !== this.state.limited || old) this.save();
    return this.now();
  }

  /** The room is on the slate for it, in this run or the one before, and no person has resumed it. */
  get held(): boolean {
    return this.state.held === true;
  }

  /** The room goes to slate; that lasts until `clear`, over restarts and whatever the score is. */
  hold(): void {
    if (this.held) return;
    this.state.held = true;
    this.save();
  }

  /** What the score is made of as of the last call, the greatest part first. */
  reasons(): readonly RiskReason[] {
    return Object.entries(this.state.rules)
      .map(([rule, part]) => ({ rule, title: ruleById(rule)?.title ?? { en: rule, zh: rule }, ...part }))
      .sort((a, b) => b.score - a.score);
  }

  /** Back to 0: a person has looked at the reasons and takes it upon themselves. */
  clear(): void {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed score' });
    this.decay();
    this.state = { ...this.state, limited: false, held: false, rules: {} };
    this.save();
  }

  /** Resolves when all that was added is on disk. Throws E_RISK when it could not be written. */
  async flush(): Promise<void> {
    if (this.failure !== undefined) this.dirty = true;
    while (this.writing !== undefined || this.dirty) await (this.writing ?? this.write());
    this.throwFailure();
  }

  close(): Promise<void> {
    this.closing ??= this.lastFlush().finally(() => clearTimeout(this.timer));
    return this.closing;
  }

  /** What has decayed since the last violation is kept as well. */
  private async lastFlush(): Promise<void> {
    this.decay();
    if (Object.keys(this.state.rules).length > 0) this.dirty = true;
    await this.flush();
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

  private settle(): void {
    this.decay();
    const score = this.total();
    if (score >= this.options.limit) this.state.limited = true;
    else if (score < this.options.limit * RAISED_SHARE) this.state.limited = false;
  }

  private decay(): void {
    const nowMs = checked(this.options.runMs());
    if (nowMs <= this.atRunMs) return;
    this.fade(nowMs - this.atRunMs);
    this.atRunMs = nowMs;
  }

  private fade(passedMs: number): void {
    if (passedMs <= 0) return;
    const factor = 2 ** (-passedMs / (this.options.halfLifeHours * HOUR_MS));
    for (const [rule, part] of Object.entries(this.state.rules)) {
      part.score *= factor;
      if (part.score < FORGOTTEN) delete this.state.rules[rule];
    }
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
      this.decay();
      this.state.atMs = Math.max(0, this.options.wallMs());
      this.savedRunMs = this.atRunMs;
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
