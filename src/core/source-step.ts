/**
 * The picture of a source for viewers: its own frames, its fallback during a stall, the slate, or, for an external avatar, the
 * drawn presenter.
 */
export const SOURCE_STEPS = ['fresh', 'idle', 'slate', 'stand-in'] as const;
export type SourceStep = (typeof SOURCE_STEPS)[number];
/** Of a source that nobody stands in for. */
export type StallStep = Exclude<SourceStep, 'stand-in'>;
