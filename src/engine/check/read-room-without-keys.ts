import { loadRoom } from '../../config/load-room.js';
import type { RoomConfig } from '../../config/room-config.js';

/**
 * A room for work that goes nowhere near its outputs: stream keys that are not in the environment are no
 * fault then, and those that are stay out of the process.
 */
export function readRoomWithoutKeys(file: string): RoomConfig {
  return loadRoom(file, { withoutKeys: true });
}
