import type { Admission } from '../../admission/admission.js';
import { ComposedWords, type PresenterOnStage } from '../../admission/composed-words.js';
import { LearnedDetector } from '../../codescan/admission/index.js';
import { ACTION_SHARES, riskFile, RiskScore } from '../../compliance/risk/risk-score.js';
import { ShowHash } from '../../compliance/watch/show-hash.js';
import type { WatchEvent, WatchKind } from '../../compliance/watch/watch-event.js';
import type { RiskSnapshot, WatchFault } from '../../config/api/room-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { DuplicateThresholds, RiskConfig, SoundWatchThresholds } from '../../config/sections/compliance.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { type FrameIndex, frameIndex } from '../../core/time.js';
import type { FrameVerdict, LedgerEntry, RuleAction, Surface } from '../../core/verdict.js';
import type { LoopClient } from '../../loop/loop-client.js';
import { type RuleActions, ruleById } from '../../moderation/packs/index.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { PictureSampler, type WordsWatchOptions } from './picture-sampler.js';

interface RoomRiskOptions extends RiskConfig {
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

interface RoomWatchOptions {
  readonly note: (entry: LedgerEntry) => void;
  readonly log: Log;
  readonly actions: Pick<RuleActions, 'action'>;
  /** Ends the room. */
  readonly onStop: (rule: string) => void;
  readonly thresholds: DuplicateThresholds;
  readonly width: number;
  readonly height: number;
  /** The last released picture. */
  readonly still: () => Promise<Uint8Array>;
  readonly frame: () => FrameIndex;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/** The programme loudness to which the room file's speech level refers. */
const WATCH_TARGET_LUFS = -16;
const STILL_INTERVAL_MS = 60_000;
const SOUND: ReadonlySet<string> = new Set<WatchKind>(['silent', 'clipped', 'dead-air']);

/**
 * Reports lasting faults of picture and sound, and the share of the show that repeats, to ledger, log and snapshot.
 * They end the show where the room file says so.
 */
export class RoomWatch implements Closeable {
  private readonly active = new Map<string, WatchFault>();
  private readonly hash: ShowHash;
  private readonly timer: NodeJS.Timeout;
  private comparing: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: RoomWatchOptions) {
    this.hash = new ShowHash(options.thresholds);
    this.timer = setInterval(() => {
      this.comparing ??= this.compare().finally(() => (this.comparing = undefined));
    }, STILL_INTERVAL_MS);
    this.timer.unref();
  }

  /** Takes the events of the loop's watches. */
  readonly take = (event: WatchEvent): void => {
    if (this.closed) return;
    this.record(event.active, { kind: event.kind, rule: event.rule, since: event.since, value: event.value });
  };

  faults(): readonly WatchFault[] {
    return [...this.active.values()];
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.comparing;
  }

  /** Compares one still with the stills of the last hour (rule 5.7); runs once a minute. Never rejects. */
  async compare(): Promise<void> {
    const { log, width, height, still, frame } = this.options;
    try {
      const picture = await still();
      if (this.closed) return;
      const nowMs = (this.options.now ?? performance.now.bind(performance))();
      this.hash.look(picture, width, height, nowMs);
      const { tooMuch, share } = this.hash.repetition(nowMs);
      if (tooMuch === this.active.has('repeated-picture')) return;
      this.record(tooMuch, { kind: 'repeated-picture', rule: '5.7', since: frame(), value: share });
    } catch (error) {
      if (!this.closed) log.warn({ error: String(error) }, 'no still to compare the show with');
    }
  }

  private record(active: boolean, fault: WatchFault): void {
    const { note, log, actions, onStop } = this.options;
    const { kind, rule, since } = fault;
    const value = Math.round(fault.value * 1000) / 1000;
    if (active) this.active.set(kind, { kind, rule, since, value });
    else this.active.delete(kind);
    const sound = SOUND.has(kind);
    const surface: Surface = sound ? 'speech' : 'frame';
    // The table lists the rule of silence and clipping for the picture only.
    const stops = active && (actions.action(rule, surface) ?? actions.action(rule, 'frame')) === 'stop';
    note({
      kind: sound ? 'audio' : 'frame',
      rule,
      surface,
      action: stops ? 'stop' : active ? 'warn' : 'warn-over',
      frame: since,
      detail: { kind, value },
    });
    if (active) log.warn({ kind, rule, since, value }, 'picture or sound at fault');
    else log.info({ kind, rule, since }, 'a fault of picture or sound is over');
    if (stops) onStop(rule);
  }
}

/** Speech is distinguished from music by its level, which follows the programme's. */
export function soundThresholds(room: RoomConfig): SoundWatchThresholds {
  const { sound } = room.compliance.watch;
  return { ...sound, speechDbfs: sound.speechDbfs + room.audio.targetLufs - WATCH_TARGET_LUFS };
}

interface OpenWatchesOptions extends Pick<
  WordsWatchOptions,
  'kernels' | 'actions' | 'evidence' | 'note' | 'onHold' | 'onStop' | 'log'
> {
  readonly room: RoomConfig;
  readonly loop: LoopClient;
  readonly scene: SceneCompiler;
  readonly admission: Admission;
  readonly presenter: () => PresenterOnStage;
}

export interface SecondOpinionOptions extends Omit<WordsWatchOptions, 'what' | 'ownTexts' | 'read'> {
  /** Replaces the learned detector in tests. */
  readonly detector?: Closeable & Pick<LearnedDetector, 'scan'>;
}

/** The detector's thread and its 100 MB are released after this time without work. */
const IDLE_MS = 5000;

/**
 * Runs the learned detector on the picture on air, regularly.
 *
 * Problem: it detects a few codes that the gate's readers miss, but takes 100 ms, too long for each frame.
 * Rule: it gets the whole picture at an interval and after layer changes, in a low-priority thread. A code it decodes
 * brings up the slate until a later scan is clean. It reports no position, so it cannot blur.
 */
export class SecondOpinion implements Closeable {
  private readonly watch: PictureSampler;
  private readonly detector: Closeable & Pick<LearnedDetector, 'scan'>;

  constructor({ detector, ...options }: SecondOpinionOptions) {
    this.detector = detector ?? new LearnedDetector({ log: options.log, idleMs: IDLE_MS, gentle: true });
    const read = ({
      rgba,
      width,
      height,
    }: {
      rgba: Uint8Array;
      width: number;
      height: number;
    }): Promise<FrameVerdict> => this.detector.scan(rgba, width, height, 'the picture on air');
    this.watch = new PictureSampler({ ...options, what: 'codes', ownTexts: () => [], read });
  }

  /** The slate is up for a code. */
  get holding(): boolean {
    return this.watch.holding;
  }

  /** Layers were added or removed. */
  changed(): void {
    this.watch.changed();
  }

  /** Scans once. Never rejects. */
  sample(): Promise<void> {
    return this.watch.sample();
  }

  async close(): Promise<void> {
    // Closed first: it ends a scan that waits for it.
    await this.detector.close();
    await this.watch.close();
  }
}

/** The watches that sample the show. */
interface Watches {
  readonly words: PictureSampler;
  readonly secondOpinion: SecondOpinion;
  readonly watch: RoomWatch;
}

/** Starts the watches of the pictures on air that take too long to run on each frame. */
export function openWatches(
  { room, loop, scene, admission, presenter, ...told }: OpenWatchesOptions,
  stack: CloseStack,
): Watches {
  const { width, height } = room.video;
  const { ocr, secondOpinion, watch } = room.compliance;
  const { note, log, actions, onStop } = told;
  const frame = () => frameIndex(loop.board.get('frame'));
  const sampled = { ...told, width, height, canvas: () => loop.canvas(), frame };
  const { onAir, everySeconds } = secondOpinion;
  return {
    words: stack.add(
      new PictureSampler({
        ...sampled,
        enabled: () => admission.willRead,
        everySeconds: ocr.everySeconds,
        ownTexts: () => scene.textBoxes(),
        read: (picture) => admission.wordsOnAir(picture),
        earlier: new ComposedWords({
          admission,
          // Live video has other words at any time.
          still: () => ((room.presenter.source ?? 'pack') === 'pack' ? scene.still() : undefined),
          presenter,
          frame,
        }),
      }),
    ),
    secondOpinion: stack.add(
      new SecondOpinion({ ...sampled, enabled: () => onAir, everySeconds: onAir ? everySeconds : 0 }),
    ),
    watch: stack.add(
      new RoomWatch({
        note,
        log,
        actions,
        onStop,
        width,
        height,
        thresholds: watch.duplicates,
        still: () => loop.still(),
        frame,
      }),
    ),
  };
}
