import { z } from 'zod';
import { actions } from './actions.js';
import { evidence } from './evidence.js';
import { ocr } from './ocr.js';
import { ruleWords } from '../rule-words.js';
import { safeArea } from '../sections/safe-area.js';
import { secondOpinion } from './learned-check.js';
import { risk, watch } from './watch.js';

export const compliance = z
  .strictObject({
    lookAheadFrames: z
      .int()
      .min(2)
      .max(60)
      .default(20)
      .describe('Frames between drawing and release, in which a verdict must arrive'),
    dumpWindowMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .describe(
        'How much of the show the dump button takes back, in ms, and by how much the broadcast is late; 0: what ' +
          'the look-ahead holds. Only what changes from frame to frame is held: about 1.5 MB a second for a presenter on ' +
          'a still set at 720p30, 41 MB where every pixel changes',
      ),
    onCode: z.enum(['slate', 'hold']).default('slate').describe('What is shown instead of a frame with a code'),
    retailBarcodes: z
      .enum(['allow', 'refuse'])
      .default('allow')
      .describe(
        'Whether barcodes of goods and parcels (EAN, UPC, Code 128, Code 39, ITF, Codabar, DataBar) may be in the picture, as they ' +
          'are on most packaging; refuse: they are codes like any other (rule 3.3)',
      ),
    actions,
    words: ruleWords.prefault({}),
    minimumHoldMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(1000)
      .describe('How long a replacement stays at least, so that nothing flickers'),
    mutedSound: z.enum(['silence', 'tone']).default('silence').describe('What is heard instead of a forbidden word'),
    slateText: z
      .string()
      .max(120)
      .optional()
      .describe('Text of the slate; default: "back in a moment" in the room\'s language'),
    scanThreads: z
      .int()
      .min(1)
      .max(8)
      .optional()
      .describe('Threads that search frames for codes; default: one, and more while it cannot keep up'),
    ledger: z
      .string()
      .min(1)
      .optional()
      .describe('Ledger file, relative to the room file; default: var/<room>/ledger.jsonl in the working directory'),
    ledgerDays: z
      .int()
      .min(1)
      .max(36_500)
      .default(1096)
      .describe('Full ledger files older than this many days are removed; default: three years'),
    evidence: evidence.prefault({}),
    ocr: ocr.prefault({}),
    secondOpinion: secondOpinion.prefault({}),
    safeArea: safeArea.prefault({}),
    watch: watch.prefault({}),
    risk: risk.prefault({}),
  })
  .describe('The gate');
export type Compliance = z.infer<typeof compliance>;
