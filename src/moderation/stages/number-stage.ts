import { detectAccounts } from '../contacts/detect-accounts.js';
import { detectNumberParts } from '../contacts/detect-number-parts.js';
import { detectPersonal } from '../contacts/detect-personal.js';
import { detectTelephones } from '../contacts/detect-telephones.js';
import type { Stage } from '../detector.js';
import { isCued } from '../numbers/number-cues.js';

/** Numbers that lead to a person or an account: telephones, cards, wallets, identity numbers, homes. */
export const numberStage: Stage = {
  name: 'numbers',
  detectors: [
    { name: 'telephones', detect: detectTelephones },
    {
      name: 'numbers in parts',
      detect: (reading) =>
        detectNumberParts(reading.folded, reading.singles, reading.ranges('number-part'), [
          ...reading.cues.label,
          ...reading.cues.order,
        ]),
    },
    {
      name: 'accounts',
      detect: ({ text, folded, runs, cues }) =>
        detectAccounts(text, folded, runs, (at) => isCued(cues.account, folded.start[at])),
    },
    {
      name: 'personal data',
      detect: ({ text, folded, words, runs, sets, context, found }) =>
        detectPersonal({
          original: text,
          folded,
          words,
          runs,
          sets,
          viewerNames: context.viewerNames ?? [],
          contacts: found.filter((f) => f.kind === 'phone' || f.kind === 'mail'),
        }),
    },
  ],
};
