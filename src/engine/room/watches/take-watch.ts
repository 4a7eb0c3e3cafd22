import type { WatchEvent } from '../../../compliance/watch/watch-event.js';
import type { RoomParts } from '../room-parts.js';

/**
 * Records the events of the loop's watches in ledger and log, and fills dead air where the script has a line for it.
 */
export function takeWatch(
  event: WatchEvent,
  { watch, rundown, log }: Pick<RoomParts, 'watch' | 'rundown' | 'log'>,
): void {
  watch.take(event);
  if (event.kind !== 'dead-air' || !event.active) return;
  const line = rundown.fill();
  if (line !== undefined) log.info({ line: line.id }, 'dead air is filled');
}
