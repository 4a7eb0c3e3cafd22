import { detectChatIds } from '../contacts/detect-chat-ids.js';
import { detectLabelledNames } from '../contacts/detect-labelled-names.js';
import { detectSpelledNames } from '../contacts/detect-spelled-names.js';
import type { Stage } from '../detector.js';
import { detectBrokenNames } from '../names/broken-names.js';
import { detectMisspelledNames } from '../names/misspelled-names.js';
import { normalise } from '../normalise/normalise.js';
import { isModelName } from '../numbers/model-names.js';
import type { RulePacks } from '../packs/rule-packs.js';

/** Names of platforms that no list holds: abbreviated, broken, misspelled, spelled out. Models are dropped again. */
export function nameStage(packs: RulePacks): Stage {
  const spelled = packs
    .flatMap((p) => p.sets['spelled-app'] ?? [])
    .map((name) => normalise(name).words.text.replaceAll(' ', ''));
  return {
    name: 'names',
    detectors: [
      { name: 'chat ids', detect: ({ folded }) => detectChatIds(folded) },
      { name: 'labelled names', detect: ({ folded }) => detectLabelledNames(folded) },
      { name: 'misspelled names', detect: ({ folded }) => detectMisspelledNames(folded) },
      { name: 'broken names', detect: ({ folded }) => detectBrokenNames(folded) },
      { name: 'spelled names', detect: ({ folded }) => detectSpelledNames(folded, spelled) },
    ],
    finish: (reading) => reading.keepOnly((match) => match.rule !== '3.2' || !isModelName(match, reading.text)),
  };
}
