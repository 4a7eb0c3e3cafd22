import { z } from 'zod';

const quickPhrase = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name of the phrase'),
    text: z.string().min(1).max(500).describe('Words, judged at the start like a line of the script'),
    language: z.string().min(2).max(35).optional().describe("BCP-47, when it differs from the room's"),
  })
  .describe('A line for one click');

export const takeover = z
  .strictObject({
    quickPhrases: z.array(quickPhrase).max(100).default([]).describe('Lines for one click'),
    replies: z
      .enum(['wait', 'go-on'])
      .default('wait')
      .describe('Answers to viewers meanwhile: "wait" until the show is given back, or "go-on"'),
    maxIdleMs: z
      .int()
      .min(10_000)
      .max(86_400_000)
      .default(300_000)
      .describe('The script goes on by itself when the person is silent for so long, in ms'),
    delayMs: z
      .int()
      .min(4000)
      .max(30_000)
      .default(8000)
      .describe(
        'From the microphone to the show in ms: the time in which each piece of voice is written down and judged',
      ),
  })
  .describe('A person takes over the show');
export type TakeoverConfig = z.infer<typeof takeover>;
