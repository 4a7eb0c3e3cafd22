import type { RuleActions } from '../../moderation/packs/index.js';
import { ShowHash } from '../../compliance/watch/show-hash.js';
import type { WatchEvent, WatchKind } from '../../compliance/watch/watch-event.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { DuplicateThresholds, SoundWatchThresholds } from '../../config/sections/compliance.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { WatchFault } from '../../config/api/room-handle.js';
import type { FrameIndex } from '../../core/time.js';
import type { LedgerEntry, Surface } from '../../core/verdict.js';

export interface RoomWatchOptions {
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
