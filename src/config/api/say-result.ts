import { z } from 'zod';
import type { Shape } from '../shape.js';

/** The outcome of a line from outside. */
export const sayResult = z.object({
  id: z.string().describe('Empty when refused'),
  result: z.enum(['queued', 'refused']).describe('`refused`: no part of it is spoken'),
  reason: z
    .object({ en: z.string(), zh: z.string() })
    .exactOptional()
    .describe('Why it was refused, in plain words: "phone number / outside contact"'),
  hits: z.array(z.object({ rule: z.string(), kind: z.string(), match: z.string() })),
});
export type SayResult = Shape<typeof sayResult>;
