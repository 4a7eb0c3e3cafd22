import type { FrameIndex } from '../../core/time.js';
import type { FrameHit, MuteCause, ReplaceCause } from '../../core/verdict.js';

/** Events from the gate to the main thread, which writes ledger and log. All are rare. */
export type GateEvent =
  /** A new code was found; the frame stays in this buffer until the call returns. */
  | {
      readonly type: 'violation';
      readonly frame: FrameIndex;
      readonly hits: readonly FrameHit[];
      readonly buffer: number;
    }
  /**
   * A frame could not be judged: its scan failed twice, was too late, or there was no free buffer. At most once a
   * second.
   */
  | { readonly type: 'scan-failed'; readonly frame: FrameIndex; readonly reason: 'thread' | 'no-buffer' | 'overdue' }
  /** The operator dropped the window: `frames` frames from this one on. */
  | { readonly type: 'dumped'; readonly frame: FrameIndex; readonly frames: number }
  /** The picture is replaced from this frame on. */
  | { readonly type: 'replacing'; readonly frame: FrameIndex; readonly cause: ReplaceCause }
  /** Large clips show every `step`-th frame from this one on, because scans wait; see `ClipRateControl`. */
  | { readonly type: 'clip-pace'; readonly frame: FrameIndex; readonly step: number }
  /** From this frame on so many frames a second are drawn, because the machine is busy; see `FrameSteps`. */
  | { readonly type: 'frame-step'; readonly frame: FrameIndex; readonly fps: number }
  /** The room's own picture is back, after `replacedFrames` replaced frames. */
  | { readonly type: 'resumed'; readonly frame: FrameIndex; readonly replacedFrames: number };

/** Sound by frame; `rendered = released + muted + inWindow` at any time. */
interface SoundCounters {
  rendered: number;
  /** Released as mixed, with a clean verdict. */
  released: number;
  /** Partly or fully silenced. */
  muted: number;
  inWindow: number;
  byCause: Record<MuteCause, number>;
}

/**
 * Counters of a gate; `rendered = released + replaced + inWindow` at any time, and `replaced` is the sum of `byCause`.
 */
export interface GateCounters {
  rendered: number;
  released: number;
  replaced: number;
  /** Frames in the look-ahead window. */
  inWindow: number;
  /** Pictures released without their own verdict; see `ReleaseCheck`. Stays 0. */
  releasedUnjudged: number;
  byCause: Record<ReplaceCause, number>;
  readonly sound: SoundCounters;
  /** Candidate regions of the cheap search. */
  candidates: number;
  /** Decoder calls. */
  decoded: number;
  /** Unfinished scans. */
  scanPending: number;
  scanFailed: number;
  /** Verdicts that came after their frame's release. */
  scanLate: number;
  /** Scans coalesced with a later frame's because the threads were behind; these frames have no verdict of their own. */
  scanJoined: number;
  /** CPU time of the scans, in microseconds. */
  scanUs: number;
  /** Frames without a free buffer. */
  noBuffer: number;
  /** Bytes copied from the canvas. */
  copiedBytes: number;
}

export const newGateCounters = (): GateCounters => ({
  rendered: 0,
  released: 0,
  replaced: 0,
  inWindow: 0,
  releasedUnjudged: 0,
  byCause: {
    violation: 0,
    unjudged: 0,
    'hold-time': 0,
    operator: 0,
    risk: 0,
    dumped: 0,
    words: 0,
    codes: 0,
    stalled: 0,
  },
  sound: {
    rendered: 0,
    released: 0,
    muted: 0,
    inWindow: 0,
    byCause: { violation: 0, unjudged: 0, operator: 0, risk: 0, dumped: 0 },
  },
  candidates: 0,
  decoded: 0,
  scanPending: 0,
  scanFailed: 0,
  scanLate: 0,
  scanJoined: 0,
  scanUs: 0,
  noBuffer: 0,
  copiedBytes: 0,
});

/** Counts the release of a frame's picture, replaced for `cause` or as drawn; `by` −1 takes it back. */
export function countPicture(counters: GateCounters, cause: ReplaceCause | undefined, by: 1 | -1): void {
  if (cause === undefined) counters.released += by;
  else {
    counters.replaced += by;
    counters.byCause[cause] += by;
  }
  counters.inWindow -= by;
}

/** Counts the release of a frame's sound. */
export function countSound({ sound }: GateCounters, cause: MuteCause | undefined, by: 1 | -1): void {
  if (cause === undefined) sound.released += by;
  else {
    sound.muted += by;
    sound.byCause[cause] += by;
  }
  sound.inWindow -= by;
}
