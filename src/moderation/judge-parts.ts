import { Lexicon } from './lexicon/lexicon.js';
import type { Stage } from './detector.js';
import { LineModel } from './model/line-model.js';
import { loadRulePacks, type RulePacks } from './packs/rule-packs.js';
import { judgeStages } from './stages/judge-stages.js';

/** The parts of a text judge that depend on the rule packs alone. */
export interface JudgeParts {
  readonly lexicon: Lexicon;
  readonly stages: readonly Stage[];
}

export function partsOf(packs: RulePacks): JudgeParts {
  const lexicon = new Lexicon(packs);
  return { lexicon, stages: judgeStages(packs, lexicon) };
}

let parts: JudgeParts | undefined;
let model: LineModel | undefined;

/** Of the project's packs, read once: the judges of a process (its room, a check, a preview) share them. */
export const projectParts = (): JudgeParts => (parts ??= partsOf(loadRulePacks()));

/** The project's line model, read once. */
export const projectModel = (): LineModel => (model ??= LineModel.open());
