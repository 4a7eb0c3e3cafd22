// frame path
import type { BitmapId, BitmapTable } from '../../core/media/picture.js';
import {
  ClipRing,
  type CompiledClip,
  type CompiledClips,
  idsAt,
  RING_SLOTS,
  SerialQueue,
  slotBitmap,
} from './clip-ring.js';

/** Fills a slot synchronously, for a render that may wait. */
export interface FrameReader {
  read(item: number, stored: number, slot: number): void;
  close(): void;
}

/*
 * Problem: choose the bitmap a clip shows in frame t without waiting, with correct damage.
 *
 * Rule: the run's bitmap when it is in the ring. When it is missing (the feeder is late), the last one stays; after
 * `idleFrames` of that, and where this turn has shown nothing yet, the first frame; after `slateFrames` the slate, also
 * where the first frame would be due; until frames arrive again. A slot has two handles, used alternately for each new
 * run, so a handle never means two pictures in consecutive frames.
 */
export class ClipPlayer {
  private readonly turns: SerialQueue;
  /** Lookups ahead. */
  private readonly later: SerialQueue;
  private readonly ring: ClipRing;
  /** By slot: the last key shown, and which of its two handles. */
  private readonly keys = new Float64Array(RING_SLOTS).fill(-1);
  private readonly handle = new Int32Array(RING_SLOTS);
  private shownItem = -1;
  private shownId: BitmapId = 0;
  private lateRun = 0;
  private nextSlot = 0;
  /** Frames whose run was missing. */
  lateFrames = 0;

  constructor(
    private readonly clips: CompiledClips,
    bitmaps: BitmapTable,
    private readonly reader: FrameReader | null = null,
  ) {
    this.turns = new SerialQueue(clips.turnFrames);
    this.later = new SerialQueue(clips.turnFrames);
    this.ring = new ClipRing(clips.control);
    for (let item = 0; item < clips.items.length; item += 1) {
      const clip = clips.items[item]!;
      if (clip === null) continue;
      for (let slot = 0; slot < RING_SLOTS; slot += 1) {
        const bitmap = slotBitmap(clips.slots[slot]!, clip);
        bitmaps.set(clips.ids[idsAt(item, slot)]!, bitmap);
        bitmaps.set(clips.ids[idsAt(item, slot) + 1]!, bitmap);
      }
    }
  }

  /** Call for every frame t of the layer, shown or not; `bitmap` then returns the picture of the item whose turn it is. */
  seek(t: number): void {
    const { turns, ring, clips } = this;
    turns.seek(t);
    const clip = clips.items[turns.item]!;
    if (clip === null) return this.rest(t, turns.item, 0);
    const from = clip.runs.start[turns.into]!;
    const key = t - (turns.into - from);
    if (from === 0) return this.rest(key, turns.item, this.standIn(clip));
    ring.want(key);
    const slot = this.reader === null ? ring.find(key) : this.readNow(clip.index[from]!, key);
    if (slot >= 0) {
      if (this.keys[slot] !== key) {
        this.keys[slot] = key;
        this.handle[slot]! ^= 1;
      }
      ring.show(slot);
      ring.onTime();
      this.lateRun = 0;
      this.shownItem = turns.item;
      this.shownId = clips.ids[idsAt(turns.item, slot) + this.handle[slot]!]!;
      return;
    }
    this.lateFrames += 1;
    this.lateRun += 1;
    const step = this.step;
    ring.late(step);
    if (step > 0 || this.shownItem !== turns.item) {
      ring.show(-1);
      this.shownItem = turns.item;
      this.shownId = this.standIn(clip);
    }
  }

  /** Whether the content of frame t is loaded; the feeder reads ahead by itself. */
  has(t: number): boolean {
    const { later, clips } = this;
    later.seek(t);
    const from = clips.items[later.item]?.runs.start[later.into] ?? 0;
    return from === 0 || this.reader !== null || this.ring.find(t - (later.into - from)) >= 0;
  }

  /** The bitmap of an item: that of its turn, or its first frame or slate; 0 for a picture. */
  bitmap(item: number): BitmapId {
    if (item === this.turns.item) return this.shownId;
    const clip = this.clips.items[item];
    return clip === null || clip === undefined ? 0 : this.standIn(clip);
  }

  /** Index in SOURCE_STEPS. */
  private get step(): number {
    const { idleFrames, slateFrames } = this.clips;
    return this.lateRun > slateFrames ? 2 : this.lateRun > idleFrames ? 1 : 0;
  }

  /** The bitmap of a clip that does not play. */
  private standIn(clip: CompiledClip): BitmapId {
    return this.step === 2 ? clip.slateId : clip.firstId;
  }

  end(): void {
    this.ring.end();
    this.reader?.close();
  }

  private rest(wanted: number, item: number, id: BitmapId): void {
    this.ring.want(wanted);
    this.ring.show(-1);
    this.shownItem = item;
    this.shownId = id;
  }

  /** Two slots suffice; the shown one stays as it is. */
  private readNow(stored: number, key: number): number {
    const last = (this.nextSlot + 1) & 1;
    if (this.keys[last] === key) return last;
    const slot = this.nextSlot;
    this.reader!.read(this.turns.item, stored, slot);
    this.nextSlot = last;
    return slot;
  }
}
