import type { SourcesHandle } from '../config/api/sources-handle.js';
import type { WritingSnapshot } from '../config/api/script-handle.js';
import type { RoomSnapshot } from '../config/api/room-handle.js';
import type { FrameIndex } from '../core/time.js';
import type { TakeoverDesk } from '../takeover/takeover-desk.js';
import type { RoomAlarms } from '../alerts/room-alarms.js';
import type { RoomCommands } from './commands/room-commands.js';
import type { RoomLook } from './records/show-records.js';
import type { Cut } from '../show/shots/shot-director.js';
import type { RoomParts } from './room-parts.js';
import { roomSnapshot } from './room-snapshot.js';
import type { ShowHealth } from './watches/show-health.js';

export interface RoomViewOptions {
  readonly parts: RoomParts;
  readonly commands: RoomCommands;
  readonly sources: SourcesHandle;
  readonly takeover: TakeoverDesk;
  readonly writing: () => WritingSnapshot;
  readonly frame: () => FrameIndex;
  readonly isStopping: () => boolean;
  /** Undefined before the room is on air. */
  readonly health: () => ShowHealth | undefined;
  readonly alarms: () => RoomAlarms | undefined;
}

/** The room's state for the API, the terminal and the records of the show. */
export class RoomView {
  private readonly required: ReadonlySet<string>;
  /** When a snapshot first found the slate that is up. */
  private slateSince: string | null = null;

  constructor(private readonly options: RoomViewOptions) {
    const { outputs } = options.parts.room;
    this.required = new Set(outputs.filter((output) => output.required).map(({ id }) => id));
  }

  snapshot(): RoomSnapshot {
    const { parts, commands, sources, takeover, writing, health, alarms } = this.options;
    const {
      room,
      loop,
      encoderKeeper,
      avProbe,
      outputs,
      whep,
      runner,
      risk,
      watch,
      feeder,
      ledger,
      evidence,
      filmFeeder,
    } = parts;
    const frame = this.options.frame();
    const line = runner.lineAt(frame)?.line;
    const { muted, blanked, standing, slate, orders } = commands;
    if (slate.length === 0) this.slateSince = null;
    else this.slateSince ??= new Date().toISOString();
    return roomSnapshot({
      room,
      board: loop.board,
      frame,
      state: this.options.isStopping() ? 'stopping' : standing.length > 0 ? 'blanked' : 'on-air',
      encoder: encoderKeeper.snapshot(),
      avOffsetMs: avProbe.offsetMs,
      outputs: [
        ...outputs.snapshots().map((one) => ({ ...one, required: one.required ?? this.required.has(one.id) })),
        whep.snapshot(),
      ],
      speaking: line === undefined ? null : { text: line.text, language: line.language ?? room.language },
      product: runner.productAt(frame),
      shot: shotOf(runner.shotAt(frame)),
      lateFilmFrames: filmFeeder.lateFrames,
      unspoken: runner.unspoken.snapshot(),
      voices: parts.speech.health(),
      muted,
      blanked,
      slate,
      slateSince: this.slateSince,
      orders,
      sources: [
        { id: 'script', kind: 'script', step: health()?.step ?? 'fresh' },
        ...feeder.sources(),
        ...parts.avatar.sources(),
      ],
      avatarSpeech: parts.avatar.speech?.state() ?? null,
      watch: watch.faults(),
      risk: risk.snapshot(),
      ledger: { ...ledger.health(), evidenceDropped: evidence.dropped },
      alarms: alarms()?.active() ?? [],
      eventSources: sources.health(),
      takeover: takeover.state(),
      writing: writing(),
    });
  }

  /** For the records of the show. */
  look(): RoomLook {
    const { parts, commands } = this.options;
    const { loop, outputs, whep } = parts;
    const figure = loop.board.snapshot();
    return {
      slate: commands.slate,
      muted: commands.muted,
      figures: {
        frames: figure('rendered'),
        replaced: figure('replaced'),
        muted: figure('soundMuted'),
        late: figure('lateTotal'),
      },
      viewers: [...outputs.snapshots(), whep.snapshot()].flatMap(({ id, viewers }) =>
        viewers === undefined ? [] : [{ id, viewers }],
      ),
    };
  }
}

const shotOf = ({ shot, reason, atFrame }: Cut): RoomSnapshot['shot'] => ({ name: shot, reason, sinceFrame: atFrame });
