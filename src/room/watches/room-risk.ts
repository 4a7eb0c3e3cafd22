import { ACTION_SHARES, riskFile, RiskScore } from '../../compliance/risk/risk-score.js';
import { ruleById } from '../../moderation/packs/index.js';
import type { RiskConfig } from '../../config/sections/compliance.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { RiskSnapshot } from '../../config/api/room-handle.js';
import type { LedgerEntry, RuleAction } from '../../core/verdict.js';

export interface RoomRiskOptions extends RiskConfig {
  /** The score is saved in a file beside it, under its name. */
  readonly ledgerFile: string;
  readonly log: Log;
  /** Wall time in ms since 1970. */
  readonly wallMs?: () => number;
  /** Milliseconds, monotonic. */
  readonly runMs?: () => number;
  /** Writes the ledger entry with the reason for the slate. */
  readonly note: (entry: LedgerEntry) => void;
  /** Shows the slate. */
  readonly onLimit: () => void;
}

/** A scripted line breaks its rule in every round; it counts once in this time. */
const SAME_LINE_MS = 3_600_000;

/**
 * The risk score of a room on air, fed by its ledger.
 *
 * Frames held back and words muted by the gate count. Warnings do not: they report lasting faults of quality (a dull
 * picture, a repetitive script) and must not add up to a slate. At the limit the room stays on the slate until a
 * person resumes it, over restarts as well, even if the score falls in the meantime.
 */
export class RoomRisk implements Closeable {
  private held = false;
  private readonly lines = new Map<string, number>();

  private constructor(
    private readonly score: RiskScore,
    private readonly options: RoomRiskOptions,
    private readonly runMs: () => number,
  ) {}

  /** Loads the saved score; a room that was at its limit still is. E_RISK when the file is damaged. */
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

  /** Applies the score left by the previous run; call it once `onLimit` may be called. */
  begin(): void {
    if (this.score.held || this.score.level() === 'limit') this.hold();
  }

  /** Counts a ledger entry, if it records a violation. */
  take(entry: LedgerEntry): void {
    const action = countedAction(entry);
    if (action === undefined || this.countedLately(entry)) return;
    const { level } = this.score.add(entry.rule!, action);
    if (level === 'limit') this.hold();
  }

  /** A person resumes the room: resets to 0. Returns the previous score. */
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
