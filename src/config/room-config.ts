import type { FrameRate } from '../core/time.js';
import type { RoomFile } from './room.js';

/** A room as the engine takes it: checked, complete, frozen, all file references absolute. */
export interface RoomConfig extends Readonly<Omit<RoomFile, '$schema'>> {
  /** Absolute path of the room file, for messages. */
  readonly file: string;
  /** Folder that relative references start from. */
  readonly dir: string;
  readonly rate: FrameRate;
  /** What the platforms of the outputs do not take and was lowered, in words. */
  readonly encoderLowered: readonly string[];
  /** Absolute path of the ledger. */
  readonly ledgerFile: string;
}
