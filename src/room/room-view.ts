import type { SourcesHandle } from '../config/api/events-handle.js';
import type { WritingSnapshot } from '../config/api/script-handle.js';
import type {
  RoomSnapshot,
  EncoderSnapshot,
  OutputSnapshot,
  RiskSnapshot,
  SlateReason,
  UnspokenSnapshot,
  SourceHealth,
  WatchFault,
} from '../config/api/room-handle.js';
import { type FrameIndex, frameIndex, frameToMicroseconds } from '../core/time.js';
import type { TakeoverDesk } from '../takeover/takeover-desk.js';
import type { RoomAlarms } from '../alerts/room-alarms.js';
import type { RoomCommands } from './commands/room-commands.js';
import type { RoomLook } from './records/show-records.js';
import type { Cut } from '../show/shots/shot-director.js';
import type { RoomParts } from './room-desk.js';
import type { ShowHealth } from './watches/show-health.js';
import type { Levels } from '../audio/mixer.js';
import type { RoomConfig } from '../config/room-config.js';
import { windowFrames } from './gate-ledger.js';
import { STAGES, type LoopBoard } from '../loop/loop-board.js';

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

interface SnapshotParts {
  readonly room: RoomConfig;
  readonly board: LoopBoard;
  readonly frame: FrameIndex;
  readonly state: RoomSnapshot['state'];
  readonly encoder: EncoderSnapshot;
  readonly avOffsetMs: number | null;
  readonly outputs: readonly OutputSnapshot[];
  readonly speaking: RoomSnapshot['speaking'];
  readonly product: string | null;
  readonly shot: RoomSnapshot['shot'];
  readonly lateFilmFrames: number;
  readonly unspoken: UnspokenSnapshot;
  readonly voices: RoomSnapshot['voices'];
  readonly muted: boolean;
  readonly blanked: boolean;
  readonly slate: readonly SlateReason[];
  readonly slateSince: string | null;
  readonly orders: RoomSnapshot['orders'];
  readonly sources: readonly SourceHealth[];
  readonly avatarSpeech: RoomSnapshot['avatarSpeech'];
  readonly watch: readonly WatchFault[];
  readonly risk: RiskSnapshot;
  readonly ledger: RoomSnapshot['ledger'];
  readonly alarms: RoomSnapshot['alarms'];
  readonly eventSources: RoomSnapshot['eventSources'];
  readonly takeover: RoomSnapshot['takeover'];
  readonly writing: RoomSnapshot['writing'];
}

/** The absolute gate of BS.1770: nothing below it is measured. */
const MIN_LUFS = -70;
const MIN_PEAK_DBFS = -120;

/**
 * Levels with a floor: silence is minus infinity, which JSON cannot express, and the tail of a filter is not a level.
 */
export function audibleLevels({ momentaryLufs, integratedLufs, peakDbfs, leftDbfs, rightDbfs }: Levels): Levels {
  return {
    momentaryLufs: Math.max(MIN_LUFS, momentaryLufs),
    integratedLufs: Math.max(MIN_LUFS, integratedLufs),
    peakDbfs: Math.max(MIN_PEAK_DBFS, peakDbfs),
    leftDbfs: Math.max(MIN_PEAK_DBFS, leftDbfs),
    rightDbfs: Math.max(MIN_PEAK_DBFS, rightDbfs),
  };
}

/** The room's metrics as one plain object. */
function roomSnapshot(parts: SnapshotParts): RoomSnapshot {
  const { room, board, frame, encoder, muted, blanked } = parts;
  const { lateness } = board.stages;
  const figure = board.snapshot();
  const dumped = frameIndex(windowFrames(room));
  return {
    name: room.name,
    state: parts.state,
    onAirMs: Math.floor(frameToMicroseconds(frame, room.rate) / 1000),
    width: room.video.width,
    height: room.video.height,
    fps: room.rate.num / room.rate.den,
    pictureFps: figure('pictureFps') || room.rate.num / room.rate.den,
    frame,
    frames: {
      rendered: figure('rendered'),
      released: figure('released'),
      replaced: figure('replaced'),
      inWindow: figure('inWindow'),
      releasedUnjudged: figure('releasedUnjudged'),
    },
    replacedBy: {
      violation: figure('byViolation'),
      unjudged: figure('byUnjudged'),
      'hold-time': figure('byHoldTime'),
      operator: figure('byOperator'),
      risk: figure('byRisk'),
      dumped: figure('byDumped'),
      words: figure('byWords'),
      codes: figure('byCodes'),
      stalled: figure('byStalled'),
    },
    sound: {
      rendered: figure('soundRendered'),
      released: figure('soundReleased'),
      muted: figure('soundMuted'),
      inWindow: figure('soundInWindow'),
    },
    mutedBy: {
      violation: figure('mutedForViolation'),
      unjudged: figure('mutedUnjudged'),
      operator: figure('mutedByOperator'),
      risk: figure('mutedByRisk'),
      dumped: figure('mutedDumped'),
    },
    scans: {
      candidates: figure('candidates'),
      decoded: figure('decoded'),
      pending: figure('scanPending'),
      failed: figure('scanFailed'),
    },
    lateClipFrames: figure('lateClipFrames'),
    lateFilmFrames: parts.lateFilmFrames,
    clipStep: Math.max(1, figure('clipStep')),
    sources: parts.sources,
    avatarSpeech: parts.avatarSpeech,
    lateTicks: {
      total: figure('lateTotal'),
      render: figure('lateRender'),
      scan: figure('lateScan'),
      encode: figure('lateEncode'),
      stall: figure('lateStall'),
    },
    stageMs: Object.fromEntries(
      STAGES.map((name) => [
        name,
        { p50: board.stages[name].quantileMs(0.5), p99: board.stages[name].quantileMs(0.99) },
      ]),
    ),
    tickLatenessMs: {
      p50: lateness.quantileMs(0.5),
      p99: lateness.quantileMs(0.99),
      p999: lateness.quantileMs(0.999),
      max: lateness.maxMs,
    },
    audio: {
      ...audibleLevels({
        momentaryLufs: figure('momentaryLufs'),
        integratedLufs: figure('integratedLufs'),
        peakDbfs: figure('peakDbfs'),
        leftDbfs: figure('leftDbfs'),
        rightDbfs: figure('rightDbfs'),
      }),
      muted,
    },
    encoder,
    avOffsetMs: parts.avOffsetMs,
    outputs: parts.outputs,
    speaking: parts.speaking,
    product: parts.product,
    shot: parts.shot,
    unspoken: parts.unspoken,
    voices: parts.voices,
    muted,
    blanked,
    orders: parts.orders,
    slateSince: parts.slateSince,
    slate: parts.slate,
    dumpWindow: { frames: dumped, ms: Math.round(frameToMicroseconds(dumped, room.rate) / 1000) },
    watch: parts.watch,
    risk: parts.risk,
    ledger: parts.ledger,
    alarms: parts.alarms,
    eventSources: parts.eventSources,
    takeover: parts.takeover,
    writing: parts.writing,
  };
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
