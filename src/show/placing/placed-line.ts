import type { Afterwards } from '../../moderation/index.js';
import type { MuteSpan } from '../../core/speech.js';
import type { FrameIndex } from '../../core/time.js';
import type { LineSlot, ScheduleMark } from '../line-schedule.js';
import type { RundownLine } from '../rundown.js';
import type { ContextMark } from '../show-context.js';
import type { ReadyLine } from '../show-parts.js';

/** A scheduled line. */
export interface PlacedLine {
  readonly line: RundownLine;
  readonly slot: LineSlot;
  readonly ready: ReadyLine;
  readonly mutes: readonly MuteSpan[];
  readonly captionShown: boolean;
  /** Parts that it leaves to mute in the next line. */
  readonly afterwards: Afterwards | undefined;
  /** Set when it was cut: the frame at which it ends. */
  cutFrame?: FrameIndex;
  /** The show before it. */
  readonly before: { readonly schedule: ScheduleMark; readonly context: ContextMark };
}

/** First frame after a line. */
export const endOf = ({ slot, cutFrame }: Pick<PlacedLine, 'slot' | 'cutFrame'>): number => cutFrame ?? slot.endFrame;
