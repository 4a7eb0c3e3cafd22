import { EFFORT, LOOKS } from '../../codescan/index.js';

/**
 * In so many frames all that changed is read for every form of code, slice by slice. A third of the window (seven frames of
 * twenty), and no less than three frames, is left for the readings, which take one when the machine is idle.
 */
export const fullEvery = (lookAheadFrames: number): number =>
  Math.max(1, Math.min(13, lookAheadFrames - Math.max(3, Math.floor(lookAheadFrames * 0.35))));

/** What takes turns: the readings of each plane. The finder search over the whole frame goes with the first, of whose areas it is part. */
export const SLICES = [EFFORT.luma, EFFORT.cb, EFFORT.cr] as const;
/** The frame of a turn in which slice i is read: they are dear, and three in a row would make those after them late. */
export const sliceFrame = (i: number, turns: number): number =>
  (i * Math.max(1, Math.floor(turns / SLICES.length))) % turns;

/** The frame of a second in which each enhanced pass has its turn: not where the luma is read, which is most of a full reading. */
export const passFrames = (second: number, turns: number): readonly number[] =>
  Array.from({ length: LOOKS }, (_, i) => {
    const even = Math.floor((i * second) / LOOKS);
    return Math.min(second - 1, turns > 1 && even % turns === 0 ? even + 1 : even);
  });

/** The frame of a second in which stacked barcodes are read in all ways: about its middle, and not where a plane is read. */
export function barsFrame(second: number, turns: number): number {
  let frame = Math.min(second - 1, Math.floor(second / 2));
  while (frame > 1 && SLICES.some((_, i) => frame % turns === sliceFrame(i, turns))) frame -= 1;
  return frame;
}
