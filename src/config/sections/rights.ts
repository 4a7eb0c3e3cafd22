import { z } from 'zod';

/** The owner of an asset and the right under which it is shown. */
export const licence = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Right under which it is shown (rule 5.4): "own work", an SPDX id, a contract; default: `rights.assets`');

export const rights = z
  .strictObject({
    assets: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Right under which pictures and music without a licence of their own are shown (rule 5.4)'),
    source: z
      .enum(['own', 'licensed', 'event'])
      .default('own')
      .describe(
        'Source of the broadcast: own: made for this room; licensed: material of others; event: a relayed match, ' +
          'concert or the like (rule 5.13). All except own require `sourceLicence`',
      ),
    sourceLicence: z.string().min(1).max(200).optional().describe('The contract or permission for that source'),
  })
  .describe('Rights to the shown material');
