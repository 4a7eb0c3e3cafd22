import { loadRoom } from './load-room.js';
import type { RoomConfig } from './room-config.js';

/**
 * Reads a room for work that never touches its outputs: a missing stream key is no fault, and existing keys are not
 * loaded into the process.
 */
export function readRoomWithoutKeys(file: string): RoomConfig {
  return loadRoom(file, { withoutKeys: true });
}
