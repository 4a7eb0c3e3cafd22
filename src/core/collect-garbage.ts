import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Runs a full collection of the calling thread's heap, 10 to 100 ms. Meant for the moment between loading and work: V8
 * is slow to collect the garbage of loading in a thread that does little afterwards.
 *
 * @param compacts gives half-empty pages back too; copying them takes 20 MB for a moment in the engine's thread
 */
export function collectGarbage(compacts = true): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  if (!compacts) return;
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

/**
 * Collects the young generation, 0.3 ms in the loop's thread and 1 to 2 ms in the engine's. A caption's pictures are
 * megabytes behind a few small objects; left to itself V8 collects those every half minute, by which time they take
 * tens of megabytes.
 */
export function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  return () => collect({ type: 'minor' });
}

/** Longer than a caption is shown, so that its pictures are still young when they are dropped. */
export const YOUNG_COLLECTION_MS = 4000;

/**
 * Collects the calling thread's whole heap without compacting it, for objects that have outlived the young generation.
 * Node 20 treats any argument of `gc`, even `{ type: 'major' }`, as a request for a young collection.
 */
export function fullCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => collect();
}

/**
 * Collects a thread's heap to free external memory: packets, pictures and sound, megabytes behind a few small objects.
 *
 * Problem: packets are kept for seconds for slow readers, so they are old when they are dropped. V8 collects the old
 * generation every minute or two, by which time they take fifty megabytes.
 * Rule: each call collects the young generation, or the whole heap once the array buffers have grown by `bytes`
 * since the last full collection.
 * Numbers: 12 MiB in the engine's thread, about every 20 s at 2.5 Mbit/s, 12 to 80 ms depending on the load.
 */
export class BufferCollector {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private before: number | undefined;
  /** Full collections so far. */
  collections = 0;

  constructor(
    private readonly bytes: number = 12 << 20,
    private readonly held: () => number = () => process.memoryUsage().arrayBuffers,
  ) {}

  /** Call every YOUNG_COLLECTION_MS. */
  collect(): void {
    const held = this.held();
    // V8 frees buffers on another thread after a collection, so the remaining size is known at the next call.
    this.before ??= held;
    if (held - this.before < this.bytes) {
      this.before = Math.min(this.before, held);
      this.collectYoung();
      return;
    }
    this.before = undefined;
    this.collections += 1;
    this.collectAll();
  }
}
