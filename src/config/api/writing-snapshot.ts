import { z } from 'zod';
import type { Shape } from '../shape.js';

/** Fresh wordings that a language model writes while the show runs. */
export const writingSnapshot = z.object({
  state: z
    .enum(['off', 'writing', 'enough', 'resting', 'capped'])
    .describe(
      "`writing`: lines lack wordings; `enough`: none does; `resting`: the model failed and is left alone; `capped`: the day's budget is used up; `off`: nothing is written. A room without a model writes by its sentence plans",
    ),
  written: z
    .number()
    .describe('Wordings since the start: kept, refused by the rules or by their figures; and requests that failed'),
  restored: z.number().describe('Wordings of an earlier run that were judged clean again'),
  refused: z.number(),
  failed: z.number(),
  requestsToday: z.number().describe('Cost today (UTC)'),
  charactersToday: z.number(),
  lastError: z.string().describe('Last error in words, without secrets; empty before the first'),
});
export type WritingSnapshot = Shape<typeof writingSnapshot>;

export const NO_WRITING: WritingSnapshot = {
  state: 'off',
  written: 0,
  restored: 0,
  refused: 0,
  failed: 0,
  requestsToday: 0,
  charactersToday: 0,
  lastError: '',
};
