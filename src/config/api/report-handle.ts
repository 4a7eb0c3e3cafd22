import { z } from 'zod';
import type { Shape } from '../value-fault.js';

/** Texts of a person's language. */
const bothLanguages = z.object({ en: z.string(), zh: z.string() });
export type BothLanguages = Shape<typeof bothLanguages>;

/** A time span as Unix milliseconds. */
const reportSpan = z.object({ atMs: z.number(), untilMs: z.number() });
export type ReportSpan = Shape<typeof reportSpan>;

const reportSession = reportSpan.extend({
  ended: z
    .enum(['stopped', 'failed', 'killed', 'on-air'])
    .describe('`on-air`: it still runs. `killed`: the engine ended without saying so'),
  version: z.string(),
  frames: z.number(),
  replaced: z.number().describe('Frames that were replaced by the slate or an earlier picture'),
  muted: z.number().describe('Frames with silenced sound'),
  late: z.number(),
});
export type ReportSession = Shape<typeof reportSession>;

const reportProduct = z.object({
  product: z.string(),
  title: z.string(),
  times: z.number(),
  shownMs: z.number(),
  lines: z.number(),
  comments: z.number(),
});
export type ReportProduct = Shape<typeof reportProduct>;

/** A sentence that was said more than once. */
const reportRepeat = z.object({ text: z.string(), times: z.number(), shortestGapMs: z.number() });
export type ReportRepeat = Shape<typeof reportRepeat>;

const reportLines = z.object({
  spoken: z.number(),
  byKind: z.record(z.string(), z.number()),
  byLanguage: z.record(z.string(), z.number()),
  sentences: z.number(),
  differentSentences: z.number(),
  shortestGapMs: z
    .number()
    .nullable()
    .describe('The shortest time between two sayings of one sentence; null where none came again'),
  goalMs: z.number().describe('A sentence should not come again sooner'),
  tooSoon: z.number().describe('Sayings that came again sooner than the goal'),
  repeats: z.array(reportRepeat).describe('The shortest gaps first'),
});
export type ReportLines = Shape<typeof reportLines>;

const reportIntent = z.object({
  intent: z.string().describe('Empty: unknown'),
  comments: z.number(),
  answered: z.number(),
  unanswered: z.number(),
});
export type ReportIntent = Shape<typeof reportIntent>;

const reportQuestion = z.object({
  text: z.string(),
  times: z.number(),
  product: z.string().nullable(),
  lastMs: z.number(),
  reason: z.string().nullable().describe('Why the last one had no answer; null where the store does not say'),
});
export type ReportQuestion = Shape<typeof reportQuestion>;

const reportComments = z.object({
  total: z.number(),
  byOutcome: z.record(z.string(), z.number()),
  byPlatform: z.record(z.string(), z.number()),
  byIntent: z.array(reportIntent),
  viewers: z.number().nullable().describe('Different viewers, as far as names were stored'),
  unanswered: z.array(reportQuestion).describe('Most frequent first; hostile ones are not listed'),
  unansweredMore: z.number().describe('Further different ones that the list has no room for'),
});
export type ReportComments = Shape<typeof reportComments>;

const reportReplies = z.object({
  count: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  byPath: z.array(z.object({ path: z.string(), count: z.number(), p50Ms: z.number(), p95Ms: z.number() })),
  histogram: z
    .array(z.object({ fromMs: z.number(), toMs: z.number().nullable(), count: z.number() }))
    .describe('Replies by time; the last range has no upper limit'),
});
export type ReportReplies = Shape<typeof reportReplies>;

const reportRule = z.object({
  rule: z.string(),
  title: bothLanguages,
  count: z.number(),
  byAction: z.record(z.string(), z.number()),
});
export type ReportRule = Shape<typeof reportRule>;

const reportOutput = z.object({
  output: z.string(),
  kind: z.string(),
  target: z.string(),
  uptime: z.number().describe('Share of its time on air in which it was live or degraded, 0 to 1'),
  liveMs: z.number(),
  interruptions: z.number(),
  lastError: z.string(),
  spans: z.array(reportSpan.extend({ state: z.string() })),
});
export type ReportOutput = Shape<typeof reportOutput>;

const reportPeriods = z.object({
  totalMs: z.number(),
  byCause: z.record(z.string(), z.number()),
  spans: z.array(reportSpan.extend({ cause: z.string() })),
});
export type ReportPeriods = Shape<typeof reportPeriods>;

/** One bar of the figures over time. */
const reportInterval = reportSpan.extend({
  lines: z.number(),
  comments: z.number(),
  answered: z.number(),
  violations: z.number(),
  viewers: z.number().nullable().describe('Highest number of viewers; null without a count'),
});
export type ReportInterval = Shape<typeof reportInterval>;

/** A room's shows in a time span. Texts of viewers in it are hostile: escape them. */
export const showReport = reportSpan.extend({
  room: z.string(),
  createdMs: z.number(),
  onAirMs: z.number(),
  sessions: z.array(reportSession),
  products: z.array(reportProduct),
  productSpans: z.array(reportSpan.extend({ product: z.string() })),
  lines: reportLines,
  comments: reportComments,
  replies: reportReplies,
  audience: z.record(z.string(), z.number()).describe('Other things that viewers did, by kind'),
  peakViewers: z.number().nullable(),
  violations: z.object({ total: z.number(), byRule: z.array(reportRule) }),
  outputs: z.array(reportOutput),
  slate: reportPeriods,
  mute: reportPeriods,
  intervals: z.array(reportInterval),
});
export type ShowReport = Shape<typeof showReport>;

/** Reports of a running room. */
export interface ReportHandle {
  /** The last `sinceMs` milliseconds. Throws E_STORE for a room without a readable store. */
  report(sinceMs: number): Promise<ShowReport>;
  /** The report as a page without scripts. */
  page(sinceMs: number, language: keyof BothLanguages): Promise<string>;
}
