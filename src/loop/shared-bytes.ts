import { fullCollector, youngCollector } from '../core/collect-garbage.js';
import { ringBytes } from '../scene/clips/clip-ring.js';
import type { ShowCommand } from '../show/show-command.js';

/**
 * Frees the loop's share of the memory of finished lines and captions; the engine's thread frees its own
 * (BufferCollector).
 *
 * Problem: a line's sound and a caption's pictures are megabytes behind a few small objects. They were allocated on
 * another thread, so V8 does not count them here, and a loop that allocates nothing gives V8 no reason to collect:
 * memory grows by 13 MB a minute. It must stay bounded, and a collection must rarely make a tick late.
 * Rule: the young generation is collected every few seconds, which frees short-lived objects. Once enough bytes have
 * arrived, a full collection replaces it, right after a tick.
 * Numbers: full after 12 MiB, about once a minute; 4 to 20 ms of the slot's 33, depending on load.
 */
const FULL_AFTER_BYTES = 12 << 20;

export class SharedBytes {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private passed = 0;
  /** Number of full collections. */
  collections = 0;

  /** Counts an arriving command. */
  take(command: ShowCommand): void {
    if (command.type === 'speak') this.passed += command.pcm.byteLength;
    else if (command.type === 'scene') {
      for (const { bitmap } of command.update.bitmaps) this.passed += bitmap.data.byteLength;
      for (const { clips } of command.update.layers) this.passed += clips === null ? 0 : ringBytes(clips.items);
    }
  }

  /** Counts further memory that has become free or will. */
  add(bytes: number): void {
    this.passed += bytes;
  }

  /** Call it every YOUNG_COLLECTION_MS, when no tick is due for a while. */
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
