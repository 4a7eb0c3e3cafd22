import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import { i420Size } from '../core/picture.js';
import { millisecondsToFrames } from '../core/time.js';

/** Frames between drawing and release: the look-ahead, or what the dump button is to take back. */
export function gateWindow(room: RoomConfig, log: Log): number {
  const { lookAheadFrames, dumpWindowMs } = room.compliance;
  if (dumpWindowMs === 0) return lookAheadFrames;
  const frames = Math.max(lookAheadFrames, millisecondsToFrames(dumpWindowMs, room.rate));
  const mebibytes = Math.ceil((frames * i420Size(room.video.width, room.video.height)) / 2 ** 20);
  log.info({ frames, mebibytes }, 'the window of the dump button delays the broadcast and takes memory');
  return frames;
}
