import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import { audio as audioSchema } from '../sections/audio.js';
import { voice as voiceSchema } from '../sections/voice.js';

/** Sound of a running room: music, ducking and the presenter's voice. */

const { shape: audioFields } = audioSchema;
const musicFields = audioFields.music.unwrap().shape;
const voiceFields = voiceSchema.shape;

/** The settings that can change on air; absent fields stay. */
export const audioPatch = z
  .strictObject({
    music: z
      .strictObject({
        on: z.boolean().describe('false fades the music out; true brings the last track back'),
        src: z
          .string()
          .min(1)
          .describe("An embedded track by name, or a file in the room's folder or a folder that the room file names"),
        gainDb: musicFields.gainDb.unwrap().describe('Gain while nobody speaks, in dB below programme loudness'),
        instrumental: z.boolean().describe('Without words; needed for a file, since words in music are not judged'),
        licence: musicFields.licence,
      })
      .partial(),
    duckDb: audioFields.duckDb.unwrap(),
    roomTone: audioFields.roomTone.unwrap(),
    chimes: audioFields.chimes.unwrap(),
    voice: z
      .strictObject({
        provider: voiceFields.provider.unwrap().nullable().describe('null: the best for the language'),
        language: voiceFields.language.unwrap().nullable().describe("null: the room's"),
        name: voiceFields.name.unwrap().nullable().describe("null: the presenter's own"),
        rate: voiceFields.rate.unwrap(),
        pitch: voiceFields.pitch.unwrap(),
      })
      .partial()
      .describe('The voice of coming lines'),
  })
  .partial();

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
  chimes: z.boolean(),
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
