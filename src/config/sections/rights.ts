import { z } from 'zod';

/** Whose work an asset is and by what right it is shown. */
export const licence = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('By what right it is shown (rule 5.4): "own work", an SPDX id, a contract; default: `rights.assets`');

export const rights = z
  .strictObject({
    assets: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('By what right pictures and music are shown that name no licence of their own (rule 5.4)'),
    source: z
      .enum(['own', 'licensed', 'event'])
      .default('own')
      .describe(
        'Where what is broadcast comes from: own: made for this room; licensed: material of others; event: a relayed match, ' +
          'concert or the like (rule 5.13). All but own need `sourceLicence`',
      ),
    sourceLicence: z.string().min(1).max(200).optional().describe('The contract or permission for that source'),
  })
  .describe('Rights to what is shown');
export type Rights = z.infer<typeof rights>;
