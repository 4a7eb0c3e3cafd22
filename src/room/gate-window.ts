import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import { millisecondsToFrames } from '../core/time.js';

/** Frames between drawing and release: the look-ahead, or the dump button's window if that is longer. */
export function windowFrames({ compliance, rate }: RoomConfig): number {
  const { lookAheadFrames, dumpWindowMs } = compliance;
  return Math.max(lookAheadFrames, millisecondsToFrames(dumpWindowMs, rate));
}

/** The same, and logs the delay it costs. */
export function gateWindow(room: RoomConfig, log: Log): number {
  const frames = windowFrames(room);
  if (room.compliance.dumpWindowMs > 0) log.info({ frames }, 'the window of the dump button delays the broadcast');
  return frames;
}
