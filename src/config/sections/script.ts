import { z } from 'zod';

const gesture = z.enum(['none', 'point', 'wave', 'present', 'nod', 'think', 'thumbs-up']);
export type Gesture = z.infer<typeof gesture>;

export const line = z.strictObject({
  text: z.string().min(1).max(1000).describe('What is said'),
  variants: z
    .array(z.string().min(1).max(1000))
    .max(20)
    .default([])
    .describe('Other wordings: round by round they take turns with the text, so that a loop does not repeat itself'),
  caption: z.string().max(1000).optional().describe('What the caption shows; default: what is said; "" for none'),
  language: z.string().min(2).max(35).optional().describe("BCP-47, when it differs from the room's"),
  gesture: gesture.default('none').describe('Gesture as the line begins'),
  pauseMs: z.int().min(0).max(60_000).optional().describe("Silence after the line; default: the script's gapMs"),
});
export type Line = z.infer<typeof line>;

/** All that may be said in a line's place. */
export const wordingsOf = ({ text, variants }: Pick<Line, 'text' | 'variants'>): readonly string[] => [
  text,
  ...variants,
];

export const segment = z.strictObject({
  product: z.string().optional().describe('Id of the product that is presented'),
  lines: z.array(line).min(1).max(500).describe('What is said, line by line'),
});
export type Segment = z.infer<typeof segment>;

export const script = z
  .strictObject({
    loop: z.boolean().default(true).describe('Start over at the end'),
    gapMs: z.int().min(0).max(60_000).default(450).describe('Silence between lines in ms'),
    resume: z
      .enum(['after-crash', 'always', 'never'])
      .optional()
      .describe(
        'Whether `engine start` goes on at the line that was heard last: "after-crash" (default) when the engine was killed, "always" also when it was stopped in order',
      ),
    slateAfterMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .optional()
      .describe(
        'How long the presenter idles when a line is due but its voice or script stalls, before the slate is shown; default 120000, 0 never',
      ),
    fillers: z
      .array(z.string().min(1).max(1000))
      .max(100)
      .default([])
      .describe('Said one after the other when nobody has spoken for compliance.watch.sound.deadAirMs'),
    segments: z.array(segment).min(1).max(500).describe('Parts of the show, usually one a product'),
  })
  .describe('What the presenter says, in order');
export type Script = z.infer<typeof script>;
