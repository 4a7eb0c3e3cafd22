import { z } from 'zod';
import { packVoices } from './pack-voices.js';
import { HAIR_NAMES, SKIN_NAMES } from './draw/colours.js';
import { BEARDS } from './face/features.js';
import { EARRINGS, GLASSES } from './face/earrings.js';
import { HAIR_STYLE_NAMES } from './hair/hair-styles.js';
import { HEADWEAR_NAMES } from './headwear/headwear-table.js';
import { OUTFIT_NAMES } from './outfit/outfits.js';

/**
 * A presenter as about 1 kB: who it is, and which parts of the shared library it is drawn from. `engine presenter draw`
 * writes the drawings out.
 */
const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'expected a colour like #c8402f');
const degree = z.number().min(-1).max(1).default(0);

const REGIONS = [
  'east-asia',
  'south-east-asia',
  'south-asia',
  'central-asia',
  'middle-east',
  'europe',
  'africa',
  'north-america',
  'latin-america',
] as const;
export type Region = (typeof REGIONS)[number];

const FACE_SHAPES = ['oval', 'round', 'square', 'heart', 'long', 'diamond'] as const;
const EYE_SHAPES = ['almond', 'round', 'narrow', 'hooded', 'upturned', 'downturned', 'smooth', 'deep'] as const;
const BROW_SHAPES = ['soft', 'straight', 'arched', 'thick', 'thin', 'angled'] as const;
const NOSE_SHAPES = ['soft', 'straight', 'button', 'broad', 'aquiline', 'long'] as const;
const LIP_SHAPES = ['soft', 'full', 'thin', 'wide', 'bow'] as const;
export const BUILDS = ['slim', 'medium', 'broad', 'full'] as const;

const outfitSpec = z
  .strictObject({
    kind: z.enum(OUTFIT_NAMES).describe('An outfit of the library'),
    colour: colour.optional().describe('Main cloth; default: the outfit’s own'),
    accent: colour.optional().describe('Second cloth or trimming'),
  })
  .describe('Clothes');

const worn = {
  headwear: z
    .strictObject({ kind: z.enum(HEADWEAR_NAMES), colour: colour.optional(), accent: colour.optional() })
    .optional()
    .describe('Scarf, turban, cap or jewel on the head'),
  glasses: z
    .strictObject({ kind: z.enum(GLASSES), colour: colour.default('#2b2a2e') })
    .optional()
    .describe('Glasses'),
  earrings: z
    .strictObject({ kind: z.enum(EARRINGS), colour: colour.default('#d8a640') })
    .optional()
    .describe('Earrings'),
};

/** Change of clothes: what it leaves out stays. */
export const wardrobeLook = z.strictObject({ outfit: outfitSpec, ...worn }).describe('Another look');
export type WardrobeLook = z.infer<typeof wardrobeLook>;

const castLook = z
  .strictObject({
    skin: z.enum(SKIN_NAMES),
    face: z
      .strictObject({
        shape: z.enum(FACE_SHAPES),
        width: degree.describe('−1 narrow … 1 wide'),
        length: degree.describe('−1 short … 1 long'),
        jaw: degree.describe('−1 fine … 1 strong'),
      })
      .describe('Outline of the face'),
    eyes: z.strictObject({
      shape: z.enum(EYE_SHAPES),
      colour: colour.default('#3f2616'),
      size: degree,
      spacing: degree,
    }),
    brows: z.strictObject({ shape: z.enum(BROW_SHAPES), weight: degree }),
    nose: z.strictObject({ shape: z.enum(NOSE_SHAPES), size: degree }),
    lips: z.strictObject({
      shape: z.enum(LIP_SHAPES),
      colour: colour.optional().describe('Lipstick; default: the skin’s own'),
    }),
    hair: z
      .strictObject({
        style: z.enum(HAIR_STYLE_NAMES),
        colour: z.union([z.enum(HAIR_NAMES), colour]).default('black'),
        grey: z.number().min(0).max(1).default(0).describe('Share of grey hair'),
      })
      .describe('Hair'),
    beard: z.enum(BEARDS).default('none'),
    ...worn,
    build: z.enum(BUILDS).default('medium'),
    makeup: z.number().min(0).max(1).default(0),
    nails: colour.optional(),
    freckles: z.boolean().default(false),
    mole: z.enum(['none', 'cheek', 'lip', 'eye']).default('none'),
    outfit: outfitSpec,
  })
  .describe('Parts of the shared library');
export type CastLook = z.infer<typeof castLook>;

export const presenterSpec = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/i, 'expected letters, digits and dashes'),
    title: z.strictObject({ en: z.string().min(1).max(60), zh: z.string().min(1).max(60) }),
    ageYears: z
      .int()
      .min(18, 'expected 18 or more: rule 5.12 keeps minors off the air')
      .max(70)
      .describe('Age of who is shown'),
    gender: z.enum(['female', 'male']).describe('Chooses the default voices and proportions'),
    region: z.enum(REGIONS),
    country: z.string().regex(/^[A-Z]{2}$/, 'expected two capital letters, ISO 3166'),
    about: z.strictObject({ en: z.string().max(160), zh: z.string().max(80) }).describe('For lists'),
    licence: z.string().min(1).max(120).default('Apache-2.0'),
    author: z.string().max(200).default('The Showroom authors'),
    voices: packVoices.optional().describe('Default: voices that fit gender and age'),
    look: castLook,
    wardrobe: z
      .record(z.string().regex(/^[a-z0-9-]{1,32}$/, 'expected small letters, digits and dashes'), wardrobeLook)
      .default({})
      .describe('Further looks by name, for PUT /api/presenter'),
  })
  .describe('A drawn presenter of the parts library');
export type PresenterSpec = z.infer<typeof presenterSpec>;
