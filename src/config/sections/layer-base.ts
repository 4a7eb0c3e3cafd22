import { z } from 'zod';
import { anchor, length } from './length.js';
import { inShots } from './shots.js';

/** Position, order, transitions and motion: the properties common to all layers. */

const easing = z.enum(['linear', 'ease-in', 'ease-out', 'ease-in-out', 'back-out']).describe('Speed curve');
export type Easing = z.infer<typeof easing>;

const transition = z
  .strictObject({
    type: z
      .enum(['none', 'fade', 'slide-left', 'slide-right', 'slide-up', 'slide-down', 'pop', 'wipe'])
      .describe('Kind of motion'),
    durationMs: z.int().min(0).max(10_000).default(400).describe('Length in ms'),
    easing: easing.default('ease-out'),
    stepMs: z
      .int()
      .min(1)
      .max(5000)
      .optional()
      .describe('Advances only every so many ms: a slow fade of a large layer costs less; default every frame'),
  })
  .describe('Entrance or exit of a layer');
export type Transition = z.infer<typeof transition>;

const keyframe = z.strictObject({
  atMs: z.int().min(0).describe('Time in ms since the layer was shown'),
  dx: length.optional().describe('Offset to the right from its position'),
  dy: length.optional().describe('Offset down from its position'),
  opacity: z.number().min(0).max(1).optional().describe('0 invisible, 1 full'),
  easing: easing.default('ease-in-out').describe('Curve towards this keyframe'),
});

const motion = z
  .strictObject({
    keyframes: z.array(keyframe).min(1).max(64).describe('Points of the motion, in order of time'),
    loopMs: z.int().min(100).optional().describe('Restart after this many ms; by default the last keyframe stays'),
    stepMs: z
      .int()
      .min(1)
      .max(5000)
      .optional()
      .describe('Moves at most every so many ms: a slow motion of a large layer costs less; default every frame'),
  })
  .describe("Keyframed motion relative to the layer's position");
export type Motion = z.infer<typeof motion>;

/** The properties that every layer has, one that must stay on the picture too. */
export const lasting = {
  id: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
    .describe('Name of the layer, unique in the room'),
  z: z.int().min(-1000).max(1000).default(0).describe('Stacking order; equal values stack in file order'),
  anchor: anchor.default('top-left'),
  x: length
    .default(0)
    .describe('Distance from the anchor to the right (inwards is positive at left anchors, negative at right ones)'),
  y: length.default(0).describe('Distance from the anchor down'),
  width: length.optional().describe("Width; default: the content's, or the frame's for backgrounds and captions"),
  height: length.optional().describe("Height; default: the content's"),
  opacity: z.number().min(0).max(1).default(1).describe('0 invisible, 1 full'),
  product: z.string().optional().describe('Shown only while this product is presented'),
  shown: z
    .enum(['always', 'on-cue'])
    .optional()
    .describe('"on-cue": only while a script line that names it in `show` is spoken; default "always"'),
  enter: transition.optional(),
  leave: transition.optional(),
  motion: motion.optional(),
  depth: z
    .number()
    .min(-2)
    .max(2)
    .optional()
    .describe(
      "Parallax: how far the layer follows the presenter's slow sway, 1 for 1.2 % of the shorter side; parts with clear space between them move as pictures of their own",
    ),
  locked: z.boolean().optional().describe('For editors: it is not moved or changed by hand until it is unlocked'),
};

/** The properties of a layer that may be hidden. */
export const base = {
  ...lasting,
  ...inShots,
  hidden: z.boolean().optional().describe('Kept in the room, and not on the picture'),
};

/** Of layers drawn as one picture. */
export const turn = {
  rotate: z.number().min(-180).max(180).optional().describe('Clockwise turn about the middle of its box, in degrees'),
};
