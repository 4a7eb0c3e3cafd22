import { z } from 'zod';

export const store = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: nothing is kept for `engine report`'),
    keepDays: z.int().min(1).max(3650).default(90).describe('Days after which lines, comments and figures are removed'),
    userNames: z
      .enum(['hash', 'plain', 'none'])
      .default('hash')
      .describe("Viewers' names: a salted hash that only tells returning viewers apart, the name itself, or nothing"),
  })
  .describe('Records of the show for `engine report`, in a database beside the ledger');
export type Store = z.infer<typeof store>;
