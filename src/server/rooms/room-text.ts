import { createHash } from 'node:crypto';
import { parseRoom } from '../../config/load-room.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { RoomFacts } from '../../store/studio/rooms-table.js';

export const etagOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** As rooms are written: two spaces, a line end. */
export const textOf = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** Reads a room file's text without keys. Throws E_ROOM_JSON, E_ROOM_INVALID. */
export const readRoom = (text: string, file: string, cwd: string): RoomConfig =>
  parseRoom(text, file, { withoutKeys: true, cwd });

/** What lists show. Defaults stand in for what the file leaves out; a broken file still has a name. */
export function factsOf(document: unknown, name: string): RoomFacts {
  const room = (document ?? {}) as {
    title?: unknown;
    language?: unknown;
    video?: { width?: unknown; height?: unknown };
    products?: unknown;
  };
  const number = (value: unknown, usual: number): number => (typeof value === 'number' ? value : usual);
  return {
    title: typeof room.title === 'string' && room.title !== '' ? room.title : name,
    language: typeof room.language === 'string' ? room.language : 'en',
    width: number(room.video?.width, 720),
    height: number(room.video?.height, 1280),
    products: Array.isArray(room.products) ? room.products.length : 0,
  };
}
