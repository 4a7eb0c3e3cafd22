import type { LineSlot } from '../line-schedule.js';
import type { RundownLine } from '../rundown.js';

/** A scheduled line. */
export interface PlacedLine {
  readonly line: RundownLine;
  readonly slot: LineSlot;
}
