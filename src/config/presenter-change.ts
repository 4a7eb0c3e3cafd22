import { z } from 'zod';
import { audioPatch } from './audio-patch.js';
import { presenterFields, presenterLook } from './sections/presenter.js';

/** Another presenter, look or voice, on air. */
export const presenterChange = z
  .strictObject({
    role: z.enum(['host', 'assistant']).optional().describe('Who changes; default: the host'),
    pack: presenterFields.pack.optional(),
    look: presenterLook.nullable().optional().describe('Another look; null is the presenter’s own'),
    voice: audioPatch.shape.voice.describe('The voice of coming lines'),
  })
  .refine(
    ({ pack, look, voice }) => pack !== undefined || look !== undefined || voice !== undefined,
    'expected pack, look or voice',
  );
