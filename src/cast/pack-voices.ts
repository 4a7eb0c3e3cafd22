import { z } from 'zod';

/** Parts common to drawn and filmed packs. */

export const GESTURES = ['point', 'wave', 'present', 'nod', 'think', 'thumbs-up'] as const;
export type GestureName = (typeof GESTURES)[number];

const packVoice = z
  .strictObject({
    name: z.string().min(1).max(64).describe('What presenter.voice.name of a room takes: heart, heart-max, f2, es+f2'),
    rate: z.number().min(0.5).max(2).default(1).describe('Speed, 1 is normal'),
    pitch: z.number().min(0.5).max(2).default(1).describe('Pitch, 1 is normal'),
  })
  .describe('A voice of the presenter');
/** Own voices of a presenter by language tag; `*` is for all others. */
export const packVoices = z
  .record(z.string().regex(/^(?:\*|[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)$/, 'expected a language tag or *'), packVoice)
  .describe('Voice by language: a BCP-47 tag, or * for all others. What a room names in presenter.voice comes first');
export type PackVoices = z.infer<typeof packVoices>;
export type PackVoice = z.infer<typeof packVoice>;
