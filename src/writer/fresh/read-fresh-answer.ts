import { z } from 'zod';

const answer = z.object({
  lines: z.array(z.object({ id: z.int(), wordings: z.array(z.string()).max(40) })).max(200),
});

/** Wordings by the number of their line; throws when the text is not JSON of the schema. */
export function readFreshAnswer(text: string): z.infer<typeof answer>['lines'] {
  let value: unknown;
  try {
    // Some models fence their JSON whatever they are told.
    value = JSON.parse(text.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ''));
  } catch {
    value = undefined;
  }
  const result = answer.safeParse(value);
  if (!result.success) throw new Error('the model’s answer was not JSON of the schema');
  return result.data.lines;
}
