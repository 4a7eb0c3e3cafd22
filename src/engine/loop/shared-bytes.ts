import { fullCollector, youngCollector } from '../../core/collect-garbage.js';
import { ringBytes } from '../../scene/clips/clip-ring.js';
import type { ShowCommand } from '../../director/show/show-command.js';

/**
 * Gives back the loop's share in the memory of lines and captions that are over; it goes when the engine's thread has
 * let go of it, too (BufferCollector).
 *
 * Problem: a line's sound and a caption's pictures are megabytes behind a few small objects. They were made on another
 * thread, so V8 does not count them here; and a loop that allocates nothing else gives V8 no reason to collect:
 * 13 MB a minute were seen to stay. Demands: bounded, without a collection that makes a tick late often.
 * Rule: the young are collected every few seconds, which takes what was short. What lived longer goes with a full
 * collection in place of that, right after a tick, once so many bytes have come in that they are worth one.
 * Numbers: 12 MiB, every minute or so; 4 to 20 ms of the 33 of a slot, by how loaded the machine is.
 */
const FULL_AFTER_BYTES = 12 << 20;

export class SharedBytes {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private passed = 0;
  /** Full collections so far. */
  collections = 0;

  /** A command came in. */
  take(command: ShowCommand): void {
    if (command.type === 'speak') this.passed += command.pcm.byteLength;
    else if (command.type === 'scene') {
      for (const { bitmap } of command.update.bitmaps) this.passed += bitmap.data.byteLength;
      for (const { clips } of command.update.layers) this.passed += clips === null ? 0 : ringBytes(clips.items);
    }
  }

  /** To be called every YOUNG_COLLECTION_MS, when nothing is due for a while. */
  collect(): void {
    if (this.passed < FULL_AFTER_BYTES) {
      this.collectYoung();
      return;
    }
    this.passed = 0;
    this.collections += 1;
    this.collectAll();
  }
}
