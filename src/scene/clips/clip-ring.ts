// frame path
import { type BitmapId, type YuvaBitmap, yuvaSize } from '../../core/media/picture.js';
import { SOURCE_STEPS, type StallStep } from '../../core/source-step.js';

/**
 * Whose turn it is in a list of pictures and clips, as a function of the frame number alone.
 *
 * A run is a stretch of a clip that shows the same stored frame; its key is the layer's frame number at its beginning,
 * so keys are unique in a layer's life. Runs at the beginning of a turn show the first frame, which is always in
 * memory.
 */

/** A clip's frames as the loop sees them, in shared memory. */
interface ClipRuns {
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

/*
 * Problem: a clip's frames come from a file, and the loop must not wait for one.
 *
 * Rule: a layer has a ring of frames in shared memory. The feeder's thread fills it ahead; the loop only checks whether
 * its frame is there. It publishes the run it wants, then the slot it shows; the feeder writes only to slots that are
 * empty, or older than the wanted run and not shown. It reads the wanted run before the shown slot: a slot that was
 * wanted once stays until another one, or none, is shown.
 *
 * Numbers: 8 slots, 267 ms at 30 a second; the feeder checks 22 times a second.
 */
export const RING_SLOTS = 8;

const WANT = 0;
const SHOWN = 1;
const LATE = 2;
const GONE = 3;
const STEP = 4;
const HEAD = 8;
const EMPTY = 0;
const FULL = 1;

/** One clip of a list, as plain data. */
export interface CompiledClip {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly opaque: boolean;
  readonly stored: number;
  readonly index: Int32Array;
  readonly runs: ClipRuns;
  /** The first frame, which stays in memory. */
  readonly firstId: BitmapId;
  /** Stands in for a clip that stalls for long; the first frame where there is no slate. */
  readonly slateId: BitmapId;
}

/** Clip data of a layer. */
export interface CompiledClips {
  readonly id: string;
  /** By item; null for a picture. */
  readonly items: readonly (CompiledClip | null)[];
  readonly turnFrames: Int32Array;
  /** How many late frames in a row keep the last one… */
  readonly idleFrames: number;
  /** …and how many lead to the slate. */
  readonly slateFrames: number;
  readonly control: SharedArrayBuffer;
  readonly slots: readonly SharedArrayBuffer[];
  /** Two handles for each slot and item: see ClipPlayer. */
  readonly ids: Int32Array;
}

export const ringBytes = (clips: readonly (CompiledClip | null)[]): number =>
  RING_SLOTS * Math.max(0, ...clips.map((c) => (c === null ? 0 : yuvaSize(c.width, c.height))));

export function newRingControl(): SharedArrayBuffer {
  const control = new SharedArrayBuffer((HEAD + 2 * RING_SLOTS) * 4);
  new Int32Array(control)[SHOWN] = -1;
  return control;
}

/** Index of a slot's two handles in `CompiledClips.ids`. */
export const idsAt = (item: number, slot: number): number => (item * RING_SLOTS + slot) * 2;

/** A slot as a bitmap of one of the clips. */
export const slotBitmap = (slot: SharedArrayBuffer, clip: CompiledClip): YuvaBitmap => ({
  width: clip.width,
  height: clip.height,
  opaque: clip.opaque,
  data: new Uint8Array(slot, 0, yuvaSize(clip.width, clip.height)),
});

/** Frame numbers wrap at 2³²; two within half of that compare correctly. */
const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** The ring as both threads see it. */
export class ClipRing {
  private readonly cells: Int32Array;

  constructor(readonly control: SharedArrayBuffer) {
    this.cells = new Int32Array(control);
  }

  // The loop.

  want(key: number): void {
    Atomics.store(this.cells, WANT, key | 0);
  }
  /** −1 when it is missing. */
  find(key: number): number {
    for (let slot = 0; slot < RING_SLOTS; slot += 1) {
      const full = Atomics.load(this.cells, HEAD + 2 * slot + 1) === FULL;
      if (full && Atomics.load(this.cells, HEAD + 2 * slot) === (key | 0)) return slot;
    }
    return -1;
  }
  /** −1: none. */
  show(slot: number): void {
    Atomics.store(this.cells, SHOWN, slot);
  }
  /** `step`: index in SOURCE_STEPS of the picture shown instead; 0 while the last frame stays. */
  late(step: number): void {
    Atomics.add(this.cells, LATE, 1);
    Atomics.store(this.cells, STEP, step);
  }
  onTime(): void {
    if (this.cells[STEP] !== 0) Atomics.store(this.cells, STEP, 0);
  }
  /** The layer has ended. */
  end(): void {
    Atomics.store(this.cells, GONE, 1);
  }

  // The feeder and the main thread.

  get gone(): boolean {
    return Atomics.load(this.cells, GONE) === 1;
  }
  get lateFrames(): number {
    return Atomics.load(this.cells, LATE);
  }
  get step(): StallStep {
    return SOURCE_STEPS[Atomics.load(this.cells, STEP)] as StallStep;
  }
  /** The full number the loop wants, given a near one. */
  wanted(near: number): number {
    return near + ((Atomics.load(this.cells, WANT) - near) | 0);
  }
  /** A writable slot, −1 when there is none. `wanted` was read before. */
  free(wanted: number): number {
    const shown = Atomics.load(this.cells, SHOWN);
    for (let slot = 0; slot < RING_SLOTS; slot += 1) {
      if (slot === shown) continue;
      if (this.cells[HEAD + 2 * slot + 1] === EMPTY || before(this.cells[HEAD + 2 * slot]!, wanted)) return slot;
    }
    return -1;
  }
  /** No reader uses the slot from here on, until it is filled. */
  clear(slot: number): void {
    Atomics.store(this.cells, HEAD + 2 * slot + 1, EMPTY);
  }
  fill(slot: number, key: number): void {
    Atomics.store(this.cells, HEAD + 2 * slot, key | 0);
    Atomics.store(this.cells, HEAD + 2 * slot + 1, FULL);
  }
}
