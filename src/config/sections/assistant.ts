import { z } from 'zod';
import { voice } from './voice.js';

export const assistant = z
  .strictObject({
    name: z.string().max(60).default('').describe('Name of the assistant, for people'),
    voice: voice.prefault({}),
  })
  .describe(
    'A second voice beside the presenter: it speaks the lines with `role: "assistant"` and is not on the picture',
  );
export type Assistant = z.infer<typeof assistant>;
