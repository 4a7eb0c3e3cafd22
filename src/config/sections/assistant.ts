import { z } from 'zod';
import { presenterFields } from './presenter.js';
import { voice } from './voice.js';

export const assistant = z
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
export type Assistant = z.infer<typeof assistant>;
