// frame path
/**
 * Whose turn it is in a list of pictures and clips, as a function of the frame number alone.
 *
 * A run is a stretch of a clip in which the same stored frame is shown; its key is the layer's frame number at which it
 * begins, so that no two runs of a layer's life have the same. Runs at the beginning of a turn show the first frame,
 * which is always in memory.
 */

/** The frames of a clip as the loop knows them, on shared memory. */
export interface ClipRuns {
  /** By frame: where its run begins… */
  readonly start: Int32Array;
  /** …and how many frames it has. */
  readonly length: Int32Array;
}

/** Runs of an index of stored frames. */
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

/** Which item has its turn at a layer's frame t, and how far it is in it. */
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
