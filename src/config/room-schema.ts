import { z } from 'zod';
import { room } from './room.js';

/** The room file's JSON Schema (draft 2020-12), as a person writes it: defaults may be left out. */
export function roomSchema(): Record<string, unknown> {
  return {
    $id: 'room.schema.json',
    title: 'Showroom room file',
    ...z.toJSONSchema(room, { io: 'input', target: 'draft-2020-12' }),
  };
}
