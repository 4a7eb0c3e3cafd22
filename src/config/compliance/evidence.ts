import { z } from 'zod';

export const evidence = z
  .strictObject({
    maxMb: z
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe('Maximum megabytes of evidence beside the ledger; the oldest is removed first; 0 keeps none'),
    days: z
      .int()
      .min(1)
      .max(36_500)
      .default(180)
      .describe('Days after its last use when evidence is removed; default: half a year'),
    pictures: z.boolean().default(true).describe('Keep withheld frames, as WebP'),
    sound: z.boolean().default(true).describe('Keep silenced words, as WAV'),
  })
  .describe('Evidence kept of withheld content');
export type EvidenceConfig = z.infer<typeof evidence>;
