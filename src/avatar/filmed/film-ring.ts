// frame path
/*
 * Problem: the frames of a film lie on the disk, and the loop must not wait for one.
 *
 * Rule: the loop publishes which frames it needs now and next; a thread reads them into the slots of a ring in shared
 * memory. It writes only to slots whose frame nobody needs and which are not shown: it claims one, looks again whether it
 * is shown, and only then writes. The loop marks a slot as shown before it looks whether the slot still holds the frame.
 *
 * Numbers: ten slots; seven frames ahead are 233 ms at 30 a second.
 */
export const FILM_SLOTS = 10;
export const MAX_WANTS = 8;

const GONE = 0;
const LATE = 1;
const SHOWN = 2;
const SHOWN_TOO = 3;
const TURN = 4;
const WANTS = 8;
const HELD = WANTS + MAX_WANTS;
const NOTHING = -1;
const BUSY = -2;

export function newFilmControl(): SharedArrayBuffer {
  const control = new SharedArrayBuffer((HELD + FILM_SLOTS) * 4);
  const cells = new Int32Array(control);
  cells.fill(NOTHING, SHOWN, TURN);
  cells.fill(NOTHING, WANTS);
  return control;
}

/** The ring as both threads see it. */
export class FilmRing {
  private readonly cells: Int32Array;

  constructor(control: SharedArrayBuffer) {
    this.cells = new Int32Array(control);
  }

  // The loop.

  /** The i-th frame needed from now on; −1 for none. */
  want(i: number, frame: number): void {
    Atomics.store(this.cells, WANTS + i, frame);
  }
  /** Wakes the reader. */
  wake(): void {
    Atomics.add(this.cells, TURN, 1);
    Atomics.notify(this.cells, TURN);
  }
  /** Marks the slot of a frame as shown (`which`: 0 or 1, a cross-fade shows two). −1 when the frame is missing. */
  show(which: 0 | 1, frame: number): number {
    for (let slot = 0; slot < FILM_SLOTS; slot += 1) {
      if (Atomics.load(this.cells, HELD + slot) !== frame) continue;
      Atomics.store(this.cells, SHOWN + which, slot);
      if (Atomics.load(this.cells, HELD + slot) === frame) return slot;
    }
    return -1;
  }
  hide(which: 0 | 1): void {
    Atomics.store(this.cells, SHOWN + which, NOTHING);
  }
  late(): void {
    Atomics.add(this.cells, LATE, 1);
  }
  end(): void {
    Atomics.store(this.cells, GONE, 1);
    this.wake();
  }

  // The reader.

  get gone(): boolean {
    return Atomics.load(this.cells, GONE) === 1;
  }
  get lateFrames(): number {
    return Atomics.load(this.cells, LATE);
  }
  get turn(): number {
    return Atomics.load(this.cells, TURN);
  }
  /** Waits until the loop wants something else, or a time-out. Never on the loop's thread. */
  wait(turn: number, timeoutMs: number): void {
    Atomics.wait(this.cells, TURN, turn, timeoutMs);
  }
  /** The first wanted frame that no slot holds; −1 when all are there. */
  missing(): number {
    for (let i = 0; i < MAX_WANTS; i += 1) {
      const frame = Atomics.load(this.cells, WANTS + i);
      if (frame >= 0 && !this.holds(frame)) return frame;
    }
    return NOTHING;
  }
  /** Claims a free slot; −1 when all are in use. */
  claim(): number {
    for (let slot = 0; slot < FILM_SLOTS; slot += 1) {
      const held = Atomics.load(this.cells, HELD + slot);
      if (held === BUSY || this.isShown(slot) || (held >= 0 && this.isWanted(held))) continue;
      if (Atomics.compareExchange(this.cells, HELD + slot, held, BUSY) !== held) continue;
      if (!this.isShown(slot)) return slot;
      Atomics.store(this.cells, HELD + slot, held);
    }
    return NOTHING;
  }
  fill(slot: number, frame: number): void {
    Atomics.store(this.cells, HELD + slot, frame);
  }
  /** Nothing usable is in the slot. */
  empty(slot: number): void {
    Atomics.store(this.cells, HELD + slot, NOTHING);
  }

  private holds(frame: number): boolean {
    for (let slot = 0; slot < FILM_SLOTS; slot += 1) if (Atomics.load(this.cells, HELD + slot) === frame) return true;
    return false;
  }
  private isShown(slot: number): boolean {
    return Atomics.load(this.cells, SHOWN) === slot || Atomics.load(this.cells, SHOWN_TOO) === slot;
  }
  private isWanted(frame: number): boolean {
    for (let i = 0; i < MAX_WANTS; i += 1) if (Atomics.load(this.cells, WANTS + i) === frame) return true;
    return false;
  }
}
