import { z } from 'zod';

/** Faults of the broadcast that show over time, not in a single frame or word: see `src/compliance/watch`. */

const SPEECH = ['warn', 'mute', 'tone', 'skip', 'stop'] as const;
const CAPTION = ['warn', 'drop', 'stop'] as const;
const REPLY = ['warn', 'skip', 'stop'] as const;
const FRAME = ['hold', 'blank', 'blur', 'pixelate', 'stop'] as const;

/** The actions that each surface offers. A bare action applies to every surface that offers it. */
export const ACTION_CHOICES = { speech: SPEECH, caption: CAPTION, reply: REPLY, frame: FRAME } as const;
export type ActionSurface = keyof typeof ACTION_CHOICES;

const choice = z.union([
  z
    .enum([...new Set([...SPEECH, ...CAPTION, ...FRAME])] as [string, ...string[]])
    .describe('Action on every surface that offers it'),
  z.strictObject({
    speech: z.enum(SPEECH).optional().describe('Spoken words'),
    caption: z.enum(CAPTION).optional().describe('Captions and texts on layers'),
    reply: z.enum(REPLY).optional().describe('Replies to viewers'),
    frame: z.enum(FRAME).optional().describe('The picture'),
  }),
]);

/** The action taken for a rule, by rule id, instead of the rule table's. */
export const actions = z
  .record(z.string().regex(/^[1-5]\.\d{1,2}$/, 'expected the id of a rule, such as "3.2"'), choice)
  .default({})
  .describe(
    'Action by rule id, instead of the one in the rule table: {"3.3": "blur", "3.2": {"speech": "tone"}}. ' +
      'An action weaker than in the table is reported by `engine check` and at the start; an action that a surface cannot take is refused',
  );
export type ActionsConfig = z.infer<typeof actions>;

export const evidence = z
  .strictObject({
    maxMb: z
      .int()
      .min(0)
      .max(100_000)
      .default(200)
      .describe('Maximum megabytes of evidence beside the ledger; the oldest is removed first; 0 keeps none'),
    days: z
      .int()
      .min(1)
      .max(36_500)
      .default(180)
      .describe('Days after its last use when evidence is removed; default: half a year'),
    pictures: z.boolean().default(true).describe('Keep withheld frames, as WebP'),
    sound: z.boolean().default(true).describe('Keep silenced words, as WAV'),
  })
  .describe('Evidence kept of withheld content');
export type EvidenceConfig = z.infer<typeof evidence>;

const share = (describe: string, preset: number): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(preset).describe(describe);
const span = (describe: string, preset: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(3_600_000).default(preset).describe(describe);

export const pictureWatch = z
  .strictObject({
    holdMs: span('Default duration after which a fault is reported, in ms', 3000),
    clearMs: span('Time without the fault after which its end is reported, in ms', 3000),
    blackShare: share('Minimum share of black pixels of a black picture', 0.9),
    frozenMs: span(
      "Time without motion in the presenter's area after which the picture counts as frozen, in ms",
      10_000,
    ),
    sharpTileShare: share(
      "Minimum share of sharp tiles among those with contrast in the presenter's area; below it, the picture is blurred",
      0.35,
    ),
    blockyTileShare: share('Minimum share of tiles with contrast that show one 8×8 grid in a blocky picture', 0.04),
    drawnShare: share("Minimum share of the room's frame rate that is drawn", 0.8),
    movingShare: share('Minimum share of the picture that moves; below it, it is a mere background', 0.05),
    movingWindowMs: span('Time within which a part must have moved to count as moving, in ms', 20_000),
    presenterShare: share("Minimum share of the frame covered by the presenter's area inside the safe area", 1 / 3),
    safeMargin: z
      .number()
      .min(0)
      .max(0.25)
      .default(0.03)
      .describe('Width of the edge outside the safe area, as a share of each side'),
    presenterRows: share(
      "Minimum share of the presenter's height that moves; below it, the presenter counts as absent",
      0.3,
    ),
    blackEdgeShare: share("Minimum share of black along the frame's edge of an uncovered canvas", 0.2),
    letterboxShare: share('Minimum height (or width) of each of two black bars, as a share of the frame', 0.03),
  })
  .describe('When the picture is reported (rules 5.8, 5.10, 5.11)');
export type PictureWatchThresholds = z.infer<typeof pictureWatch>;

export const soundWatch = z
  .strictObject({
    silentDbfs: z
      .number()
      .min(-120)
      .max(-20)
      .default(-60)
      .describe('Level below which sound counts as silence (RMS, dBFS)'),
    silentMs: span('Duration after which silence is reported, in ms', 8000),
    clippedShare: share('Share of clipped samples in a second from which sound counts as clipped', 0.002),
    clippedMs: span('Duration after which clipping is reported, in ms', 2000),
    speechDbfs: z
      .number()
      .min(-80)
      .max(0)
      .default(-28)
      .describe(
        'Level between music alone and speech (RMS, dBFS) at a programme loudness of −16 LUFS; ' +
          'follows audio.targetLufs',
      ),
    deadAirMs: span('Duration without speech that counts as dead air, in ms', 30_000),
  })
  .describe('When the sound is reported (rules 5.8, 5.10)');
export type SoundWatchThresholds = z.infer<typeof soundWatch>;

export const duplicateWatch = z
  .strictObject({
    similarity: share('Minimum similarity of near-duplicate utterances (1: equal texts)', 0.7),
    memoryHours: z.number().min(1).max(24).default(6).describe('Hours for which utterances are remembered'),
    repeatsPerHour: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('Maximum repetitions of an utterance in an hour; a looping script repeats by design'),
    repeatsInMemory: z
      .int()
      .min(1)
      .max(24_000)
      .default(80)
      .describe('Maximum repetitions of an utterance in memoryHours; variants of a line are different utterances'),
    stillDistance: share('Maximum distance of the perceptual hashes of near-duplicate pictures', 0.05),
    stillsShare: share('Minimum share of near-duplicate pictures in an hour of a repeated show', 0.98),
  })
  .describe('When content counts as repeated (rule 5.7)');
export type DuplicateThresholds = z.infer<typeof duplicateWatch>;

export const replyWatch = z
  .strictObject({
    perMinute: z.int().min(1).max(120).default(12).describe('Maximum answers to viewers in a minute'),
    repeats: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('Maximum repetitions of an answer within repeatMinutes; three times as many for a short greeting'),
    repeatMinutes: z.number().min(1).max(180).default(10).describe('Minutes for which answers are compared'),
    similarity: share('Minimum similarity of equal answers (1: equal texts)', 0.6),
  })
  .describe('When answers to viewers count as spam (rule 2.3)');
export type ReplyThresholds = z.infer<typeof replyWatch>;

export const watch = z
  .strictObject({
    picture: pictureWatch.prefault({}),
    sound: soundWatch.prefault({}),
    duplicates: duplicateWatch.prefault({}),
    replies: replyWatch.prefault({}),
  })
  .describe('Faults that show over time, and when they are reported');

export const risk = z
  .strictObject({
    limit: z
      .number()
      .min(1)
      .max(1000)
      .default(12)
      .describe(
        'Score at which the room goes to slate: 1 leads to a warning, 3 to going off air, 6 to deletion, 12 to a freeze',
      ),
    halfLifeHours: z.number().min(0.1).max(2160).default(12).describe('Half-life of a score, in hours'),
  })
  .describe("How violations add up before the platform's penalties");
export type RiskConfig = z.infer<typeof risk>;
