import { fullCollector, youngCollector } from '../../core/collect-garbage.js';
import type { ShowCommand } from './loop-command.js';

/**
 * Gives back the shared memory of lines and captions that are over. Each of the two threads has one: what they share
 * goes when both have let go of it.
 *
 * Problem: a line's sound and a caption's pictures are megabytes behind a few small objects. Memory is shared, so V8
 * does not count it; and a thread that allocates little else gives V8 no reason to collect: 13 MB a minute were
 * seen to stay. Demands: bounded, without a collection that makes a tick late often.
 * Rule: the young are collected every few seconds, which takes what was short. What lived longer goes with a full
 * collection in place of that, once so many bytes have passed that they are worth one; on the loop's thread right
 * after a tick.
 * Numbers: 12 MiB, every minute or so; 4 to 20 ms of the 33 of a slot on the loop’s thread, 12 to 80 on the engine’s, by how
 * loaded the machine is.
 */
const FULL_AFTER_BYTES = 12 << 20;

export class SharedBytes {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private passed = 0;
  /** Full collections so far. */
  collections = 0;

  /** A command came in, or went out. */
  take(command: ShowCommand): void {
    if (command.type === 'speak') this.passed += command.pcm.byteLength;
    else if (command.type === 'scene') {
      for (const { bitmap } of command.update.bitmaps) this.passed += bitmap.data.byteLength;
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
