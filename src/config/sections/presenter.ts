import { z } from 'zod';
import { externalAvatar } from './external-avatar.js';
import { voice } from './voice.js';

export const PRESENTER_SOURCES = ['pack', 'whip', 'rtmp'] as const;

export const presenter = z
  .strictObject({
    pack: z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder'),
    voice: voice.prefault({}),
    source: z
      .enum(PRESENTER_SOURCES)
      .optional()
      .describe(
        'Where the pictures come from: drawn from `pack` (default), or sent by another engine over WHIP or RTMP; `pack` then gives the voices and stands in',
      ),
    external: externalAvatar.optional().describe('How a presenter of another engine is shown'),
  })
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof presenter>;
