import type { Kernels } from '../../core/kernels.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import type { FrameScannerClient } from '../../codescan/index.js';
import type { GateEvent } from './gate-event.js';
import type { OnCode } from './replacement.js';

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
