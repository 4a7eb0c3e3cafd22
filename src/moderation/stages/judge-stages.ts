import type { Stage } from '../detector.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import type { RulePacks } from '../packs/rule-packs.js';
import { contactStage } from './contact-stage.js';
import { disguiseStage } from './disguise-stage.js';
import { lexiconStage } from './lexicon-stage.js';
import { listingStage } from './listing-stage.js';
import { nameStage } from './name-stage.js';
import { numberStage } from './number-stage.js';
import { senseStage } from './sense-stage.js';

/** All detectors of the text judge, in their order. A new one is added to the stage whose clues it needs. */
export const judgeStages = (packs: RulePacks, lexicon: Lexicon): readonly Stage[] => [
  lexiconStage(lexicon),
  disguiseStage(packs, lexicon),
  nameStage(packs),
  contactStage(),
  numberStage,
  senseStage(packs),
  listingStage,
];
