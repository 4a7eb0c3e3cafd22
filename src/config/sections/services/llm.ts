import { z } from 'zod';

/** Wordings that are written while the show runs. */
export const llmAhead = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Write new wordings of the script’s lines while the show runs'),
    hours: z
      .number()
      .min(0.25)
      .max(24)
      .default(2)
      .describe('No sentence is to come again within so many hours; more wordings than that takes are not written'),
    maxRequestsPerDay: z
      .int()
      .min(1)
      .max(10_000)
      .default(300)
      .describe('Requests to the model a day (UTC); beyond it the wordings there are go round'),
    maxCharactersPerDay: z
      .int()
      .min(1000)
      .max(100_000_000)
      .default(1_500_000)
      .describe('Characters sent and received a day (UTC)'),
  })
  .describe('Fresh wordings on air');
export type LlmAhead = z.infer<typeof llmAhead>;

/** A language model that rewords the script; anything that speaks OpenAI's chat completions. */
export const llm = z
  .strictObject({
    baseUrl: z
      .url({ protocol: /^https?$/, error: 'expected http(s)://host/v1' })
      .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'expected an address without a name and a password')
      .meta({
        description: 'Address before "/chat/completions" of an OpenAI-compatible server',
        examples: ['https://api.openai.com/v1', 'http://127.0.0.1:11434/v1'],
      }),
    model: z.string().min(1).max(200).describe('Name of the model'),
    apiKey: z
      .string()
      .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'expected "${LLM_KEY}": the name of an environment variable, not a key')
      .optional()
      .describe(
        'Environment variable that holds the key, such as "${LLM_KEY}"; the key itself has no place in a room file',
      ),
    timeoutMs: z
      .int()
      .min(1000)
      .max(600_000)
      .default(60_000)
      .describe('How long one answer may take in ms, from the question to its last word'),
    ahead: llmAhead.optional(),
    price: z
      .strictObject({
        input: z.number().min(0).max(1000).describe('US dollars a million tokens that are sent'),
        output: z.number().min(0).max(1000).describe('US dollars a million tokens that come back'),
      })
      .optional()
      .describe('What the provider charges, for the cost of the day'),
    maxUsdPerDay: z
      .number()
      .positive()
      .max(100_000)
      .optional()
      .describe('No more requests on a day (UTC) that has cost so much by `price`'),
  })
  .describe(
    'Language model for `engine script`, for fresh wordings on air and for answers; without it the script is written by sentence plans',
  );
export type LlmConfig = z.infer<typeof llm>;
