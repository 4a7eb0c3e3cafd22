import { z } from 'zod';
import { voice } from './voice.js';

export const presenter = z
  .strictObject({
    pack: z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder'),
    voice: voice.prefault({}),
  })
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof presenter>;
