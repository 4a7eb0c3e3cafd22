import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A full collection of the calling thread's heap, 10 to 100 ms. For the moment between loading and work: what
 * loading leaves behind is garbage that V8 is in no hurry to collect in a thread that then does little.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // Once more, now moving what lives together, so that half-empty pages are given back too.
  setFlagsFromString('--compact-on-every-full-gc');
  collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}

/**
 * Collects only what is young, 0.3 ms in the loop's thread and 1 to 2 ms in the engine's. A caption's pictures are
 * megabytes behind a few small objects: V8 sees no reason to collect those for half a minute, in which they
 * would grow to tens of megabytes.
 */
export function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  return () => collect({ type: 'minor' });
}

/** Longer than a caption is shown, so that its pictures are not yet old when they go. */
export const YOUNG_COLLECTION_MS = 4000;

/**
 * Collects all of the calling thread's heap, without compacting it: for what has outlived the young generation.
 * Node 20 takes any argument of `gc` for a wish to collect the young only, also `{ type: 'major' }`.
 */
export function fullCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => collect();
}

/**
 * Collects a thread's heap for the sake of what lies outside of it: packets, pictures and sound, megabytes behind a few
 * small objects. What is kept for seconds (packets, for those who are late) is old when it goes, and V8 sees no
 * reason to collect the old for a minute or two, in which it would grow to fifty megabytes.
 *
 * Rule: the young are collected every time; all, in place of that, once the array buffers have grown by so many bytes
 * since the last time. Numbers: in the engine's thread 12 MiB, at 2.5 Mbit/s every 20 s or so, for 12 to 80 ms by how
 * loaded the machine is.
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

  /** To be called every YOUNG_COLLECTION_MS. */
  collect(): void {
    const held = this.held();
    // V8 frees the memory after a collection on another thread: what is left is known the next time only.
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
