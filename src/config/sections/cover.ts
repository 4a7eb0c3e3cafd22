import { z } from 'zod';
import { licence } from './rights.js';

const ratio = z.string().regex(/^[1-9]\d?:[1-9]\d?$/, 'expected a ratio such as "3:4"');

const src = z.string().min(1).describe('Picture file, relative to the room file');

/** The room's picture in the platform's lists. The engine checks it and does not upload it. */
export const cover = z
  .union([
    src,
    z.strictObject({
      src,
      licence,
      ratios: z
        .array(ratio)
        .min(1)
        .max(10)
        .default(['1:1', '3:4', '4:3', '9:16', '16:9'])
        .describe('Ratios of width to height that the platform accepts'),
      leastSidePx: z.int().min(64).max(4096).default(500).describe('Minimum length of the shorter side in pixels'),
      text: z
        .enum(['refuse', 'warn', 'allow'])
        .default('warn')
        .describe('Verdict on words that break no rule; some platforms accept no words on a cover'),
    }),
  ])
  .transform((given) =>
    typeof given === 'string'
      ? {
          src: given,
          licence: undefined,
          ratios: ['1:1', '3:4', '4:3', '9:16', '16:9'],
          leastSidePx: 500,
          text: 'warn' as const,
        }
      : given,
  )
  .describe('Cover picture, judged by `engine check` (rule 5.9)');
export type CoverConfig = z.infer<typeof cover>;
