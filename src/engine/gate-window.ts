import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import { millisecondsToFrames } from '../core/time.js';

/** Frames between drawing and release: the look-ahead, or what the dump button is to take back. */
export function gateWindow(room: RoomConfig, log: Log): number {
  const { lookAheadFrames, dumpWindowMs } = room.compliance;
  if (dumpWindowMs === 0) return lookAheadFrames;
  const frames = Math.max(lookAheadFrames, millisecondsToFrames(dumpWindowMs, room.rate));
  log.info({ frames }, 'the window of the dump button delays the broadcast');
  return frames;
}
