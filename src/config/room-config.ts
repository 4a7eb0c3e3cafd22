import type { FrameRate } from '../core/time.js';
import type { RoomFile } from './room.js';

/** A room as the engine uses it: checked, complete and frozen, with absolute file references. */
export interface RoomConfig extends Readonly<Omit<RoomFile, '$schema'>> {
  /** Absolute path of the room file, for messages. */
  readonly file: string;
  /** The folder that relative references are resolved against. */
  readonly dir: string;
  readonly rate: FrameRate;
  /** Encoder settings that were lowered to the platforms' limits, in words. */
  readonly encoderLowered: readonly string[];
  /** Absolute path of the ledger. */
  readonly ledgerFile: string;
}
