import type { WatchEvent } from '../../../compliance/watch/watch-event.js';
import type { RoomParts } from '../room-parts.js';

/** What the loop's watches tell goes into ledger and log; and dead air is filled, where the script has something for it. */
export function takeWatch(
  event: WatchEvent,
  { watch, rundown, log }: Pick<RoomParts, 'watch' | 'rundown' | 'log'>,
): void {
  watch.take(event);
  if (event.kind !== 'dead-air' || !event.active) return;
  const line = rundown.fill();
  if (line !== undefined) log.info({ line: line.id }, 'dead air is filled');
}
