import { youngCollector, YOUNG_COLLECTION_MS, fullCollector } from '../../core/collect-garbage.js';
import type { ShowCommand } from './loop-command.js';

/**
 * Gives back the shared memory of lines and captions that are over.
 *
 * Problem: a line's sound and a caption's pictures are megabytes behind a few small objects of this thread. Memory
 * is shared, so V8 does not count it here; and a loop that allocates nothing else gives V8 no reason to collect:
 * 13 MB a minute were seen to stay. Demands: bounded, without a collection that makes a tick late often.
 * Rule: the young are collected every few seconds, which takes what was short. What lived longer goes with a full
 * collection, right after a tick, once so many bytes have come in that they are worth one.
 * Numbers: 24 MiB, every two minutes or so; 4 to 10 ms on an idle machine, of the 33 of a slot.
 */
const FULL_AFTER_BYTES = 24 << 20;

export class SharedBytes {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private readonly youngTicks: number;
  private received = 0;
  /** Full collections so far. */
  collections = 0;

  constructor(slotMs: number) {
    this.youngTicks = Math.round(YOUNG_COLLECTION_MS / slotMs);
  }

  /** A command came in. */
  take(command: ShowCommand): void {
    if (command.type === 'speak') this.received += command.pcm.byteLength;
    else if (command.type === 'scene') {
      for (const { bitmap } of command.update.bitmaps) this.received += bitmap.data.byteLength;
    }
  }

  /** Slot n is done, and the next one is not due yet. */
  afterTick(n: number): void {
    if (this.received >= FULL_AFTER_BYTES) {
      this.received = 0;
      this.collections += 1;
      this.collectAll();
    } else if (n % this.youngTicks === 0) this.collectYoung();
  }
}
