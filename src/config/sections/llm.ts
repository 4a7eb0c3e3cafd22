import { z } from 'zod';

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
  })
  .describe('Language model for `engine script`; without it the script is written by sentence plans');
export type LlmConfig = z.infer<typeof llm>;
