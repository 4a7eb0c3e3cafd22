import { z } from 'zod';
import type { Shape } from '../value-fault.js';

const gesture = z.enum(['none', 'point', 'wave', 'present', 'nod', 'think', 'thumbs-up']);
export type Gesture = z.infer<typeof gesture>;

const id = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
  .optional();

export const line = z.strictObject({
  id: id.describe('Name of the line, unique in its segment; default: line-1, line-2…'),
  text: z.string().min(1).max(1000).describe('Spoken text'),
  variants: z
    .array(z.string().min(1).max(1000))
    .max(20)
    .default([])
    .describe('Other wordings: rounds alternate between them and the text, so that a loop does not repeat itself'),
  caption: z.string().max(1000).optional().describe('Caption; default: the spoken text; "" for none'),
  language: z.string().min(2).max(35).optional().describe("BCP-47, when it differs from the room's"),
  gesture: gesture.default('none').describe('Gesture as the line begins'),
  pauseMs: z.int().min(0).max(60_000).optional().describe("Silence after the line; default: the script's gapMs"),
  role: z.enum(['host', 'assistant']).optional().describe('Whose voice speaks it; default "host"'),
  show: z
    .array(z.string())
    .max(10)
    .optional()
    .describe('Ids of layers with `shown: "on-cue"` that are shown while the line is spoken'),
});
export type Line = Shape<typeof line>;

/** All wordings of a line: its text and its variants. */
export const wordingsOf = ({ text, variants }: Pick<Line, 'text' | 'variants'>): readonly string[] => [
  text,
  ...variants,
];

export const segment = z.strictObject({
  id: id.describe('Name of the segment, unique in the script; default: segment-1, segment-2…'),
  product: z.string().optional().describe('Id of the presented product'),
  lines: z.array(line).min(1).max(500).describe('Spoken lines'),
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
        'Whether `engine start` resumes at the last line heard: "after-crash" (default) when the engine was killed, "always" also after a regular stop',
      ),
    slateAfterMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .optional()
      .describe(
        'Time for which the presenter idles when the voice or script of a due line stalls, before the slate is shown; default 120000, 0 never',
      ),
    fillers: z
      .array(z.string().min(1).max(1000))
      .max(100)
      .default([])
      .describe('Spoken one after the other when nobody has spoken for compliance.watch.sound.deadAirMs'),
    addWordings: z
      .boolean()
      .optional()
      .describe(
        'Without a language model: add other wordings of the sentence plans to the lines they wrote, while the show runs; default true',
      ),
    segments: z.array(segment).min(1).max(500).describe('Parts of the show, usually one per product'),
  })
  .describe("The presenter's lines, in order");
export type Script = z.infer<typeof script>;
