import { z } from 'zod';
import { voice } from './voice.js';

const pack = z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder');

/** Checked against the presenter's wardrobe when it is drawn. */
export const presenterLook = z
  .union([
    z.string().min(1).max(32).describe('A look of the presenter’s wardrobe, or an outfit: chef, lab-coat, hanfu'),
    z
      .looseObject({ outfit: z.looseObject({ kind: z.string().min(1).max(32) }) })
      .describe('Clothes: {outfit: {kind, colour, accent}, headwear, glasses, earrings}'),
  ])
  .describe('Clothes of a presenter made from a spec; default: its own');

const full = z.strictObject({ pack, look: presenterLook.optional(), voice: voice.prefault({}) });

/** A presenter by its name alone is short for an object with its pack. */
export const presenter = z
  .union([pack.transform((name) => full.parse({ pack: name })), full])
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof full>;
export const presenterFields = full.shape;
