import { z } from 'zod';

/** Voices without an account and a network. Kokoro speaks once its model is installed; the others come with the package. */
const EMBEDDED_PROVIDERS = ['espeak', 'heart', 'kokoro'] as const;
/** Services that are paid by the character, or one's own server with the same protocol. */
const CLOUD_PROVIDERS = ['openai', 'cosyvoice', 'azure', 'elevenlabs', 'volcengine', 'minimax'] as const;
/** Models and programs of this machine. */
export const LOCAL_PROVIDERS = ['piper', 'sherpa'] as const;
const VOICE_PROVIDERS = [...EMBEDDED_PROVIDERS, ...CLOUD_PROVIDERS, ...LOCAL_PROVIDERS] as const;
export type VoiceProvider = (typeof VOICE_PROVIDERS)[number];
export type CloudProviderId = (typeof CLOUD_PROVIDERS)[number];

export const isEmbedded = (provider: string | undefined): boolean =>
  provider === undefined || (EMBEDDED_PROVIDERS as readonly string[]).includes(provider);

type Field = 'name' | 'model' | 'baseUrl' | 'apiKey' | 'region' | 'accountId' | 'style' | 'languages';
type Limit = 'timeoutMs' | 'maxCharactersPerDay';
interface Fields {
  readonly needs: readonly Field[];
  readonly takes: readonly (Field | Limit)[];
}
const LIMITS = ['timeoutMs', 'maxCharactersPerDay'] as const;

/** The keys of each provider besides provider, language, name, rate and pitch. */
export const PROVIDER_FIELDS: Readonly<Record<VoiceProvider, Fields>> = {
  espeak: { needs: [], takes: [] },
  heart: { needs: [], takes: [] },
  kokoro: { needs: [], takes: [] },
  openai: { needs: ['name'], takes: ['model', 'baseUrl', 'apiKey', 'style', 'languages', ...LIMITS] },
  cosyvoice: { needs: ['name', 'apiKey'], takes: ['model', 'baseUrl', 'languages', ...LIMITS] },
  azure: { needs: ['name', 'apiKey'], takes: ['region', 'baseUrl', 'style', 'languages', ...LIMITS] },
  elevenlabs: { needs: ['name', 'apiKey'], takes: ['model', 'baseUrl', 'languages', ...LIMITS] },
  volcengine: {
    needs: ['name', 'apiKey'],
    takes: ['model', 'baseUrl', 'accountId', 'style', 'languages', ...LIMITS],
  },
  minimax: { needs: ['name', 'apiKey'], takes: ['model', 'baseUrl', 'accountId', 'style', 'languages', ...LIMITS] },
  piper: { needs: ['model'], takes: ['languages', 'timeoutMs'] },
  sherpa: { needs: ['model'], takes: ['languages', 'timeoutMs'] },
};

const fields = {
  provider: z
    .enum(VOICE_PROVIDERS)
    .optional()
    .describe("Speech provider; default: the presenter's own voice, or the best embedded one for the language"),
  language: z.string().min(2).max(35).optional().describe("BCP-47 language of the voice; default: the room's"),
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}<>"]*$/u, 'expected a name without quotes, angle brackets and control characters')
    .optional()
    .describe(
      "A voice by name (engine doctor --voices), or a provider's own id of a voice; default: the presenter's own for the language",
    ),
  rate: z.number().min(0.5).max(2).default(1).describe('Speed, 1 is normal'),
  pitch: z.number().min(0.5).max(2).default(1).describe('Pitch, 1 is normal; OpenAI and ElevenLabs have no pitch'),
  model: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      "The provider's model (Volcengine: resource id); piper: path of the .onnx file, sherpa: of the folder, from the room file",
    ),
  baseUrl: z
    .url({ protocol: /^(https?|wss?)$/, error: 'expected an address such as https://host/v1' })
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'expected an address without a name and a password')
    .optional()
    .describe("The provider's address where it is not the usual one: another region, a proxy, a server of your own"),
  apiKey: z
    .string()
    .regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, 'expected "${VOICE_KEY}": the name of an environment variable, not a key')
    .optional()
    .describe(
      'Environment variable that holds the key, such as "${VOICE_KEY}"; the key itself has no place in a room file',
    ),
  region: z
    .string()
    .regex(/^[a-z0-9]{2,40}$/, 'expected a region such as southeastasia')
    .optional()
    .describe('Region of an Azure resource'),
  accountId: z
    .string()
    .regex(/^[\w-]{1,80}$/, 'expected an id of letters, digits and dashes')
    .optional()
    .describe('App id of Volcengine (where it has no single API key), or group id of MiniMax'),
  style: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^\p{Cc}<>"]*$/u, 'expected words without quotes and angle brackets')
    .optional()
    .describe('Manner: instructions (OpenAI), style (Azure), emotion (Volcengine, MiniMax)'),
  languages: z
    .array(z.string().min(2).max(35))
    .min(1)
    .max(100)
    .optional()
    .describe('Languages the voice speaks; lines in others go to the fallback. Default: all'),
  timeoutMs: z
    .int()
    .min(1000)
    .max(120_000)
    .optional()
    .describe(
      'How long one piece of a line (300 characters at most) may take in ms, to its last sample; default 15000',
    ),
  maxCharactersPerDay: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe('Characters sent to the provider in a day (UTC) at most; beyond them the fallback speaks'),
};

interface Named {
  readonly provider?: VoiceProvider | undefined;
  readonly [field: string]: unknown;
}

/** Hosts to which a key may go without TLS: this machine and its own network. */
const NEAR = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/;
const inTheClear = (url: unknown): boolean =>
  typeof url === 'string' && /^(http|ws):/i.test(url) && !NEAR.test(new URL(url).hostname);

/** A key that the provider would ignore is a fault, as is a missing one. */
function fitting(value: Named, context: z.core.$RefinementCtx): void {
  const { provider } = value;
  const { needs, takes } = PROVIDER_FIELDS[provider ?? 'espeak'];
  for (const field of needs) {
    if (value[field] !== undefined) continue;
    context.addIssue({ code: 'custom', path: [field], message: `expected a value: ${provider} needs "${field}"` });
  }
  if (provider === 'azure' && value['region'] === undefined && value['baseUrl'] === undefined)
    context.addIssue({ code: 'custom', path: ['region'], message: 'expected a region, or a baseUrl' });
  if (value['apiKey'] !== undefined && inTheClear(value['baseUrl']))
    context.addIssue({
      code: 'custom',
      path: ['baseUrl'],
      message: 'expected https or wss: the key would be readable',
    });
  if (value['fallback'] !== undefined && isEmbedded(provider))
    context.addIssue({
      code: 'custom',
      path: ['fallback'],
      message: 'expected no "fallback": embedded voices do not fail',
    });
  for (const field of ['model', 'baseUrl', 'apiKey', 'region', 'accountId', 'style', 'languages', ...LIMITS] as const) {
    if (value[field] === undefined || [...needs, ...takes].includes(field)) continue;
    const by = provider === undefined ? 'a voice without a provider' : provider;
    context.addIssue({ code: 'custom', path: [field], message: `expected no "${field}": ${by} does not use it` });
  }
}

const fallbackVoice = z
  .strictObject(fields)
  .superRefine(fitting)
  .describe('A voice that speaks when those before it cannot');
export type FallbackVoice = z.infer<typeof fallbackVoice>;

export const voice = z
  .strictObject({
    ...fields,
    fallback: z
      .array(fallbackVoice)
      .max(5)
      .optional()
      .describe(
        'Voices to try in order when this one fails, rests or is capped; the embedded voice comes last by itself',
      ),
  })
  .superRefine(fitting)
  .describe('The voice that speaks the script');
export type Voice = z.infer<typeof voice>;
