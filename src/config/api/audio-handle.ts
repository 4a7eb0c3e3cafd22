import { z } from 'zod';
import type { Shape } from '../shape.js';

/** Sound of a running room: music, ducking and the presenter's voice. */

export const audioState = z.object({
  music: z
    .object({
      src: z.string().describe('Relative to the room file, or the name of an embedded track'),
      gainDb: z.number(),
      instrumental: z.boolean(),
    })
    .nullable()
    .describe('Null while no music plays'),
  duckDb: z.number(),
  roomTone: z.boolean(),
  voice: z.unknown().describe('As in the room file; it holds for the next line that is prepared'),
  tracks: z.array(z.string()).describe('Names of the embedded tracks'),
});
export type AudioState = Shape<typeof audioState>;

export interface AudioHandle {
  state(): Promise<AudioState>;
  /**
   * Changes the named settings. Music is loaded before it changes; throws E_BAD_REQUEST, E_ASSET_MISSING, E_ASSET_INVALID,
   * E_ROOM_REFUSED (words in music are not judged) or E_VOICE_UNKNOWN, and nothing changes.
   */
  patch(body: unknown, gesture?: string): Promise<AudioState>;
}
