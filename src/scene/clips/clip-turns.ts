// frame path
/**
 * Whose turn it is in a list of pictures and clips, as a function of the frame number alone.
 *
 * A run is a stretch of a clip that shows the same stored frame; its key is the layer's frame number at its beginning,
 * so keys are unique in a layer's life. Runs at the beginning of a turn show the first frame, which is always in
 * memory.
 */

/** A clip's frames as the loop sees them, in shared memory. */
export interface ClipRuns {
  /** By frame: the start of its run… */
  readonly start: Int32Array;
  /** …and the run's length in frames. */
  readonly length: Int32Array;
}

/** The runs in an index of stored frames. */
export function clipRuns(index: Int32Array): ClipRuns {
  const start = new Int32Array(new SharedArrayBuffer(index.length * 4));
  const length = new Int32Array(new SharedArrayBuffer(index.length * 4));
  for (let from = 0; from < index.length;) {
    let to = from + 1;
    while (to < index.length && index[to] === index[from]) to += 1;
    start.fill(from, from, to);
    length.fill(to - from, from, to);
    from = to;
  }
  return { start, length };
}

/** The item whose turn it is in a layer's frame t, and its progress. */
export class SerialQueue {
  item = 0;
  into = 0;
  private readonly total: number;

  constructor(readonly frames: Int32Array) {
    let total = 0;
    for (let i = 0; i < frames.length; i += 1) total += frames[i]!;
    this.total = total;
  }

  seek(t: number): void {
    let into = t % this.total;
    let item = 0;
    while (into >= this.frames[item]!) {
      into -= this.frames[item]!;
      item += 1;
    }
    this.item = item;
    this.into = into;
  }
}
