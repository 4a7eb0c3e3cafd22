import type { ShowReport } from '../../../src/config/api/report-handle.js';

/** The report of a show in which nothing happened. */
export const emptyReport: ShowReport = {
  ...{ room: 'fake', atMs: 0, untilMs: 1_800_000_000_000, createdMs: 1_800_000_000_000, onAirMs: 0 },
  ...{ sessions: [], products: [], productSpans: [], outputs: [], intervals: [], audience: {}, peakViewers: null },
  lines: {
    ...{ spoken: 0, byKind: {}, byLanguage: {}, sentences: 0, differentSentences: 0, shortestGapMs: null },
    ...{ goalMs: 7_200_000, tooSoon: 0, repeats: [] },
  },
  comments: { total: 0, byOutcome: {}, byPlatform: {}, byIntent: [], viewers: null, unanswered: [], unansweredMore: 0 },
  replies: { count: 0, p50Ms: null, p95Ms: null, byPath: [], histogram: [] },
  violations: { total: 0, byRule: [] },
  slate: { totalMs: 0, byCause: {}, spans: [] },
  mute: { totalMs: 0, byCause: {}, spans: [] },
};
