/** Texts of a person's language. */
export interface BothLanguages {
  readonly en: string;
  readonly zh: string;
}

/** A time span as Unix milliseconds. */
export interface ReportSpan {
  readonly atMs: number;
  readonly untilMs: number;
}

export interface ReportSession extends ReportSpan {
  /** `on-air`: it still runs. `killed`: the engine ended without saying so. */
  readonly ended: 'stopped' | 'failed' | 'killed' | 'on-air';
  readonly version: string;
  readonly frames: number;
  /** Frames that were replaced by the slate or an earlier picture. */
  readonly replaced: number;
  /** Frames with silenced sound. */
  readonly muted: number;
  readonly late: number;
}

export interface ReportProduct {
  readonly product: string;
  readonly title: string;
  readonly times: number;
  readonly shownMs: number;
  readonly lines: number;
  readonly comments: number;
}

/** A sentence that was said more than once. */
export interface ReportRepeat {
  readonly text: string;
  readonly times: number;
  readonly shortestGapMs: number;
}

export interface ReportLines {
  readonly spoken: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byLanguage: Readonly<Record<string, number>>;
  readonly sentences: number;
  readonly differentSentences: number;
  /** The shortest time between two sayings of one sentence; null where none came again. */
  readonly shortestGapMs: number | null;
  /** A sentence should not come again sooner. */
  readonly goalMs: number;
  /** Sayings that came again sooner than the goal. */
  readonly tooSoon: number;
  /** The shortest gaps first. */
  readonly repeats: readonly ReportRepeat[];
}

export interface ReportIntent {
  /** Empty: unknown. */
  readonly intent: string;
  readonly comments: number;
  readonly answered: number;
  readonly unanswered: number;
}

export interface ReportQuestion {
  readonly text: string;
  readonly times: number;
  readonly product: string | null;
  readonly lastMs: number;
  /** Why the last one had no answer; null where the store does not say. */
  readonly reason: string | null;
}

export interface ReportComments {
  readonly total: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly byPlatform: Readonly<Record<string, number>>;
  readonly byIntent: readonly ReportIntent[];
  /** Different viewers, as far as names were stored. */
  readonly viewers: number | null;
  /** Most frequent first; hostile ones are not listed. */
  readonly unanswered: readonly ReportQuestion[];
  /** Further different ones that the list has no room for. */
  readonly unansweredMore: number;
}

export interface ReportReplies {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly byPath: readonly {
    readonly path: string;
    readonly count: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
  }[];
  /** Replies by time; the last range has no upper limit. */
  readonly histogram: readonly { readonly fromMs: number; readonly toMs: number | null; readonly count: number }[];
}

export interface ReportRule {
  readonly rule: string;
  readonly title: BothLanguages;
  readonly count: number;
  readonly byAction: Readonly<Record<string, number>>;
}

export interface ReportOutput {
  readonly output: string;
  readonly kind: string;
  readonly target: string;
  /** Share of its time on air in which it was live or degraded, 0 to 1. */
  readonly uptime: number;
  readonly liveMs: number;
  readonly interruptions: number;
  readonly lastError: string;
  readonly spans: readonly (ReportSpan & { readonly state: string })[];
}

export interface ReportPeriods {
  readonly totalMs: number;
  readonly byCause: Readonly<Record<string, number>>;
  readonly spans: readonly (ReportSpan & { readonly cause: string })[];
}

/** One bar of the figures over time. */
export interface ReportInterval extends ReportSpan {
  readonly lines: number;
  readonly comments: number;
  readonly answered: number;
  readonly violations: number;
  /** Highest number of viewers; null without a count. */
  readonly viewers: number | null;
}

/** A room's shows in a time span. Texts of viewers in it are hostile: escape them. */
export interface ShowReport extends ReportSpan {
  readonly room: string;
  readonly createdMs: number;
  readonly onAirMs: number;
  readonly sessions: readonly ReportSession[];
  readonly products: readonly ReportProduct[];
  readonly productSpans: readonly (ReportSpan & { readonly product: string })[];
  readonly lines: ReportLines;
  readonly comments: ReportComments;
  readonly replies: ReportReplies;
  /** Other things that viewers did, by kind. */
  readonly audience: Readonly<Record<string, number>>;
  readonly peakViewers: number | null;
  readonly violations: { readonly total: number; readonly byRule: readonly ReportRule[] };
  readonly outputs: readonly ReportOutput[];
  readonly slate: ReportPeriods;
  readonly mute: ReportPeriods;
  readonly intervals: readonly ReportInterval[];
}

/** Reports of a running room. */
export interface ReportHandle {
  /** The last `sinceMs` milliseconds. Throws E_STORE for a room without a readable store. */
  report(sinceMs: number): Promise<ShowReport>;
  /** The report as a page without scripts. */
  page(sinceMs: number, language: keyof BothLanguages): Promise<string>;
}
