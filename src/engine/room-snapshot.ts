import type { RoomConfig } from '../config/room-config.js';
import type {
  EncoderSnapshot,
  OutputSnapshot,
  RiskSnapshot,
  RoomSnapshot,
  SourceHealth,
  WatchFault,
} from '../core/room-handle.js';
import { frameToMicroseconds, type FrameIndex } from '../core/time.js';
import { STAGES, type LoopBoard } from './loop/loop-board.js';

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
  readonly muted: boolean;
  readonly blanked: boolean;
  readonly sources: readonly SourceHealth[];
  readonly watch: readonly WatchFault[];
  readonly risk: RiskSnapshot;
}

/** The room's figures as one plain object. */
export function roomSnapshot(parts: SnapshotParts): RoomSnapshot {
  const { room, board, frame, encoder, muted, blanked } = parts;
  const { lateness } = board.stages;
  return {
    name: room.name,
    state: parts.state,
    onAirMs: Math.floor(frameToMicroseconds(frame, room.rate) / 1000),
    width: room.video.width,
    height: room.video.height,
    fps: room.rate.num / room.rate.den,
    frame,
    frames: {
      rendered: board.get('rendered'),
      released: board.get('released'),
      replaced: board.get('replaced'),
      releasedUnjudged: board.get('releasedUnjudged'),
    },
    replacedBy: {
      violation: board.get('byViolation'),
      unjudged: board.get('byUnjudged'),
      'hold-time': board.get('byHoldTime'),
      operator: board.get('byOperator'),
      risk: board.get('byRisk'),
      'audio-violation': board.get('byAudioViolation'),
    },
    scans: {
      candidates: board.get('candidates'),
      decoded: board.get('decoded'),
      pending: board.get('scanPending'),
      failed: board.get('scanFailed'),
    },
    lateClipFrames: board.get('lateClipFrames'),
    clipStep: Math.max(1, board.get('clipStep')),
    sources: parts.sources,
    lateTicks: {
      total: board.get('lateTotal'),
      render: board.get('lateRender'),
      scan: board.get('lateScan'),
      encode: board.get('lateEncode'),
      stall: board.get('lateStall'),
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
      momentaryLufs: board.get('momentaryLufs'),
      integratedLufs: board.get('integratedLufs'),
      peakDbfs: board.get('peakDbfs'),
      muted,
    },
    encoder,
    avOffsetMs: parts.avOffsetMs,
    outputs: parts.outputs,
    speaking: parts.speaking,
    product: parts.product,
    muted,
    blanked,
    watch: parts.watch,
    risk: parts.risk,
  };
}
