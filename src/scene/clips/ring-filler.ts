import { ClipRing, type CompiledClips, RING_SLOTS, SerialQueue } from './clip-ring.js';
import type { FrameReader } from './clip-player.js';

/** Keeps one layer's ring full: reads the next runs into free slots. */
export class RingFiller {
  readonly ring: ClipRing;
  private readonly turns: SerialQueue;
  private base = 0;
  private readonly needed: { key: number; item: number; stored: number }[] = [];

  constructor(
    private readonly clips: CompiledClips,
    private readonly reader: FrameReader,
  ) {
    this.ring = new ClipRing(clips.control);
    this.turns = new SerialQueue(clips.turnFrames);
  }

  /** Reads one frame; false when there is nothing to do. Passes on read errors. */
  step(): boolean {
    const { ring } = this;
    this.base = ring.wanted(this.base);
    this.plan();
    for (const { key, item, stored } of this.needed) {
      if (ring.find(key) >= 0) continue;
      const slot = ring.free(this.base);
      if (slot < 0) return false;
      ring.clear(slot);
      this.reader.read(item, stored, slot);
      ring.fill(slot, key);
      return true;
    }
    return false;
  }

  close(): void {
    this.reader.close();
  }

  /** The next runs from the wanted one on; one slot is left for the shown run. */
  private plan(): void {
    const { needed, turns, clips } = this;
    needed.length = 0;
    // Pictures and first frames need no slot: a full round of them ends the search.
    let steps = 2 * RING_SLOTS + 2 * clips.items.length;
    for (let t = this.base; needed.length < RING_SLOTS - 1 && steps > 0; steps -= 1) {
      turns.seek(t);
      const clip = clips.items[turns.item]!;
      if (clip === null) {
        t += turns.frames[turns.item]! - turns.into;
        continue;
      }
      const from = clip.runs.start[turns.into]!;
      const key = t - (turns.into - from);
      if (from > 0) needed.push({ key, item: turns.item, stored: clip.index[from]! });
      t = key + clip.runs.length[turns.into]!;
    }
  }
}
