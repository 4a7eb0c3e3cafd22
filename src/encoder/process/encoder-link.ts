/**
 * State of one encoder process shared by the main thread (which starts encoders and reads packets) and the loop thread
 * (which writes frames). Everything here survives a structured clone.
 */

export type StreamKind = 'video' | 'aac' | 'opus';

export interface EncoderLink {
  readonly stream: StreamKind;
  readonly generation: number;
  /**
   * Write end of the encoder's input. Whoever attaches the link owns the descriptor and closes it. −1: the stream has
   * ended.
   */
  readonly fd: number;
  readonly log: SharedArrayBuffer;
  /** Video: only frames whose number is a multiple of this are written; default 1. */
  readonly frameStep?: number;
}

const ENTRIES = 4096;
const HEAD_BYTES = 16;

/** Head indexes: entries written so far, units offered so far (including refused ones). */
const WRITTEN = 0;
const OFFERED = 1;

export const newInputLog = (): SharedArrayBuffer => new SharedArrayBuffer(HEAD_BYTES + ENTRIES * 16);

/**
 * The order of inputs into one encoder process, in shared memory: entry i is a pair of numbers. Video writes one entry
 * per frame: (frame index, 0). Audio writes one entry per stretch without a gap: (samples written before it, sample
 * index of its start). One writer, one reader, no locks: an entry is stored before the counter that makes it visible.
 */
export class InputLog {
  private readonly head: Int32Array;
  private readonly entries: Float64Array;

  constructor(shared: SharedArrayBuffer) {
    this.head = new Int32Array(shared, 0, HEAD_BYTES / 4);
    this.entries = new Float64Array(shared, HEAD_BYTES);
  }

  push(first: number, second: number): void {
    const n = Atomics.load(this.head, WRITTEN);
    const at = (n % ENTRIES) * 2;
    this.entries[at] = first;
    this.entries[at + 1] = second;
    Atomics.store(this.head, WRITTEN, n + 1);
  }

  offer(): void {
    Atomics.add(this.head, OFFERED, 1);
  }

  get written(): number {
    return Atomics.load(this.head, WRITTEN);
  }

  get offered(): number {
    return Atomics.load(this.head, OFFERED);
  }

  /** True while entry i has been written and not yet overwritten. */
  has(i: number): boolean {
    const n = this.written;
    return i < n && i >= n - ENTRIES;
  }

  first(i: number): number {
    return this.entries[(i % ENTRIES) * 2]!;
  }

  second(i: number): number {
    return this.entries[(i % ENTRIES) * 2 + 1]!;
  }
}
