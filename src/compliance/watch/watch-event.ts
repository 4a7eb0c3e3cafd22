import type { FrameIndex } from '../../core/time.js';

/** What the watches report, and the rule of the table each belongs to. */
export const WATCH_RULES = {
  /** The whole picture is black. */
  black: '5.10',
  /** Nothing moves where the presenter stands. */
  frozen: '5.10',
  blurred: '5.10',
  /** The 8×8 grid of a codec shows. */
  blocky: '5.10',
  /** Too few of the room's slots are really drawn. */
  'low-fps': '5.10',
  /** Next to nothing of the picture moves. */
  still: '5.11',
  /** The presenter's place is too small or too far outside the safe area. */
  'presenter-small': '5.11',
  /** Something moves where the presenter should be, but it is no presenter. */
  'presenter-absent': '5.8',
  /** Canvas at the frame's edge is left black. */
  'black-margin': '5.11',
  /** Two black bars, above and below or left and right. */
  letterbox: '5.11',
  silent: '5.10',
  clipped: '5.10',
  /** Nobody has spoken for long. */
  'dead-air': '5.8',
} as const;

export type WatchKind = keyof typeof WATCH_RULES;
export type WatchRule = (typeof WATCH_RULES)[WatchKind];

/** Plain data: it goes from the loop's thread to the main thread. One when a fault is certain, one when it is over. */
export interface WatchEvent {
  readonly kind: WatchKind;
  readonly rule: WatchRule;
  /** False when the fault is over. */
  readonly active: boolean;
  /** Frame from which the fault lasts, or has been gone. */
  readonly since: FrameIndex;
  /** Frame at which it became certain. */
  readonly frame: FrameIndex;
  /** The figure that was judged: a share (0–1), or dBFS for `silent`. */
  readonly value: number;
}
