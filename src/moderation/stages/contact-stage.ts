import { detectHandles, handleAlone } from '../contacts/detect-handles.js';
import { LinkDetector } from '../contacts/detect-links.js';
import { detectMail } from '../contacts/detect-mail.js';
import { detectNamedAccounts } from '../contacts/detect-named-accounts.js';
import type { Stage } from '../detector.js';
import { linkView } from '../normalise/link-view.js';
import type { Match } from '../match.js';
import type { Reading } from '../reading.js';
import { isShown } from '../text-context.js';

/** Ways to reach somebody that are no numbers: addresses of sites and mail, account names. */
export function contactStage(): Stage {
  const links = new LinkDetector();
  return {
    name: 'contacts',
    detectors: [
      {
        name: 'links and mail',
        detect: ({ text, folded }) => {
          const view = linkView(folded);
          return [...links.detect(text, view), ...detectMail(view)];
        },
      },
      {
        name: 'handles',
        detect: ({ folded, viewers, sets }) => detectHandles(folded, viewers, sets.has('contact-verb')),
      },
      {
        name: 'handle alone',
        detect: ({ folded, viewers, context }) => (isShown(context) ? handleAlone(folded, viewers) : []),
      },
      { name: 'named accounts', detect: namedAccounts },
    ],
  };
}

function namedAccounts(reading: Reading): Match[] {
  const { text, folded, cues } = reading;
  const reach = ['find-us', 'app-icon', 'contact-verb', 'soft-name'].flatMap((set) => reading.ranges(set));
  return detectNamedAccounts(text, folded, {
    reach: reach.filter((c) => c.end - c.start > 1),
    name: [...reading.ranges('handle-word'), ...reading.ranges('short-name')],
    label: [...cues.label, ...cues.order],
  });
}
