import type { Kernels } from '../../core/kernels.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import type { FrameScannerClient } from '../../codescan/index.js';
import type { GateEvent } from './gate-event.js';
import type { OnCode } from './replacement.js';

/** What a gate is built from. */
export interface GateOptions {
  width: number;
  height: number;
  rate: FrameRate;
  /** Frames in which a verdict must arrive. */
  lookAheadFrames: number;
  kernels: Pick<Kernels, 'copyRects'>;
  scanner: FrameScannerClient;
  /** I420, of the canvas' size. */
  slate: Uint8Array;
  onCode: OnCode;
  minimumHoldMs: number;
  /** Largest number of samples per channel that one frame brings. */
  maxSamplesPerFrame: number;
  /** Buffers that the encoder may hold at the same time. */
  poolExtraFrames: number;
  onEvent(event: GateEvent): void;
  /** The scan of a frame is taken in, and took so many milliseconds of a scan thread. */
  onScanned?: ((frame: FrameIndex, ms: number) => void) | undefined;
  /** `offline`: verdicts are waited for, so that a room gives the same frames every time. Default `live`. */
  mode?: 'live' | 'offline';
}
