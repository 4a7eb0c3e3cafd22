import { z } from 'zod';
import { alerts } from './sections/alerts.js';
import { audio } from './sections/audio.js';
import { actions, evidence, risk, watch } from './sections/compliance.js';
import { control } from './sections/control.js';
import { cover } from './sections/cover.js';
import { daylight } from './sections/daylight.js';
import { encoder } from './sections/encoder.js';
import { events } from './sections/events.js';
import { layer } from './sections/layer.js';
import { colour, safeArea } from './sections/length.js';
import { output } from './sections/output.js';
import { presenter, presenterFields } from './sections/presenter.js';
import { product } from './sections/product.js';
import { replies } from './sections/replies.js';
import { rights } from './sections/rights.js';
import { script } from './sections/script.js';
import { llm } from './sections/services/llm.js';
import { recogniser } from './sections/services/recogniser.js';
import { shots } from './sections/shots.js';
import { takeover } from './sections/takeover.js';
import { voice } from './sections/voice.js';

const terms = z
  .array(z.string().min(1).max(60))
  .min(1)
  .max(500)
  .describe('Words or phrases, case-insensitive; a trailing "*" matches endings');

/** The room's own words, in addition to the rule packs. */
export const ruleWords = z
  .strictObject({
    forbid: z
      .array(
        z.strictObject({
          rule: z
            .string()
            .regex(/^[1-5]\.\d{1,2}$/)
            .describe('Id in the rule table, such as "2.1"; the rule decides the action'),
          language: z.string().min(2).max(35).default('any').describe('ISO 639-1 code, or "any"'),
          terms,
        }),
      )
      .max(100)
      .default([])
      .describe('Words that break a rule by themselves'),
    allow: z
      .array(
        z.strictObject({
          language: z.string().min(2).max(35).default('any').describe('ISO 639-1 code, or "any"'),
          terms,
        }),
      )
      .max(100)
      .default([])
      .describe(
        'Words that the rule packs must not match, such as the name of a brand. A telephone number, an address or a code ' +
          'stays forbidden',
      ),
  })
  .describe('Your own words: judged in speech, captions, layers, listings, pictures and replies');
export type RuleWords = z.infer<typeof ruleWords>;

const ocr = z
  .strictObject({
    pictures: z
      .enum(['auto', 'always', 'never'])
      .default('auto')
      .describe(
        'Reads and judges words inside pictures before they are shown. auto: where the reader works on this machine; ' +
          'always: an unread picture is refused',
      ),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(0)
      .describe(
        'Interval in seconds for reading the whole picture on air; 0: only when the show begins, a product ' +
          'appears for the first time, and after layers were added or removed, unless the same layers were read together before. Each reading takes 0.7 s of one core at low priority, and the reader 100 MB while it is in use',
      ),
  })
  .describe('Text recognition in pictures');

const secondOpinion = z
  .strictObject({
    onAir: z
      .boolean()
      .default(false)
      .describe('The learned detector, which checks every asset before it is shown, also checks the picture on air'),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(60)
      .describe(
        'Interval in seconds; 0: only after layers were added or removed. Each check takes 0.7 s of ' +
          'one core at low priority, including its start, and 100 MB for five seconds',
      ),
  })
  .describe('A second opinion on codes in the picture on air');

export const compliance = z
  .strictObject({
    lookAheadFrames: z
      .int()
      .min(2)
      .max(60)
      .default(20)
      .describe('Frames between drawing and release, in which a verdict must arrive'),
    dumpWindowMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .describe(
        'Span of the show that the dump button takes back, in ms, which also delays the broadcast; 0: only ' +
          'the look-ahead. Only changes from frame to frame are held: about 1.5 MB a second for a presenter on ' +
          'a still set at 720p30, 41 MB where every pixel changes',
      ),
    onCode: z.enum(['slate', 'hold']).default('slate').describe('Picture shown instead of a frame with a code'),
    retailBarcodes: z
      .enum(['allow', 'refuse'])
      .default('allow')
      .describe(
        'Whether retail and parcel barcodes (EAN, UPC, Code 128, Code 39, ITF, Codabar, DataBar) may be in the picture, as they ' +
          'are on most packaging; refuse: treated as any other code (rule 3.3)',
      ),
    actions,
    words: ruleWords.prefault({}),
    minimumHoldMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(1000)
      .describe('Minimum duration of a replacement, which prevents flicker'),
    mutedSound: z.enum(['silence', 'tone']).default('silence').describe('Sound instead of a forbidden word'),
    slateText: z
      .string()
      .max(120)
      .optional()
      .describe('Text of the slate; default: "back in a moment" in the room\'s language'),
    scanThreads: z
      .int()
      .min(1)
      .max(8)
      .optional()
      .describe('Threads that scan frames for codes; default: one, and more while it cannot keep up'),
    ledger: z
      .string()
      .min(1)
      .optional()
      .describe('Ledger file, relative to the room file; default: var/<room>/ledger.jsonl in the working directory'),
    ledgerDays: z
      .int()
      .min(1)
      .max(36_500)
      .default(1096)
      .describe('Days after which full ledger files are removed; default: three years'),
    evidence: evidence.prefault({}),
    ocr: ocr.prefault({}),
    secondOpinion: secondOpinion.prefault({}),
    safeArea: safeArea.prefault({}),
    watch: watch.prefault({}),
    risk: risk.prefault({}),
  })
  .describe('The gate');

const even = (min: number, max: number) => z.int().min(min).max(max).multipleOf(2, 'expected an even number of pixels');

const video = z
  .strictObject({
    width: even(64, 3840).default(720).describe('Width in pixels, even'),
    height: even(64, 3840).default(1280).describe('Height in pixels, even'),
    fps: z
      .union([z.int().min(1).max(60), z.literal(['24000/1001', '30000/1001', '60000/1001'])])
      .default(30)
      .describe('Frames per second, 1–60 or an NTSC fraction such as "30000/1001"'),
    background: colour.default('#10141c').describe('Colour below all layers'),
  })
  .describe('Size and rate of the picture');

const assistant = z
  .strictObject({
    name: z.string().max(60).default('').describe('Name of the assistant, for people'),
    pack: presenterFields.pack
      .optional()
      .describe('Presenter that stands for the assistant; needs a layer of type "assistant"'),
    look: presenterFields.look,
    voice: voice.prefault({}),
  })
  .describe(
    'A second voice beside the presenter, which speaks the lines with `role: "assistant"`; with a pack it is on the picture',
  );

const store = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: nothing is kept for `engine report`'),
    keepDays: z.int().min(1).max(3650).default(90).describe('Days after which lines, comments and figures are removed'),
    userNames: z
      .enum(['hash', 'plain', 'none'])
      .default('hash')
      .describe("Viewers' names: a salted hash that only tells returning viewers apart, the name itself, or nothing"),
  })
  .describe('Records of the show for `engine report`, in a database beside the ledger');
export type Store = z.infer<typeof store>;

export const room = z
  .strictObject({
    $schema: z.string().optional().describe('For editors only'),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name of the room, used in paths and logs'),
    title: z.string().max(120).default('').describe('Title for people'),
    language: z.string().min(2).max(35).default('en').describe('BCP-47 language of the broadcast'),
    seed: z.int().min(0).max(0xffff_ffff).default(1).describe('Same room, same seed, same frames'),
    video: video.prefault({}),
    encoder: encoder.prefault({}),
    audio: audio.prefault({}),
    presenter,
    assistant: assistant.optional(),
    cover: cover.optional(),
    rights: rights.prefault({}),
    products: z.array(product).max(200).default([]).describe('Products, as on their listings'),
    daylight: daylight.prefault({}),
    shots: shots.prefault({}),
    layers: z.array(layer).max(100).describe('Layers from back to front; exactly one is the presenter'),
    script,
    llm: llm.optional(),
    events: events.prefault({}),
    replies: replies.prefault({}),
    recogniser: recogniser.optional(),
    takeover: takeover.prefault({}),
    outputs: z.array(output).max(50).default([]).describe('Destinations besides the embedded server'),
    compliance: compliance.prefault({}),
    control: control.prefault({}),
    alerts: alerts.prefault({}),
    store: store.prefault({}),
  })
  .describe('A Showroom room file');

/** A parsed room file with defaults applied; paths are still relative. */
export type RoomFile = z.infer<typeof room>;
