import { ACTION_SHARES } from '../../../compliance/risk/penalty-ladder.js';
import { riskFile } from '../../../compliance/risk/risk-place.js';
import { RiskScore } from '../../../compliance/risk/risk-score.js';
import { ruleById } from '../../../moderation/packs/index.js';
import type { RiskConfig } from '../../../config/compliance/watch.js';
import type { Closeable } from '../../../core/closeable.js';
import type { Log } from '../../../core/log.js';
import type { RiskSnapshot } from '../../../core/room-handle.js';
import type { LedgerEntry, RuleAction } from '../../../core/verdict.js';

export interface RoomRiskOptions extends RiskConfig {
  /** The score is kept in a file beside it, under its name. */
  readonly ledgerFile: string;
  readonly log: Log;
  /** Wall time in ms since 1970. */
  readonly wallMs?: () => number;
  /** Milliseconds of a clock that neither goes back nor jumps. */
  readonly runMs?: () => number;
  /** For the entry that says why the room went to slate. */
  readonly note: (entry: LedgerEntry) => void;
  /** The room is to show the slate. */
  readonly onLimit: () => void;
}

/** A scripted line that breaks a rule does so in every round; it counts once in this time. */
const SAME_LINE_MS = 3_600_000;

/**
 * The risk score of a room on air, fed by its ledger.
 *
 * Counted is what the gate held back or silenced. Warnings are not: they name faults of quality that last
 * (a dull picture, a script that repeats), which a seller is to see, and which must not add up to a slate by
 * themselves. Once at the limit the room stays on the slate until a person resumes it, over restarts as well; a
 * score that has fallen in the meantime does not bring it back unasked.
 */
export class RoomRisk implements Closeable {
  private held = false;
  private readonly lines = new Map<string, number>();

  private constructor(
    private readonly score: RiskScore,
    private readonly options: RoomRiskOptions,
    private readonly runMs: () => number,
  ) {}

  /** Goes on from the file. A room that was at its limit is at it again. E_RISK when the file is damaged. */
  static async open(options: RoomRiskOptions): Promise<RoomRisk> {
    const { ledgerFile, limit, halfLifeHours, log } = options;
    const { wallMs = Date.now, runMs = () => performance.now() } = options;
    const file = await riskFile(ledgerFile, log);
    const score = await RiskScore.open(file, { limit, halfLifeHours, wallMs, runMs, log });
    return new RoomRisk(score, options, runMs);
  }

  /** True from reaching the limit until `clear`. */
  get atLimit(): boolean {
    return this.held;
  }

  /** Looks at the score that was left by the run before; to be called once what `onLimit` tells can be told. */
  begin(): void {
    if (this.score.held || this.score.level() === 'limit') this.hold();
  }

  /** Counts an entry of the ledger, if it is one of a violation. */
  take(entry: LedgerEntry): void {
    const action = countedAction(entry);
    if (action === undefined || this.countedLately(entry)) return;
    const { level } = this.score.add(entry.rule!, action);
    if (level === 'limit') this.hold();
  }

  /** A person takes it upon themselves: back to 0. Returns the score that was. */
  clear(): number {
    const before = this.score.current().score;
    this.score.clear();
    this.lines.clear();
    this.held = false;
    return before;
  }

  snapshot(): RiskSnapshot {
    const { score, level } = this.score.current();
    const reasons = this.score.reasons().map(({ rule, score: part, count }) => ({ rule, score: round(part), count }));
    return { score: round(score), level: this.held ? 'limit' : level, reasons };
  }

  /** Resolves when the score is on disk. */
  flush(): Promise<void> {
    return this.score.flush();
  }

  close(): Promise<void> {
    return this.score.close();
  }

  private hold(): void {
    if (this.held) return;
    this.held = true;
    this.score.hold();
    const { score, penalty } = this.score.current();
    const why = this.score.reasons().map((r) => `${r.rule} ${r.title.en} ×${r.count}`);
    this.options.note({
      kind: 'room',
      rule: 'P',
      action: 'risk-slate',
      evidence: why.join(', ').slice(0, 200),
      detail: { score: round(score), limit: this.options.limit, penalty: penalty ?? 'none' },
    });
    this.options.log.error({ score: round(score), reasons: why }, 'risk at its limit: slate until an operator resumes');
    this.options.onLimit();
  }

  private countedLately(entry: LedgerEntry): boolean {
    const id = entry.detail?.['line'];
    const line = typeof id === 'string' ? /^s\d+\.(\d+\.\d+)$/.exec(id)?.[1] : undefined;
    if (line === undefined) return false;
    const key = `${line} ${entry.rule} ${entry.surface} ${entry.evidence}`;
    const nowMs = this.runMs();
    if (nowMs - (this.lines.get(key) ?? -Infinity) < SAME_LINE_MS) return true;
    if (this.lines.size >= 1000) this.lines.clear();
    this.lines.set(key, nowMs);
    return false;
  }
}

const COUNTED: ReadonlySet<string> = new Set<RuleAction>([
  'drop-caption',
  'mute',
  'tone',
  'skip',
  'blur',
  'pixelate',
  'hold',
  'blank',
  'stop',
]);

function countedAction({ kind, rule, action }: LedgerEntry): RuleAction | undefined {
  if (rule === undefined || kind === 'room' || kind === 'operator' || kind === 'admission') return undefined;
  if (!COUNTED.has(action) || ruleById(rule) === undefined) return undefined;
  return ACTION_SHARES[action as RuleAction] > 0 ? (action as RuleAction) : undefined;
}

const round = (value: number): number => Math.round(value * 100) / 100;
