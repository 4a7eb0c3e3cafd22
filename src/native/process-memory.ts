import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * A room runs for weeks with half a dozen threads. glibc gives each its own arenas and keeps what was freed,
 * which costs such a process a hundred megabytes that nobody uses. Without the addon both do nothing.
 */

/** Few arenas from here on; to be called before threads start. */
export function keepHeapSmall(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).keepHeapSmall();
}

/**
 * Collects garbage and gives what is free back to the system. Loading a room leaves a hundred megabytes of
 * pictures behind that V8 is in no hurry to collect. Stops the calling thread for some 50 ms, so never on the
 * loop's.
 */
export function settleMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  if (existsSync(addonPath())) loadAddon(addonPath()).trimHeap();
}
