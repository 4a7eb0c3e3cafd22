import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { collectGarbage } from '../core/collect-garbage.js';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * A room runs for weeks with half a dozen threads. glibc gives each thread its own arenas and keeps freed memory, which
 * wastes a hundred megabytes in such a process. Without the addon only V8's heap is kept small.
 */

/**
 * Few arenas and a small young generation from here on; call it before threads start. V8 lets the young generation of a
 * busy start grow to 32 MB and keeps it; a smaller one is collected more often at no extra cost, since hardly anything
 * in a room survives. V8 resets the factor when a thread starts, so this serves commands without threads; `startSmall`
 * is for those with.
 *
 * @param young false where the young generation has a limit
 */
export function keepHeapSmall(young = true): void {
  if (young) setFlagsFromString('--semi-space-growth-factor=1');
  if (existsSync(addonPath())) loadAddon(addonPath()).keepHeapSmall();
}

/**
 * After a collection the C heap is trimmed at these times: V8 frees the memory of dead buffers on another thread, and
 * optimises hot code for half a minute.
 */
const TRIMS_MS = [500, 6000, 30_000];

export function trimHeap(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).trimHeap();
}

/**
 * Releases the program's own pages that only starting needed (half of Node's 50 MB and of libvips). Needed ones return
 * from the page cache, sixteen pages within a microsecond or two; do not call it on a thread with millisecond
 * deadlines.
 */
export function dropFilePages(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).dropFilePages();
}

/**
 * Collects garbage and returns free memory to the system. Loading a room leaves a hundred megabytes of pictures behind
 * that V8 is slow to collect. Blocks the calling thread for some 30 ms and, at each trim, for some 7 ms, so never use
 * it on the loop's.
 */
export function settleMemory(compacts = true): void {
  collectGarbage(compacts);
  for (const ms of TRIMS_MS) setTimeout(trimHeap, ms).unref();
}

/** Trim interval: each trim takes seven milliseconds of the calling thread. */
export const TRIM_MS = 60_000;
/** Interval for releasing the program's unused pages; used ones return within seconds. */
export const DROP_MS = 600_000;
