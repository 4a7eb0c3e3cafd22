import { z } from 'zod';

export const evidence = z
  .strictObject({
    maxMb: z
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe('Megabytes of evidence beside the ledger; the oldest is removed first; 0 keeps none'),
    days: z
      .int()
      .min(1)
      .max(36_500)
      .default(180)
      .describe('Evidence that was last seen more than this many days ago is removed; default: half a year'),
    pictures: z.boolean().default(true).describe('Keep the frame that was held back, as WebP'),
    sound: z.boolean().default(true).describe('Keep the words that were silenced, as WAV'),
  })
  .describe('What is kept of what was held back');
export type EvidenceConfig = z.infer<typeof evidence>;
