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
        'Span of the show that the dump button takes back, in ms, which also delays the broadcast; 0: only ' +
          'the look-ahead. Only changes from frame to frame are held: about 1.5 MB a second for a presenter on ' +
          'a still set at 720p30, 41 MB where every pixel changes',
      ),
    onCode: z.enum(['slate', 'hold']).default('slate').describe('Picture shown instead of a frame with a code'),
    retailBarcodes: z
      .enum(['allow', 'refuse'])
      .default('allow')
      .describe(
        'Whether retail and parcel barcodes (EAN, UPC, Code 128, Code 39, ITF, Codabar, DataBar) may be in the picture, as they ' +
          'are on most packaging; refuse: treated as any other code (rule 3.3)',
      ),
    actions,
    words: ruleWords.prefault({}),
    minimumHoldMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(1000)
      .describe('Minimum duration of a replacement, which prevents flicker'),
    mutedSound: z.enum(['silence', 'tone']).default('silence').describe('Sound instead of a forbidden word'),
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
      .describe('Threads that scan frames for codes; default: one, and more while it cannot keep up'),
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
      .describe('Days after which full ledger files are removed; default: three years'),
    evidence: evidence.prefault({}),
    ocr: ocr.prefault({}),
    secondOpinion: secondOpinion.prefault({}),
    safeArea: safeArea.prefault({}),
    watch: watch.prefault({}),
    risk: risk.prefault({}),
  })
  .describe('The gate');
export type Compliance = z.infer<typeof compliance>;
