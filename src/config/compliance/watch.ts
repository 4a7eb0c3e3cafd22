import { z } from 'zod';

/** What is watched on air although no single frame or word breaks a rule: see `compliance/watch`. */

const share = (describe: string, preset: number): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(preset).describe(describe);
const span = (describe: string, preset: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(3_600_000).default(preset).describe(describe);

export const pictureWatch = z
  .strictObject({
    holdMs: span('How long a fault lasts before it is reported, in ms, where nothing else is said', 3000),
    clearMs: span('How long a fault must be gone before that is reported, in ms', 3000),
    blackShare: share('Share of black pixels from which the picture counts as black', 0.9),
    frozenMs: span('Nothing moves where the presenter stands for this long: frozen, in ms', 10_000),
    sharpTileShare: share(
      'Below this share of sharp tiles among those with contrast, where the presenter stands, the picture is blurred',
      0.35,
    ),
    blockyTileShare: share(
      'Share of tiles with contrast that show one 8×8 grid, from which the picture is blocky',
      0.04,
    ),
    drawnShare: share("Below this share of the room's frame rate that is really drawn, the frame rate is low", 0.8),
    movingShare: share('Below this share of the picture that moves, it is a mere background', 0.05),
    movingWindowMs: span('Time in which a part must have moved to count as moving, in ms', 20_000),
    presenterShare: share("Least share of the frame that the presenter's place takes inside the safe area", 1 / 3),
    safeMargin: z
      .number()
      .min(0)
      .max(0.25)
      .default(0.03)
      .describe('Width of the edge outside the safe area, as a share of each side'),
    presenterRows: share("Below this share of the height of the presenter's place that moves, nobody is there", 0.3),
    blackEdgeShare: share("Share of the frame's edge that is black, from which canvas counts as left uncovered", 0.2),
    letterboxShare: share('Least height (or width) of each of two black bars, as a share of the frame', 0.03),
  })
  .describe('When the picture is reported (rules 5.8, 5.10, 5.11)');
export type PictureWatchThresholds = z.infer<typeof pictureWatch>;

export const soundWatch = z
  .strictObject({
    silentDbfs: z.number().min(-120).max(-20).default(-60).describe('Quieter than this (RMS, dBFS) is silence'),
    silentMs: span('Silence for this long is reported, in ms', 8000),
    clippedShare: share('Share of clipped samples in a second from which sound counts as clipped', 0.002),
    clippedMs: span('Clipping for this long is reported, in ms', 2000),
    speechDbfs: z
      .number()
      .min(-80)
      .max(0)
      .default(-28)
      .describe(
        'Speech is louder than this (RMS, dBFS), music alone must be below, at a programme loudness of −16 LUFS; ' +
          'moves with audio.targetLufs',
      ),
    deadAirMs: span('No speech for this long is dead air, in ms', 30_000),
  })
  .describe('When the sound is reported (rules 5.8, 5.10)');
export type SoundWatchThresholds = z.infer<typeof soundWatch>;

export const duplicateWatch = z
  .strictObject({
    similarity: share('From this similarity on two utterances are near-duplicates (1 is the same text)', 0.7),
    memoryHours: z.number().min(1).max(24).default(6).describe('How long utterances are remembered, in hours'),
    repeatsPerHour: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('How often one utterance may be heard in an hour; a script that loops repeats by design'),
    repeatsInMemory: z
      .int()
      .min(1)
      .max(24_000)
      .default(80)
      .describe('How often one utterance may be heard in memoryHours; variants of a line are other utterances'),
    stillDistance: share('Up to this distance of perceptual hashes two pictures are near-duplicates', 0.05),
    stillsShare: share('Share of near-duplicate pictures in an hour from which the show counts as repeated', 0.98),
  })
  .describe('When content counts as repeated (rule 5.7)');
export type DuplicateThresholds = z.infer<typeof duplicateWatch>;

export const replyWatch = z
  .strictObject({
    perMinute: z.int().min(1).max(120).default(12).describe('Answers to viewers within a minute, at most'),
    repeats: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('How often one answer may be given within repeatMinutes; a short greeting three times as often'),
    repeatMinutes: z.number().min(1).max(180).default(10).describe('For how long answers are compared, in minutes'),
    similarity: share('From this similarity on two answers are the same (1 is the same text)', 0.6),
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
  .describe('What is watched over time, and from when on it is reported');
export type Watch = z.infer<typeof watch>;

export const risk = z
  .strictObject({
    limit: z
      .number()
      .min(1)
      .max(1000)
      .default(12)
      .describe(
        'Score at which the room goes to slate: 1 is worth a warning, 3 going off air, 6 deletion, 12 a freeze',
      ),
    halfLifeHours: z.number().min(0.1).max(2160).default(12).describe('Time in which a score halves, in hours'),
  })
  .describe("How violations add up before the platform's penalties");
export type RiskConfig = z.infer<typeof risk>;
