import { z } from 'zod';
import { voice } from './voice.js';

const pack = z.string().min(1).describe('Name of a presenter under templates/presenters, or a path to a pack folder');

const kind = z.string().min(1).max(32).describe('Its name in the parts library');
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'expected a colour like #c8402f')
  .optional();
const clothes = (what: string) =>
  z.strictObject({
    kind,
    colour: colour.describe(`Main colour of the ${what}`),
    accent: colour.describe(`Second colour of the ${what}`),
  });
const worn = (what: string) => z.strictObject({ kind, colour: colour.describe(`Colour of the ${what}`) });

/** The names are checked by the parts library when the presenter is drawn. */
export const presenterLook = z
  .union([
    z.string().min(1).max(32).describe('A look of the presenter’s wardrobe, or an outfit: chef, lab-coat, hanfu'),
    z
      .strictObject({
        outfit: clothes('outfit').describe('Clothes'),
        headwear: clothes('headwear').optional().describe('Scarf, turban or cap'),
        glasses: worn('glasses').optional().describe('Glasses'),
        earrings: worn('earrings').optional().describe('Earrings'),
      })
      .describe('Clothes in colours of your choice'),
  ])
  .describe('Clothes of a presenter made from a spec; default: its own');

const full = z.strictObject({ pack, look: presenterLook.optional(), voice: voice.prefault({}) });

/** A presenter by its name alone is short for an object with its pack. */
export const presenter = z
  .union([pack.transform((name) => full.parse({ pack: name })), full])
  .describe('The presenter and its voice');
export type Presenter = z.infer<typeof full>;
export const presenterFields = full.shape;
