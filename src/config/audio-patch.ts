import { z } from 'zod';
import { audio as audioSchema } from './sections/audio.js';
import { voice as voiceSchema } from './sections/voice.js';

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
