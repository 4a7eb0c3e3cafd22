import { z } from 'zod';
import { colour } from './length.js';

const even = (min: number, max: number) => z.int().min(min).max(max).multipleOf(2, 'expected an even number of pixels');

export const video = z
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
export type Video = z.infer<typeof video>;
