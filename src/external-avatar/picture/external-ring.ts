// frame path
import { yuvaSize, type BitmapId, type YuvaBitmap } from '../../core/media/picture.js';

/*
 * Problem: the pictures of another engine arrive when they like, and neither the loop nor the thread that decodes them
 * may wait for the other.
 *
 * Rule: shared memory with a few live slots and a history. The thread writes a picture into a live slot that is neither
 * the newest nor shown and publishes it; the newest picture wins, older ones are overwritten unseen. Every second picture
 * is copied to the history, which the loop plays back and forth during a stall. Before writing, the thread marks the slot
 * as empty and then looks at the shown one; before drawing, the loop publishes the shown slot and then looks at its mark:
 * one of them always sees the other.
 *
 * Numbers: four live slots; up to thirty in the history, two seconds at 15 pictures a second, in at most 48 MB together.
 */
const LIVE_SLOTS = 4;
export const HISTORY_EVERY = 2;
const MAX_HISTORY = 30;
const MAX_BYTES = 48 << 20;

const NEWEST = 0;
const LIVE = 1;
const IDLE = 2;
const SHOWN = 3;
const HEAD = 4;
const KEPT = 5;
const STEP = 6;
const RECEIVED = 7;
const DROPPED = 8;
const DECODERS = 9;
const QUEUED = 10;
const STATES = 16;
const EMPTY = 0;
const FULL = 1;

/** An external presenter as plain data, for both threads. */
export interface ExternalSlots {
  /** Of the layer's box; the picture stands in it, with transparent pixels around it. */
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly opaque: boolean;
  readonly control: SharedArrayBuffer;
  /** Live slots, then the history. */
  readonly slots: readonly SharedArrayBuffer[];
  /** Two handles a slot, so that a handle never means two pictures in consecutive frames. */
  readonly ids: Int32Array;
}

/** How many slots a box of this size has. */
export function slotCount(width: number, height: number): number {
  const fit = Math.floor(MAX_BYTES / yuvaSize(width, height)) - LIVE_SLOTS;
  return LIVE_SLOTS + Math.max(2, Math.min(MAX_HISTORY, fit));
}

export function newExternalControl(slots: number): SharedArrayBuffer {
  const control = new SharedArrayBuffer((STATES + slots) * 4);
  const cells = new Int32Array(control);
  cells[NEWEST] = -1;
  cells[SHOWN] = -1;
  return control;
}

export const slotPicture = ({ width, height, opaque, slots }: ExternalSlots, slot: number): YuvaBitmap => ({
  width,
  height,
  opaque,
  data: new Uint8Array(slots[slot]!),
});

export const slotId = ({ ids }: ExternalSlots, slot: number, handle: number): BitmapId => ids[2 * slot + handle]!;

/** The ring as the loop, the decoding thread and the main thread see it. */
export class ExternalRing {
  private readonly cells: Int32Array;
  private readonly history: number;
  private turn = 0;
  private sinceKept = 0;

  constructor(private readonly slots: ExternalSlots) {
    this.cells = new Int32Array(slots.control);
    this.history = slots.slots.length - LIVE_SLOTS;
  }

  // The loop.

  /** Pictures of the source so far; wraps at 2³². */
  get live(): number {
    return Atomics.load(this.cells, LIVE);
  }
  /** Pictures of the idle clip so far. */
  get idle(): number {
    return Atomics.load(this.cells, IDLE);
  }
  /** −1 before the first picture. */
  get newest(): number {
    return Atomics.load(this.cells, NEWEST);
  }
  /** Pictures in the history. */
  get kept(): number {
    return Atomics.load(this.cells, KEPT);
  }
  /** Slot of the picture that came `back` pictures before the last one in the history. */
  past(back: number): number {
    const head = Atomics.load(this.cells, HEAD);
    return LIVE_SLOTS + ((head - 1 - back + 2 * this.history) % this.history);
  }
  /** Takes a slot for drawing; false when it is being written. */
  show(slot: number): boolean {
    Atomics.store(this.cells, SHOWN, slot);
    return Atomics.load(this.cells, STATES + slot) === FULL;
  }
  /** Index in SOURCE_STEPS. */
  setStep(step: number): void {
    if (this.cells[STEP] !== step) Atomics.store(this.cells, STEP, step);
  }

  // The main thread.

  get step(): number {
    return Atomics.load(this.cells, STEP);
  }
  /** Pictures that were decoded, that came faster than the room shows them, and starts of the decoder. */
  get counts(): { readonly received: number; readonly dropped: number; readonly decoders: number } {
    const at = (cell: number): number => Atomics.load(this.cells, cell) >>> 0;
    return { received: at(RECEIVED), dropped: at(DROPPED), decoders: at(DECODERS) };
  }

  /** Bytes on their way to the decoding thread. */
  get queuedBytes(): number {
    return Atomics.load(this.cells, QUEUED);
  }
  queued(bytes: number): void {
    Atomics.add(this.cells, QUEUED, bytes);
  }

  // The decoding thread.

  countReceived(): void {
    Atomics.add(this.cells, RECEIVED, 1);
  }
  countDropped(): void {
    Atomics.add(this.cells, DROPPED, 1);
  }
  countDecoder(): void {
    Atomics.add(this.cells, DECODERS, 1);
  }

  /** Memory for the next picture. */
  begin(): { readonly slot: number; readonly data: Uint8Array } {
    const newest = this.newest;
    for (let i = 0; i < LIVE_SLOTS; i += 1) {
      this.turn = (this.turn + 1) % LIVE_SLOTS;
      if (this.turn !== newest && this.claim(this.turn)) break;
    }
    return { slot: this.turn, data: new Uint8Array(this.slots.slots[this.turn]!) };
  }

  /** Publishes a picture of the source, or of its idle clip. */
  publish(slot: number, isIdle: boolean): void {
    Atomics.store(this.cells, STATES + slot, FULL);
    Atomics.store(this.cells, NEWEST, slot);
    Atomics.add(this.cells, isIdle ? IDLE : LIVE, 1);
    if (isIdle) return;
    this.sinceKept += 1;
    if (this.sinceKept < HISTORY_EVERY) return;
    this.sinceKept = 0;
    this.keep(slot);
  }

  private keep(slot: number): void {
    const head = Atomics.load(this.cells, HEAD);
    const at = LIVE_SLOTS + head;
    if (!this.claim(at)) return;
    new Uint8Array(this.slots.slots[at]!).set(new Uint8Array(this.slots.slots[slot]!));
    Atomics.store(this.cells, STATES + at, FULL);
    Atomics.store(this.cells, HEAD, (head + 1) % this.history);
    if (this.kept < this.history) Atomics.add(this.cells, KEPT, 1);
  }

  /** Marks a slot as empty unless the loop shows it. */
  private claim(slot: number): boolean {
    const before = Atomics.exchange(this.cells, STATES + slot, EMPTY);
    if (Atomics.load(this.cells, SHOWN) !== slot) return true;
    Atomics.store(this.cells, STATES + slot, before);
    return false;
  }
}
