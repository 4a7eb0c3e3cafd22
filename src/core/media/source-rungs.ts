// frame path
/**
 * What viewers see of a source: its own frames, its fallback during a stall, the slate, or, for an external avatar, the
 * drawn presenter.
 */
export const SOURCE_RUNGS = ['fresh', 'idle', 'slate', 'stand-in'] as const;
export type SourceRung = (typeof SOURCE_RUNGS)[number];
/** Of a source that nobody stands in for. */
export type StallRung = Exclude<SourceRung, 'stand-in'>;
