import type { Stage } from '../detector.js';
import { StarredWords } from '../names/starred-words.js';
import type { RulePacks } from '../packs/rule-packs.js';
import { detectSpam } from '../rules/detect-spam.js';
import { insultsAlone } from '../rules/insults-alone.js';
import { rankAlone } from '../rules/rank-alone.js';
import { detectTimedResults } from '../rules/timed-results.js';
import { isShown } from '../text-context.js';

/** Words that break a rule by where they stand: alone, beside a date, struck out, repeated. */
export function senseStage(packs: RulePacks): Stage {
  const starred = new StarredWords(packs);
  return {
    name: 'sense',
    detectors: [
      { name: 'rank alone', detect: ({ text, context }) => (isShown(context) ? rankAlone(text) : []) },
      {
        name: 'timed results',
        detect: (reading) =>
          detectTimedResults(
            reading.text,
            reading.folded,
            reading.ranges('body-result'),
            ['claim-negation', 'unsaid', 'not-said-after'].flatMap((set) => reading.ranges(set)),
          ),
      },
      { name: 'insults alone', detect: (reading) => insultsAlone(reading.text, reading.ranges('insult-alone')) },
      { name: 'starred words', detect: ({ folded }) => starred.detect(folded) },
      { name: 'spam', detect: ({ text, words, sets }) => detectSpam(text, words, sets.has('sense-robot-sent')) },
    ],
  };
}
