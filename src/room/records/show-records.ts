import type { RoomConfig } from '../../config/room-config.js';
import { wordingsOf } from '../../config/sections/script.js';
import type { Closeable } from '../../core/closeable.js';
import type { OutputEvent } from '../../config/api/room-handle.js';
import { framesToMilliseconds, type FrameIndex } from '../../core/time.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { LineSlot } from '../../show/line-schedule.js';
import type { RundownLine } from '../../show/rundown.js';
import type { ShowStore } from '../../store/show-store.js';
import type { SessionFigures, Period } from '../../store/store-records.js';

/** A long period is stored in pieces, so that a killed engine loses one at most; a report joins them again. */
const MAX_PIECE_MS = 60_000;

/** Turns the causes that hold at each look into periods with begin and end. */
export class CausePeriods {
  private readonly since = new Map<string, number>();

  constructor(
    private readonly kind: Period['kind'],
    private readonly store: (period: Period) => void,
  ) {}

  look(causes: readonly string[], nowMs: number): void {
    for (const cause of causes) if (!this.since.has(cause)) this.since.set(cause, nowMs);
    for (const [cause, atMs] of this.since) {
      const over = !causes.includes(cause);
      if (!over && nowMs - atMs < MAX_PIECE_MS) continue;
      this.store({ kind: this.kind, cause, atMs, untilMs: nowMs });
      if (over) this.since.delete(cause);
      else this.since.set(cause, nowMs);
    }
  }
}

/** The room's state at one moment. */
export interface RoomLook {
  readonly slate: readonly string[];
  readonly muted: boolean;
  readonly figures: SessionFigures;
  readonly viewers: readonly { readonly id: string; readonly viewers: number }[];
}

/** Ledger entries about a rule without a prevented violation ("warn-over 4"), and repetitions of other entries. */
const NOT_PREVENTED = /^(?:warn|review|resume)\b/;
/** Scheduled lines that may still be cut. */
const MAX_SCHEDULED = 64;
const LOOK_MS = 1000;
/** Looks between two counts of viewers, and between two signs of life. */
const VIEWERS_EVERY = 30;
const FIGURES_EVERY = 10;

/**
 * Turns the events of a room's parts into records of its store. Frames become wall time when the records are made; those
 * of lines scheduled before the clock runs wait for its start.
 */
export class ShowRecords implements Closeable {
  private readonly early: ((atMs: number) => void)[] = [];
  private readonly slate: CausePeriods;
  private readonly mute: CausePeriods;
  private readonly nowMs: () => number;
  private timer: NodeJS.Timeout | undefined;
  private looks = 0;
  private live = false;
  private closing: Promise<void> | undefined;
  private look: (() => RoomLook) | undefined;
  /** The lines scheduled last, by id. */
  private readonly scheduled = new Map<string, { readonly startFrame: number; readonly atMs: number }>();

  constructor(
    private readonly room: RoomConfig,
    readonly store: ShowStore,
    private readonly version: string,
    nowMs: () => number = Date.now,
  ) {
    this.nowMs = nowMs;
    this.slate = new CausePeriods('slate', (period) => store.period(period));
    this.mute = new CausePeriods('mute', (period) => store.period(period));
  }

  /** The clock runs: frame 0 is now. */
  onAir(look: () => RoomLook): void {
    if (this.live) return;
    const atMs = this.nowMs();
    this.live = true;
    this.look = look;
    this.store.begin({ room: this.room.name, version: this.version, atMs });
    for (const record of this.early.splice(0)) record(atMs);
    this.timer = setInterval(() => this.lookNow(), LOOK_MS).unref();
  }

  /** A scheduled line; `now` is the frame being drawn. */
  readonly onPlaced = (
    { line, slot }: { readonly line: RundownLine; readonly slot: LineSlot },
    now: FrameIndex,
  ): void => {
    const { rate, language } = this.room;
    const { position, scripted } = line;
    const variant = scripted === undefined ? -1 : wordingsOf(scripted.line).indexOf(scripted.wording);
    this.when((nowMs) => {
      const atMs = nowMs + framesToMilliseconds(slot.startFrame - now, rate);
      this.scheduled.set(line.id, { startFrame: slot.startFrame, atMs });
      if (this.scheduled.size > MAX_SCHEDULED) this.scheduled.delete(this.scheduled.keys().next().value!);
      this.store.lineSpoken({
        line: line.id,
        text: line.text,
        atMs,
        untilMs: nowMs + framesToMilliseconds(slot.endFrame - now, rate),
        kind: line.kind,
        role: line.role,
        language: line.language ?? language,
        product: line.product,
        ...(position === undefined ? {} : { position: `${position.round}.${position.segment}.${position.line}` }),
        ...(variant < 0 ? {} : { variant }),
      });
    });
  };

  /** A line ends at a frame; a line taken back before its first frame was not spoken. */
  readonly onCut = (line: string, atFrame: FrameIndex): void =>
    this.when(() => {
      const one = this.scheduled.get(line);
      if (one === undefined) return;
      const heardMs = framesToMilliseconds(atFrame - one.startFrame, this.room.rate);
      if (heardMs > 0) this.store.lineCut(line, one.atMs + heardMs);
      else this.store.lineTakenBack(line);
    });

  onProduct(product: string | null, inMs: number): void {
    const title = this.room.products.find(({ id }) => id === product)?.title ?? '';
    this.when((nowMs) => this.store.productShown({ product, title, atMs: nowMs + inMs }));
  }

  onEntry(entry: LedgerEntry): void {
    const { kind, rule, surface, action } = entry;
    if (rule === undefined || kind === 'evidence' || NOT_PREVENTED.test(action)) return;
    this.store.violationPrevented({ atMs: this.nowMs(), rule, surface: surface ?? kind, action });
  }

  readonly onOutput = ({ at, output, kind, target, state, lastError }: OutputEvent): void =>
    this.store.outputChanged({ atMs: Date.parse(at), output, kind, target, state, error: lastError });

  markFailed(): void {
    this.store.markFailed();
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      clearInterval(this.timer);
      this.lookNow(true);
      await this.store.close();
    })();
    return this.closing;
  }

  private when(record: (nowMs: number) => void): void {
    if (this.live) record(this.nowMs());
    else this.early.push(record);
  }

  private lookNow(last = false): void {
    if (this.look === undefined) return;
    const { slate, muted, figures, viewers } = this.look();
    const nowMs = this.nowMs();
    this.slate.look(last ? [] : slate, nowMs);
    this.mute.look(muted && !last ? ['operator'] : [], nowMs);
    if (last || this.looks % FIGURES_EVERY === 0) this.store.figures(figures);
    if (this.looks % VIEWERS_EVERY === 0 && !last)
      for (const { id, viewers: n } of viewers) this.store.viewersSeen({ atMs: nowMs, output: id, viewers: n });
    this.looks += 1;
  }
}
