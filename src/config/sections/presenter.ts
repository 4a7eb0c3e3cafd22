import { z } from 'zod';

export const voice = z
  .strictObject({
    provider: z
      .enum(['espeak', 'flite'])
      .optional()
      .describe("Speech provider; default: the presenter's own voice, or the best embedded one for the language"),
    language: z.string().min(2).max(35).optional().describe("BCP-47 language of the voice; default: the room's"),
    name: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("A voice by name (engine doctor --voices); default: the presenter's own for the language"),
    rate: z.number().min(0.5).max(2).default(1).describe('Speed, 1 is normal'),
    pitch: z.number().min(0.5).max(2).default(1).describe('Pitch, 1 is normal'),
  })
  .describe('The voice that speaks the script');
export type Voice = z.infer<typeof voice>;

export const presenter = z
  .strictObject({
    pack: z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder'),
    voice: voice.prefault({}),
  })
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof presenter>;
