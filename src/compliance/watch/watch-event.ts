import type { FrameIndex } from '../../core/time.js';

/** Kinds of faults that the watches report, with the rule of each. */
export const WATCH_RULES = {
  /** The whole picture is black. */
  black: '5.10',
  /** Nothing moves in the presenter's area. */
  frozen: '5.10',
  blurred: '5.10',
  /** The 8×8 grid of a codec is visible. */
  blocky: '5.10',
  /** Too few of the room's frames are drawn. */
  'low-fps': '5.10',
  /** Almost nothing in the picture moves. */
  still: '5.11',
  /** The presenter's area is too small or too far outside the safe area. */
  'presenter-small': '5.11',
  /** Something moves in the presenter's area, but not a presenter. */
  'presenter-absent': '5.8',
  /** Canvas at the frame's edge is black. */
  'black-margin': '5.11',
  /** Two black bars, above and below or left and right. */
  letterbox: '5.11',
  silent: '5.10',
  clipped: '5.10',
  /** Nobody has spoken for long. */
  'dead-air': '5.8',
} as const;

export type WatchKind = keyof typeof WATCH_RULES;
type WatchRule = (typeof WATCH_RULES)[WatchKind];

/** Plain data from the loop's thread to the main thread: one event when a fault is certain, one when it is over. */
export interface WatchEvent {
  readonly kind: WatchKind;
  readonly rule: WatchRule;
  /** False when the fault is over. */
  readonly active: boolean;
  /** Frame since which the fault lasts, or has been gone. */
  readonly since: FrameIndex;
  /** Frame at which it became certain. */
  readonly frame: FrameIndex;
  /** The measured figure: a share (0–1), or dBFS for `silent`. */
  readonly value: number;
}
