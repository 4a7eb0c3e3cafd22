import type { WatchEvent } from '../../compliance/watch/watch-event.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { StallStep } from '../../core/source-step.js';
import { frameIndex, type FrameIndex, frameToMicroseconds } from '../../core/time.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { SourceLadder } from '../../show/source-ladder.js';
import type { RoomParts } from '../room-desk.js';

/**
 * Records the events of the loop's watches in ledger and log, and fills dead air where the script has a line for it.
 * While the operator holds the script, a silent presenter is no fault: neither the beginning of that silence is reported
 * nor its end.
 */
export function takeWatch(
  event: WatchEvent,
  {
    watch,
    rundown,
    agenda,
    runner,
    room,
    log,
  }: Pick<RoomParts, 'watch' | 'rundown' | 'agenda' | 'runner' | 'room' | 'log'>,
): void {
  const { kind, active } = event;
  // Without music a held script leaves the sound empty as well.
  const isSilence = kind === 'dead-air' || (kind === 'silent' && room.audio.music === undefined);
  if (isSilence && active && runner.paused) return;
  if (isSilence && !active && !watch.faults().some((fault) => fault.kind === kind)) return;
  watch.take(event);
  if (kind !== 'dead-air' || !active || agenda.length > 0) return;
  const text = rundown.filler();
  const line = text === undefined ? undefined : agenda.add({ kind: 'filler', text });
  if (line !== undefined) log.info({ line: line.id }, 'dead air is filled');
}

interface ShowHealthOptions {
  /** How long the missing line has been due, in ms. */
  readonly owedMs: () => number;
  readonly slateMs: number | undefined;
  readonly note: (entry: LedgerEntry) => void;
  readonly log: Log;
  /** The slate is needed, or no longer. */
  readonly onSlate: (slate: boolean) => void;
}

const LOOK_MS = 500;

/** Moves the show up and down its fallback ladder while its voice or script stalls. */
export class ShowHealth implements Closeable {
  private readonly ladder: SourceLadder;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: ShowHealthOptions) {
    this.ladder = new SourceLadder(options.slateMs);
    this.timer = setInterval(() => this.check(), LOOK_MS).unref();
  }

  get step(): StallStep {
    return this.ladder.at;
  }

  get slate(): boolean {
    return this.ladder.at === 'slate';
  }

  check(): void {
    const { owedMs, note, log, onSlate } = this.options;
    const before = this.ladder.at;
    const owed = owedMs();
    const step = this.ladder.update(owed);
    if (step === undefined) return;
    const action = { fresh: 'show-goes-on', idle: 'show-stalled', slate: 'show-slate' }[step];
    note({ kind: 'room', action, detail: { owedMs: Math.round(owed), before } });
    log[step === 'fresh' ? 'info' : 'warn']({ owedMs: Math.round(owed), step }, 'the show’s source');
    if (step === 'slate' || before === 'slate') onSlate(step === 'slate');
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }
}

/** Reports a show that stalls, and asks for the slate when it stalls for long. */
export const watchShow = (
  { room, runner, note, log }: RoomParts,
  frame: () => FrameIndex,
  onSlate: () => void,
): ShowHealth =>
  new ShowHealth({
    owedMs: () => frameToMicroseconds(frameIndex(runner.owedFrames(frame())), room.rate) / 1000,
    slateMs: room.script.slateAfterMs,
    note,
    log,
    onSlate,
  });
