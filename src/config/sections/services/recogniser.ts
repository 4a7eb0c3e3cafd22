import { z } from 'zod';

const timeoutMs = z
  .int()
  .min(500)
  .max(120_000)
  .default(4000)
  .describe('How long the words of one piece of voice may take in ms; a piece without words in time stays silent');

const http = z.strictObject({
  kind: z.literal('http').describe('A server with OpenAI’s audio transcriptions'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'expected http(s)://host/v1' })
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'expected an address without a name and a password')
    .meta({
      description: 'Address before "/audio/transcriptions" of an OpenAI-compatible server',
      examples: ['https://api.openai.com/v1', 'http://127.0.0.1:8000/v1'],
    }),
  model: z.string().min(1).max(200).default('whisper-1').describe('Name of the model'),
  apiKey: z
    .string()
    .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'expected "${STT_KEY}": the name of an environment variable, not a key')
    .optional()
    .describe(
      'Environment variable that holds the key, such as "${STT_KEY}"; the key itself has no place in a room file',
    ),
  timeoutMs,
});

export const SHERPA_MODELS = ['transducer', 'paraformer', 'sense-voice'] as const;

const sherpa = z.strictObject({
  kind: z.literal('sherpa').describe('A model folder on this machine, read by the package sherpa-onnx-node'),
  folder: z
    .string()
    .min(1)
    .max(4096)
    .describe('Folder with the model’s .onnx files and tokens.txt, relative to the room file'),
  model: z.enum(SHERPA_MODELS).optional().describe('Kind of the model; default: by the names of the files'),
  threads: z.int().min(1).max(16).default(1).describe('Threads of the recogniser'),
  timeoutMs,
});
export type SherpaRecogniserConfig = z.infer<typeof sherpa>;

export const recogniser = z
  .discriminatedUnion('kind', [http, sherpa])
  .describe('Writes down what a person says, so that it can be judged; without it only typed lines can take over');
export type RecogniserConfig = z.infer<typeof recogniser>;
