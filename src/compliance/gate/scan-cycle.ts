import { EFFORT, ENHANCED_PASSES } from '../../codescan/index.js';

/**
 * Length of a cycle in frames: within it all changes are read for every form of code, one slot after the other. A third
 * of the window (seven frames of twenty), and no less than three frames, is left for the readings, which take one frame
 * on an idle machine.
 */
export const cycleFrames = (lookAheadFrames: number): number =>
  Math.max(1, Math.min(13, lookAheadFrames - Math.max(3, Math.floor(lookAheadFrames * 0.35))));

/**
 * The round-robin slots of a cycle: the readings of each plane. The finder search over the whole frame goes with the
 * first, since it covers the areas of that slot.
 */
export const SLOTS = [EFFORT.luma, EFFORT.cb, EFFORT.cr] as const;
/** The frame of a cycle in which slot i is read. Slots are expensive: three in a row would make later frames late. */
export const slotFrame = (i: number, cycle: number): number =>
  (i * Math.max(1, Math.floor(cycle / SLOTS.length))) % cycle;

/** The frame of a second in which each enhanced pass runs: never with the luma slot, which is most of a full reading. */
export const passFrames = (second: number, cycle: number): readonly number[] =>
  Array.from({ length: ENHANCED_PASSES }, (_, i) => {
    const even = Math.floor((i * second) / ENHANCED_PASSES);
    return Math.min(second - 1, cycle > 1 && even % cycle === 0 ? even + 1 : even);
  });

/** The frame of a second in which stacked barcodes are read in all ways: about its middle, and never with a slot. */
export function barsFrame(second: number, cycle: number): number {
  let frame = Math.min(second - 1, Math.floor(second / 2));
  while (frame > 1 && SLOTS.some((_, i) => frame % cycle === slotFrame(i, cycle))) frame -= 1;
  return frame;
}
