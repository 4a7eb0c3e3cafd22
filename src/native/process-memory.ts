import { existsSync } from 'node:fs';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * A room runs for weeks with half a dozen threads. glibc gives each its own arenas and keeps what was freed,
 * which costs such a process a hundred megabytes that nobody uses. Without the addon both do nothing.
 */

/** Few arenas from here on; to be called before threads start. */
export function keepHeapSmall(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).keepHeapSmall();
}

/** Gives freed memory back to the system; takes some milliseconds, so not on the frame path. */
export function trimHeap(): void {
  if (existsSync(addonPath())) loadAddon(addonPath()).trimHeap();
}
