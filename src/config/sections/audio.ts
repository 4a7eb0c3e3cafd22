import { z } from 'zod';
import { licence } from './rights.js';

export const audio = z
  .strictObject({
    music: z
      .strictObject({
        src: z.string().min(1).describe('Music file, relative to the room file; loops'),
        licence,
        instrumental: z
          .boolean()
          .default(false)
          .describe('Without words. Nobody judges words in music before viewers hear them, so `engine check` asks'),
        gainDb: z
          .number()
          .min(-60)
          .max(6)
          .default(-14)
          .describe('Gain of the music while nobody speaks, in dB below programme loudness'),
      })
      .optional()
      .describe('Music bed; none when absent'),
    roomTone: z
      .boolean()
      .default(true)
      .describe('A room tone at −63 dBFS while there is no music, because digital silence sounds like a broken stream'),
    chimes: z
      .boolean()
      .default(true)
      .describe('Soft sounds for a new product, an order or gift that is thanked for, and the end of a countdown'),
    duckDb: z
      .number()
      .min(-40)
      .max(0)
      .default(-10)
      .describe('Further gain on the music while the presenter speaks, in dB'),
    targetLufs: z.number().min(-31).max(-9).default(-16).describe('Programme loudness in LUFS (ITU-R BS.1770)'),
    ceilingDbtp: z.number().min(-9).max(-0.1).default(-1.5).describe('True-peak ceiling of the limiter in dBTP'),
  })
  .describe('Music, ducking and loudness');
export type Audio = z.infer<typeof audio>;
