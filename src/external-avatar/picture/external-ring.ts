// frame path
import {
  type BitmapId,
  type BitmapTable,
  type DrawList,
  type PresenterPainter,
  type YuvaBitmap,
  yuvaSize,
} from '../../core/media/picture.js';
import { SOURCE_STEPS } from '../../core/source-step.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';

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
const HISTORY_EVERY = 2;
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

const slotId = ({ ids }: ExternalSlots, slot: number, handle: number): BitmapId => ids[2 * slot + handle]!;

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

/*
 * The fallback ladder of an external avatar.
 *
 * Problem: another engine stutters, restarts and goes away, and viewers must always see a presenter.
 *
 * Rule: the newest picture is shown. Without a new one the last stays for `HOLD_MS`; then the idle clip plays, or the last
 * good seconds back and forth, which begins at the last picture and so has no jump; from `standInMs` after the last
 * picture the drawn presenter stands in, or, in a room without one, the slate is asked for while the loop goes on. Before
 * the first picture of the show the drawn presenter is there. The source returns after a few pictures in a row: more of
 * them the further down the ladder, so that a stuttering source does not flicker. All times are counted in frames.
 *
 * Numbers: last picture 0.3 s; back from the idle loop with 3 pictures, from the stand-in with 15.
 */
export const HOLD_MS = 300;
const BACK_FROM_IDLE = 3;
const BACK_FROM_STAND_IN = 15;
/** A slot is being written only when two pictures came within microseconds. */
const MAX_TRIES = 3;

const FRESH = SOURCE_STEPS.indexOf('fresh');
const PAINTER_IDLE = SOURCE_STEPS.indexOf('idle');
const SLATE = SOURCE_STEPS.indexOf('slate');
const STAND_IN = SOURCE_STEPS.indexOf('stand-in');

interface ExternalPainterOptions {
  readonly slots: ExternalSlots;
  /** The drawn presenter. It is always painted, so that it knows its lines when it stands in. */
  readonly drawn: PresenterPainter;
  readonly rate: FrameRate;
  readonly standInMs: number;
  /** False: the slate takes the place of the drawn presenter. */
  readonly standIn: boolean;
}

/** Paints the presenter from the pictures of another engine, or what stands in for them. */
export class ExternalPainter implements PresenterPainter {
  filmStep = 1;
  private readonly ring: ExternalRing;
  private readonly holdFrames: number;
  private readonly standInFrames: number;
  private readonly lost: number;
  /** Handle (0 or 1) last used by each slot. */
  private readonly handles: Uint8Array;
  private standing: number;
  private live = 0;
  private idle = 0;
  private lastNew = -1;
  /** Pictures in a row without a gap. */
  private run = 0;
  private stalledAt = 0;
  private movedAt = -1;
  private step = 0;
  private shown = -1;
  private showsIdleClip = false;

  constructor(private readonly options: ExternalPainterOptions) {
    const { slots, rate, standInMs, standIn } = options;
    this.ring = new ExternalRing(slots);
    this.holdFrames = millisecondsToFrames(HOLD_MS, rate);
    this.standInFrames = millisecondsToFrames(standInMs, rate);
    this.lost = standIn ? STAND_IN : SLATE;
    this.handles = new Uint8Array(slots.slots.length);
    this.standing = this.lost;
    this.live = this.ring.live;
    this.ring.setStep(this.standing);
  }

  get playsFilm(): boolean {
    return this.standing !== STAND_IN && this.shown >= 0;
  }

  /** Call once, before the first frame. */
  registerBitmaps(table: BitmapTable): void {
    const { slots } = this.options;
    for (let slot = 0; slot < slots.slots.length; slot += 1) {
      const picture = slotPicture(slots, slot);
      table.set(slotId(slots, slot, 0), picture);
      table.set(slotId(slots, slot, 1), picture);
    }
  }

  paint(n: FrameIndex, list: DrawList): void {
    const before = list.count;
    this.options.drawn.paint(n, list);
    this.climb(n);
    if (this.standing === STAND_IN) return;
    if (n % this.filmStep === 0 || this.shown < 0 || n === this.movedAt) this.choose(n);
    if (this.shown < 0) return;
    list.count = before;
    const { slots } = this.options;
    const id = slotId(slots, this.shown, this.handles[this.shown]!);
    list.push(id, slots.x, slots.y, 256, slots.x, slots.y, slots.width, slots.height);
  }

  /** Moves on the ladder. */
  private climb(n: number): void {
    const { ring } = this;
    const { live } = ring;
    if (live !== this.live) {
      const came = (live - this.live) | 0;
      this.run = this.lastNew >= 0 && n - this.lastNew <= this.holdFrames ? this.run + came : came;
      this.live = live;
      this.lastNew = n;
    }
    const flows = this.lastNew >= 0 && n - this.lastNew <= this.holdFrames;
    if (!flows) this.run = 0;
    const needed = this.standing === FRESH ? 0 : this.standing === PAINTER_IDLE ? BACK_FROM_IDLE : BACK_FROM_STAND_IN;
    if (flows && this.run >= needed) {
      this.move(FRESH, n);
    } else if (this.standing === FRESH) {
      this.move(PAINTER_IDLE, n);
    } else if (this.standing === PAINTER_IDLE && n - this.stalledAt + this.holdFrames >= this.standInFrames) {
      this.move(this.lost, n);
    }
  }

  private move(standing: number, n: number): void {
    if (standing === this.standing) return;
    if (standing === PAINTER_IDLE) {
      this.stalledAt = n;
      this.step = 0;
      this.showsIdleClip = false;
      this.idle = this.ring.idle;
    }
    this.standing = standing;
    this.movedAt = n;
    this.ring.setStep(standing);
  }

  private choose(n: number): void {
    const { ring } = this;
    if (this.standing === FRESH) return this.take(ring.newest);
    const { idle } = ring;
    if (idle !== this.idle) {
      this.idle = idle;
      this.showsIdleClip = true;
      return this.take(ring.newest);
    }
    if (this.showsIdleClip) return;
    const { kept } = ring;
    if (kept < 2) return this.shown < 0 ? this.take(ring.newest) : undefined;
    // Back and forth over the history, each picture as long as it was.
    const at = Math.floor((n - this.stalledAt) / HISTORY_EVERY);
    if (at === this.step && this.shown >= 0) return;
    this.step = at;
    const turn = at % (2 * kept - 2);
    this.take(ring.past(turn < kept ? turn : 2 * kept - 2 - turn));
  }

  /** The shown slot is never written, so the same slot is the same picture. */
  private take(slot: number): void {
    const { ring } = this;
    let wanted = slot;
    for (let i = 0; i < MAX_TRIES && wanted >= 0 && wanted !== this.shown; i += 1) {
      if (ring.show(wanted)) {
        this.handles[wanted]! ^= 1;
        this.shown = wanted;
        return;
      }
      wanted = ring.newest;
    }
    if (this.shown >= 0) ring.show(this.shown);
  }
}
