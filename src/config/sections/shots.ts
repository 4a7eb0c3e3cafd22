import { z } from 'zod';
import { length } from './length.js';

/** The shots that a set can be seen in. */
export const SHOTS = ['hero', 'side-by-side', 'close-up'] as const;
export type ShotName = (typeof SHOTS)[number];

const placing = z
  .strictObject({
    x: length.optional().describe('Another distance from the anchor to the right'),
    y: length.optional().describe('Another distance from the anchor down'),
    window: z
      .strictObject({ x: length, y: length, width: length, height: length })
      .optional()
      .describe('The part of the frame through which it is seen, from the upper left corner'),
  })
  .describe('Its place in that shot, where it differs');
export type ShotPlacing = z.infer<typeof placing>;

/** Of layers that are not in every shot, or stand elsewhere in one. */
export const inShots = {
  shots: z
    .partialRecord(z.enum(SHOTS), placing)
    .optional()
    .describe('The shots it is in, with its place in each; left out: in all of them, at its place'),
};

export const shots = z
  .strictObject({
    cuts: z.boolean().default(true).describe('The director cuts between the shots; false stays in the opening one'),
    opening: z.enum(SHOTS).default('hero').describe('The shot that the room opens with'),
    rhythmSeconds: z
      .int()
      .min(15)
      .max(120)
      .default(25)
      .describe('How long the hero shot stays without another reason to cut, on average'),
  })
  .describe('How the picture is cut, in a room whose layers name shots');
