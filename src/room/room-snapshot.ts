import type { Levels } from '../audio/mixer.js';
import type { RoomConfig } from '../config/room-config.js';
import type {
  EncoderSnapshot,
  OutputSnapshot,
  RiskSnapshot,
  RoomSnapshot,
  SlateReason,
  UnspokenSnapshot,
  SourceHealth,
  WatchFault,
} from '../config/api/room-handle.js';
import { frameIndex, frameToMicroseconds, type FrameIndex } from '../core/time.js';
import { windowFrames } from './gate-window.js';
import { STAGES, type LoopBoard } from '../loop/loop-board.js';

export interface SnapshotParts {
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
export function roomSnapshot(parts: SnapshotParts): RoomSnapshot {
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
