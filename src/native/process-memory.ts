import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { collectGarbage } from '../core/collect-garbage.js';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * A room runs for weeks with half a dozen threads. glibc gives each its own arenas and keeps what was freed,
 * which costs such a process a hundred megabytes that nobody uses. Without the addon only V8's heap is kept small.
 */

/**
 * Few arenas and a small young generation from here on; to be called before threads start. V8 lets the young
 * generation of a busy start grow to 32 MB and keeps it; one that does not grow is collected more often and
 * costs no more, since hardly anything in a room survives. V8 takes the factor back when a thread starts, so that this
 * serves commands without threads; `startSmall` is for those with.
 * @param young false where the young generation has a limit
 */
export function keepHeapSmall(young = true): void {
  if (young) setFlagsFromString('--semi-space-growth-factor=1');
  if (existsSync(addonPath())) loadAddon(addonPath()).keepHeapSmall();
}

/**
 * After a collection the C heap is trimmed at these times: V8 frees the memory of dead buffers on another
 * thread, and compiles for half a minute what turned out to run often.
 */
const TRIMS_MS = [500, 6000, 30_000];

export function trimHeap(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).trimHeap();
}

/**
 * Lets go of the program's own pages that only starting needed (half of Node's 50 MB and of libvips). What is needed
 * again comes from the page cache, sixteen pages within a microsecond or two; not to be called on a thread that may
 * not lose a millisecond.
 */
export function dropFilePages(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).dropFilePages();
}

/**
 * Collects garbage and gives what is free back to the system. Loading a room leaves a hundred megabytes of
 * pictures behind that V8 is in no hurry to collect. Stops the calling thread for some 30 ms and, at each trim, for
 * some 7 ms, so never on the loop's.
 */
export function settleMemory(): void {
  collectGarbage();
  for (const ms of TRIMS_MS) setTimeout(trimHeap, ms).unref();
}

/** What has become free is given back so often: it is seven milliseconds of the calling thread. */
export const TRIM_MS = 60_000;
/** The program's pages that are not in use go so often; those that are come back within seconds. */
export const DROP_MS = 600_000;
