import { z } from 'zod';
import { voice } from './voice.js';

const chroma = z.strictObject({
  kind: z.literal('chroma').describe('Removes a backdrop of one colour'),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as #00ff00')
    .default('#00ff00')
    .describe('Colour of the backdrop'),
  tolerance: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.45)
    .describe('How much paler than `colour` the backdrop may be and still vanish; more removes shadows and folds'),
  softness: z.number().min(0).max(0.9).default(0.3).describe('Width of the half-transparent edge: hair needs more'),
  spill: z.number().min(0).max(1).default(1).describe('How much of the backdrop’s reflection is taken off the person'),
});

const packed = z.strictObject({
  kind: z.enum(['alpha-right', 'alpha-below']).describe('The frame is twice as large: colour, then alpha as grey'),
});

const opaque = z.strictObject({ kind: z.literal('none').describe('The whole rectangle is shown') });

const avatarKey = z
  .discriminatedUnion('kind', [chroma, packed, opaque])
  .describe('How the person is separated from the background');
export type AvatarKey = z.infer<typeof avatarKey>;
export type ChromaKeyConfig = z.infer<typeof chroma>;

const envName = (example: string) =>
  z
    .string()
    .regex(
      /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/,
      `expected "\${${example}}": the name of an environment variable, not a key`,
    );

const token = envName('AVATAR_TOKEN')
  .optional()
  .describe('Environment variable that holds a bearer token, such as "${AVATAR_TOKEN}"');

const leadMs = z
  .int()
  .min(0)
  .max(10_000)
  .default(800)
  .describe('From the sound of a line at the other engine to its picture here, in ms; it is sent so much earlier');

const withoutPassword = (form: string) =>
  z
    .url({ protocol: /^https?$/, error: `expected ${form}` })
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'expected an address without a name and a password');

const toLiveTalking = z
  .strictObject({
    kind: z.literal('live-talking').describe('LiveTalking’s HTTP interface: POST /humanaudio and /interrupt_talk'),
    baseUrl: withoutPassword('http(s)://host:port').meta({
      description: 'Address before "/humanaudio"',
      examples: ['http://127.0.0.1:8010'],
    }),
    sessionId: z.string().min(1).max(200).default('0').describe('Session of the avatar; "0" is the only one of a push'),
    token,
    leadMs,
  })
  .describe('Each line as a file');

const toWhip = z
  .strictObject({
    kind: z.literal('whip').describe('WebRTC push (RFC 9725) of one Opus track that flows all the time'),
    url: withoutPassword('http(s)://host/…').meta({
      description: 'WHIP endpoint of the other engine',
      examples: ['http://127.0.0.1:8889/voice/whip'],
    }),
    token,
    kbps: z.int().min(16).max(128).default(48).describe('Bitrate of the speech'),
    leadMs,
  })
  .describe('The speech as it is spoken');

const speech = z
  .discriminatedUnion('kind', [toLiveTalking, toWhip])
  .describe('Sends the host’s speech to the other engine, so that the lips follow');

export const externalAvatar = z
  .strictObject({
    key: avatarKey.default({ kind: 'chroma', colour: '#00ff00', tolerance: 0.45, softness: 0.3, spill: 1 }),
    fit: z
      .enum(['contain', 'cover'])
      .default('contain')
      .describe('"contain": whole and standing on the lower edge of the layer; "cover": fills the layer'),
    matrix: z
      .enum(['auto', 'bt601', 'bt709'])
      .default('auto')
      .describe('Colour matrix of the video; "auto": by its own tags, else BT.601, as most engines write it'),
    streamKey: envName('AVATAR_KEY')
      .optional()
      .describe(
        'For rtmp: environment variable with the key of rtmp://host/avatar/KEY, 16 or more letters, digits, - and _',
      ),
    idleClip: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('Clip, keyed like the source, that plays during a stall; without it the last good seconds play'),
    standInAfterMs: z
      .int()
      .min(1000)
      .max(600_000)
      .default(8000)
      .describe('Length of a stall in ms after which the drawn presenter of `pack` stands in'),
    standIn: z
      .boolean()
      .default(true)
      .describe('false: there is no stand-in, and the slate is shown for as long as the source is away'),
    speech: speech.optional(),
  })
  .describe('Video of a presenter from another engine');
export type ExternalAvatar = z.infer<typeof externalAvatar>;

const PRESENTER_SOURCES = ['pack', 'whip', 'rtmp'] as const;

const pack = z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder');

const part = z.string().min(1).max(32).describe('Its name in the parts library');
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'expected a colour like #c8402f')
  .optional();
const clothes = (what: string) =>
  z.strictObject({
    kind: part,
    colour: colour.describe(`Main colour of the ${what}`),
    accent: colour.describe(`Second colour of the ${what}`),
  });
const worn = (what: string) => z.strictObject({ kind: part, colour: colour.describe(`Colour of the ${what}`) });

/** The names are checked by the parts library when the presenter is drawn. */
export const presenterLook = z
  .union([
    z.string().min(1).max(32).describe('A look of the presenter’s wardrobe, or an outfit: chef, lab-coat, hanfu'),
    z
      .strictObject({
        outfit: clothes('outfit').describe('Clothes'),
        headwear: clothes('headwear').optional().describe('Scarf, turban or cap'),
        glasses: worn('glasses').optional().describe('Glasses'),
        earrings: worn('earrings').optional().describe('Earrings'),
      })
      .describe('Clothes in colours of your choice'),
  ])
  .describe('Clothes of a presenter made from a spec; default: its own');

const full = z.strictObject({
  pack,
  look: presenterLook.optional(),
  voice: voice.prefault({}),
  source: z
    .enum(PRESENTER_SOURCES)
    .optional()
    .describe(
      'Where the pictures come from: drawn from `pack` (default), or sent by another engine over WHIP or RTMP; `pack` then gives the voices and stands in',
    ),
  external: externalAvatar.optional().describe('How a presenter of another engine is shown'),
});

/** A presenter by its name alone is short for an object with its pack. */
export const presenter = z
  .union([pack.transform((name) => full.parse({ pack: name })), full])
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof full>;
export const presenterFields = full.shape;
