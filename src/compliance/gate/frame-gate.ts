import type { RectList } from '../../core/media/picture.js';
import type { FrameIndex } from '../../core/time.js';
import type { HoldCause, MuteCause, ReplaceCause } from '../../core/verdict.js';
import type { GateCounters } from './gate-event.js';

/** In place of a buffer: the slate, which nobody has to hand back. */
export const SLATE_TOKEN = -1;

/** One frame as it leaves. The object is used again by the next `release`. */
export interface Released {
  frame: FrameIndex;
  /** I420; stays as it is until `recycle(token)`. */
  picture: Uint8Array;
  /** Interleaved stereo; valid for `poolExtraFrames` further releases. */
  audio: Float32Array;
  /** Per channel. */
  samples: number;
  outcome: 'released' | 'replaced';
  cause: ReplaceCause | undefined;
  /** Why some or all of the sound is not heard; undefined: it leaves as it was mixed. */
  muted: MuteCause | undefined;
  /** Whether the picture carries the verdict that was taken for it; see `ReleaseCheck`. */
  vouched: boolean;
  /** The picture is the slate, not a held or obscured one. */
  slate: boolean;
  /** Handed back with `recycle`, once a release. */
  token: number;
}

/** A gate as the loop uses it, whatever its window. */
export interface FrameGate {
  readonly counters: GateCounters;
  /**
   * Takes frame n: the canvas as it is now, the even rectangles in which it differs from the canvas of the
   * call before, and its stereo samples; `sound` is one of SOUND, and what nobody judged is silenced. `settled`: rectangles whose
   * pixels all come from one opaque layer on top in which only judged words change; they carry that verdict. At most one frame
   * more than the window has may wait for release.
   */
  submit(
    n: FrameIndex,
    canvas: Uint8Array,
    damage: RectList,
    audio: Float32Array,
    samples: number,
    sound: number,
    settled?: RectList,
  ): void;
  /** Takes in the verdicts that stand; how many scans are not finished. */
  pending(): number;
  /** True when the oldest frame has been in the window for its whole length. */
  ready(): boolean;
  /** The oldest frame, judged or replaced. Call only when `ready()`. */
  release(): Released;
  /** The encoder has taken the bytes of this release. */
  recycle(token: number): void;
  /** The operator's slate: from the next release on, so what is in the window is covered too. */
  setBlank(on: boolean): void;
  /** The operator's mute, with a ramp of three frames from the next release on. */
  setMute(on: boolean): void;
  /** The room's risk is at its limit: slate and silence from the next release on, until it is taken back. */
  setRisk(on: boolean): void;
  /** What else wants the slate, from the next release on; undefined: nothing does any more. */
  setHold(cause: HoldCause | undefined): void;
  /** Another slate. The old one may still be with the encoder, so it is not written to. */
  setSlate(picture: Uint8Array): void;
  /** A copy of the frame in a buffer, for evidence: rare. */
  copyOf(buffer: number): Uint8Array;
  /** Drops everything that is in the window, picture and sound; returns how many frames that are. */
  dump(): number;
  /** No more frames will come: `ready()` holds until the window is empty. */
  flush(): void;
}
