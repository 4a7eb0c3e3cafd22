import { z } from 'zod';
import { room } from './room.js';

/** The room file's JSON Schema (draft 2020-12) for authors: keys with defaults are optional. */
export function roomSchema(): Record<string, unknown> {
  return {
    $id: 'room.schema.json',
    title: 'Showroom room file',
    ...z.toJSONSchema(room, { io: 'input', target: 'draft-2020-12' }),
  };
}
