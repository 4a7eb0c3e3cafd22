import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { makeFolder } from '../../core/files/paths.js';
import { makeOwnerOnly, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { Log } from '../../core/log.js';
import type { RuleAction } from '../../core/verdict.js';
import { ruleById } from '../../moderation/packs/index.js';

/** The file name of earlier engines, independent of the ledger's name: rooms with ledgers in one folder shared it. */
const OLD_NAME = 'risk.json';

/**
 * The path of a room's risk score: beside its ledger, under its name. A score of an earlier engine is taken over when
 * the folder belongs to one room; with several rooms its owner is unknown, which is logged.
 */
export async function riskFile(ledgerFile: string, log: Log): Promise<string> {
  const folder = dirname(ledgerFile);
  const stem = basename(ledgerFile).replace(/\.jsonl$/, '');
  const file = join(folder, `${stem}.risk.json`);
  const names = await namesIn(folder);
  if (names.includes(basename(file)) || !names.includes(OLD_NAME)) return file;
  const old = join(folder, OLD_NAME);
  const own = (name: string): boolean =>
    name.startsWith(stem) && /^(\.\d{6,})?\.jsonl$|^\.resume\.json$/.test(name.slice(stem.length));
  const others = names.filter((name) => /\.(jsonl|resume\.json)$/.test(name) && !own(name));
  if (others.length === 0) await rename(old, file);
  else
    log.error(
      { file: old, others },
      `the owner of this risk score is unknown; if it belongs to this room, rename it to ${file}`,
    );
  return file;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const riskState = z.strictObject({
  version: z.literal(1),
  /** Wall time of the write, for which all scores are given, in ms since 1970. */
  atMs: amount,
  /** True from reaching the limit until the score is well below it. */
  limited: z.boolean(),
  /** True from the risk slate until a person resumes; missing in older files. */
  held: z.boolean().optional(),
  rules: z.record(z.string(), z.strictObject({ score: amount, count: amount, lastMs: amount })),
});
type RiskState = z.infer<typeof riskState>;

/**
 * The state in a file; undefined when there is none. An unreadable file is an E_RISK error, not a score of 0: a damaged
 * file must not clear a room's record.
 */
async function readRisk(file: string): Promise<RiskState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EngineError('E_RISK', {
      where: file,
      expected: 'a readable file',
      found: (cause as Error).message,
      cause,
    });
  }
  const broken = (found: string, cause?: unknown): EngineError =>
    new EngineError('E_RISK', {
      where: file,
      expected: "a room's risk score",
      found,
      todo: 'move the file away to begin at 0',
      cause,
    });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw broken('no JSON', cause);
  }
  const result = riskState.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw broken(`${issue!.path.map(String).join('.')}: ${issue!.message}`);
}

/** Atomic: a crash leaves the old state or the new one. */
async function writeRisk(file: string, state: RiskState): Promise<void> {
  const folder = dirname(file);
  await makeFolder(folder, OWNER_ONLY_FOLDER);
  await replaceFile(file, `${JSON.stringify(state)}\n`, {
    draft: join(folder, `.${basename(file)}.${process.pid}.tmp`),
  });
}

interface RiskOptions {
  /** Score at which the room goes to slate. */
  readonly limit: number;
  /** Half-life of the score. */
  readonly halfLifeHours: number;
  /** Monotonic clock in ms, for the time while the engine runs. */
  readonly runMs: () => number;
  /** Wall time in ms since 1970, for the time between two runs, and for people. */
  readonly wallMs: () => number;
  readonly log: Log;
}

type RiskLevel = 'calm' | 'raised' | 'limit';

/** The platform's penalties, mildest first, with the score of each (the scale of the rule table's weights). */
const PENALTIES = [
  { penalty: 'warning', score: 1 },
  { penalty: 'off-air', score: 3 },
  { penalty: 'deletion', score: 6 },
  { penalty: 'freeze-7-days', score: 12 },
  { penalty: 'freeze-90-days', score: 24 },
] as const;
type Penalty = (typeof PENALTIES)[number]['penalty'];

/** The most severe penalty for a score; undefined below a warning. */
export function penaltyOf(score: number): Penalty | undefined {
  let found: Penalty | undefined;
  for (const { penalty, score: worth } of PENALTIES) if (score >= worth) found = penalty;
  return found;
}

/**
 * The share of a violation's weight that counts, by action. A released violation counts in full. A withheld one was not
 * seen, but shows what the room tries to send, and viewers notice the gap: the more of the show it cost, the more it
 * counts. A refusal before the show counts for nothing.
 */
export const ACTION_SHARES: Readonly<Record<RuleAction, number>> = {
  warn: 1,
  review: 0.5,
  'drop-caption': 0.1,
  skip: 0.1,
  mute: 0.2,
  tone: 0.2,
  blur: 0.25,
  pixelate: 0.25,
  hold: 0.25,
  blank: 0.25,
  refuse: 0,
  stop: 1,
};

interface RiskNow {
  readonly score: number;
  readonly level: RiskLevel;
  /** The platform's likely penalty at this score. */
  readonly penalty: Penalty | undefined;
}

/** The present contribution of one rule. */
interface RiskReason {
  readonly rule: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly score: number;
  /** Violations since the score was last cleared. */
  readonly count: number;
  /** Wall time of the latest violation, in ms since 1970. */
  readonly lastMs: number;
}

/** Share of the limit at which the level becomes `raised`, and below which `limit` is left. */
const RAISED_SHARE = 0.5;
const HOUR_MS = 3_600_000;
const RETRY_MS = 5000;
/** Maximum half-lives between two runs: a wrongly set clock must not clear a room's record. */
const MAX_HALF_LIVES_OFF = 3;
/** Interval at which decay is saved, so that a killed engine loses little of it to that bound. */
const SAVE_MS = HOUR_MS;
/** A rule with a smaller contribution is dropped. */
const FORGOTTEN = 1e-3;

/**
 * How near a room is to a penalty. Each violation adds its rule's weight (1 a warning … 12 a freeze) times the share
 * for its action; all scores halve every `halfLifeHours`.
 *
 * Problem: the platform remembers across restarts, so the score must as well. An API call must not wait for a disk. A
 * room at its limit must neither flap between slate and show nor stay off air forever.
 *
 * Rule: the score is counted in memory at once and written in the background, one write at a time, each with everything
 * added before it: a crash loses the additions of one write, a few milliseconds. At the limit the level stays `limit`
 * until the score has fallen to half of it, or a person clears it.
 *
 * Wall clocks can be set to any time, so only the monotonic clock counts while the engine runs. Between two runs the
 * wall clock counts: a step back counts as no time, and a step ahead is bounded.
 */
export class RiskScore implements Closeable {
  private writing: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dirty = false;
  private failure: unknown;
  /** Times of the running clock: of the scores, and of their last write. */
  private atRunMs: number;
  private savedRunMs: number;

  private constructor(
    private readonly file: string,
    private readonly options: RiskOptions,
    private state: RiskState,
  ) {
    this.atRunMs = this.savedRunMs = checked(options.runMs());
  }

  /** Continues from the score in the file, or from 0 without a file. E_RISK when the file is damaged. */
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

  /** The room is on the slate because of the risk, in this run or the one before, and no person has resumed it. */
  get held(): boolean {
    return this.state.held === true;
  }

  /** Puts the room on the slate until `clear`, across restarts and whatever the score. */
  hold(): void {
    if (this.held) return;
    this.state.held = true;
    this.save();
  }

  /** The parts of the score as of the last call, largest first. */
  reasons(): readonly RiskReason[] {
    return Object.entries(this.state.rules)
      .map(([rule, part]) => ({ rule, title: ruleById(rule)?.title ?? { en: rule, zh: rule }, ...part }))
      .sort((a, b) => b.score - a.score);
  }

  /** Resets to 0: a person has reviewed the reasons and takes responsibility. */
  clear(): void {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed score' });
    this.decay();
    this.state = { ...this.state, limited: false, held: false, rules: {} };
    this.save();
  }

  /** Resolves when all additions are on disk. Throws E_RISK when they could not be written. */
  async flush(): Promise<void> {
    if (this.failure !== undefined) this.dirty = true;
    while (this.writing !== undefined || this.dirty) await (this.writing ?? this.write());
    this.throwFailure();
  }

  close(): Promise<void> {
    this.closing ??= this.lastFlush().finally(() => clearTimeout(this.timer));
    return this.closing;
  }

  /** Also saves the decay since the last violation. */
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

  /** Writes until nothing is new. Never rejects: a failure is logged, kept and retried later. */
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
      expected: 'a writable file',
      found: this.failure instanceof Error ? this.failure.message : String(this.failure),
      todo: 'make its folder writable',
      cause: this.failure,
    });
  }
}

/** An invalid time would turn every score into NaN. */
function checked(nowMs: number): number {
  if (!Number.isFinite(nowMs) || nowMs < 0) throw new RangeError(`${nowMs} is not a time in milliseconds`);
  return nowMs;
}
