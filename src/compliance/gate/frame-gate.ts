import { EFFORT, ENHANCED_PASSES, type FrameScannerClient } from '../../codescan/index.js';
import type { Kernels } from '../../core/kernels.js';
import type { RectList } from '../../core/media/picture.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import type { HoldCause, MuteCause, ReplaceCause } from '../../core/verdict.js';
import type { GateCounters, GateEvent } from './gate-event.js';
import type { OnCode } from './replacement.js';

/**
 * Length of a cycle in frames: within it all changes are read for every form of code, one slot after the other. A third
 * of the window (seven frames of twenty), and no less than three frames, is left for the readings, which take one frame
 * on an idle machine.
 */
export const cycleFrames = (lookAheadFrames: number): number =>
  Math.max(1, Math.min(13, lookAheadFrames - Math.max(3, Math.floor(lookAheadFrames * 0.35))));

/**
 * The round-robin slots of a cycle: the readings of each plane. The finder search over the whole frame goes with the
 * first, since it covers the areas of that slot.
 */
export const SLOTS = [EFFORT.luma, EFFORT.cb, EFFORT.cr] as const;
/** The frame of a cycle in which slot i is read. Slots are expensive: three in a row would make later frames late. */
export const slotFrame = (i: number, cycle: number): number =>
  (i * Math.max(1, Math.floor(cycle / SLOTS.length))) % cycle;

/** The frame of a second in which each enhanced pass runs: never with the luma slot, which is most of a full reading. */
export const passFrames = (second: number, cycle: number): readonly number[] =>
  Array.from({ length: ENHANCED_PASSES }, (_, i) => {
    const even = Math.floor((i * second) / ENHANCED_PASSES);
    return Math.min(second - 1, cycle > 1 && even % cycle === 0 ? even + 1 : even);
  });

/** The frame of a second in which stacked barcodes are read in all ways: about its middle, and never with a slot. */
export function barsFrame(second: number, cycle: number): number {
  let frame = Math.min(second - 1, Math.floor(second / 2));
  while (frame > 1 && SLOTS.some((_, i) => frame % cycle === slotFrame(i, cycle))) frame -= 1;
  return frame;
}

/** The parts and settings of a gate. */
export interface GateOptions {
  width: number;
  height: number;
  rate: FrameRate;
  /** Frames within which a verdict must arrive. */
  lookAheadFrames: number;
  kernels: Pick<Kernels, 'copyRects'>;
  scanner: FrameScannerClient;
  /** I420, of the canvas' size. */
  slate: Uint8Array;
  onCode: OnCode;
  minimumHoldMs: number;
  /** Maximum samples per channel of one frame. */
  maxSamplesPerFrame: number;
  /** Buffers that the encoder may hold at the same time. */
  poolExtraFrames: number;
  onEvent(event: GateEvent): void;
  /** A frame's scan was taken in; `ms` is its time on a scan thread. */
  onScanned?: ((frame: FrameIndex, ms: number) => void) | undefined;
  /** `offline`: waits for verdicts, so that a room gives the same frames every time. Default `live`. */
  mode?: 'live' | 'offline';
}

/** Replaces a buffer number: the slate, which is not handed back. */
export const SLATE_TOKEN = -1;

/** One frame at its release. The object is reused by the next `release`. */
export interface Released {
  frame: FrameIndex;
  /** I420; unchanged until `recycle(token)`. */
  picture: Uint8Array;
  /** Interleaved stereo; valid for `poolExtraFrames` further releases. */
  audio: Float32Array;
  /** Samples per channel. */
  samples: number;
  outcome: 'released' | 'replaced';
  cause: ReplaceCause | undefined;
  /** Why some or all of the sound is muted; undefined when it is released as mixed. */
  muted: MuteCause | undefined;
  /** Whether the picture carries its own verdict; see `ReleaseCheck`. */
  vouched: boolean;
  /** The picture is the slate, not a held or obscured one. */
  slate: boolean;
  /** Handed back with `recycle`, once per release. */
  token: number;
}

/** A gate as used by the loop, whatever its window. */
export interface FrameGate {
  readonly counters: GateCounters;
  /**
   * Takes frame n: the canvas as it is now, the even rectangles in which it differs from the canvas of the
   * call before, and its stereo samples; `sound` is one of SOUND, and what nobody judged is silenced. `settled`: rectangles whose
   * pixels carry the verdict of their admission (`SettledAreas`, `AdmittedTiles`). `moved`: the damage
   * without that of the engine's own drawings; `repeats`: nothing was drawn, the picture before stands; see `RestedTiles`. At most one frame
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
    moved?: RectList,
    repeats?: boolean,
  ): void;
  /** Takes in finished verdicts; returns the number of unfinished scans. */
  pending(): number;
  /** True when the oldest frame has been in the window for its full length. */
  ready(): boolean;
  /** Releases the oldest frame, judged or replaced. Call only when `ready()`. */
  release(): Released;
  /** The encoder has consumed the bytes of this release. */
  recycle(token: number): void;
  /** The operator's slate, from the next release on, so frames in the window are covered too. */
  setBlank(on: boolean): void;
  /** The operator's mute, with a ramp of three frames from the next release on. */
  setMute(on: boolean): void;
  /** The room's risk has reached its limit: slate and silence from the next release on, until it is taken back. */
  setRisk(on: boolean): void;
  /** Sets a further cause of the slate from the next release on; undefined clears it. */
  setHold(cause: HoldCause | undefined): void;
  /** Sets another slate. The old one may still be with the encoder, so it is not overwritten. */
  setSlate(picture: Uint8Array): void;
  /** A copy of the frame in a buffer, for evidence; rare. */
  copyOf(buffer: number): Uint8Array;
  /** Drops picture and sound of everything in the window; returns the number of frames. */
  dump(): number;
  /** No more frames will come: `ready()` holds until the window is empty. */
  flush(): void;
}
