import type { WatchEvent } from '../../compliance/watch/watch-event.js';
import type { RoomParts } from '../room-parts.js';

/**
 * Records the events of the loop's watches in ledger and log, and fills dead air where the script has a line for it.
 * While the operator holds the script, a silent presenter is no fault: neither the beginning of that silence is reported
 * nor its end.
 */
export function takeWatch(
  event: WatchEvent,
  {
    watch,
    rundown,
    agenda,
    runner,
    room,
    log,
  }: Pick<RoomParts, 'watch' | 'rundown' | 'agenda' | 'runner' | 'room' | 'log'>,
): void {
  const { kind, active } = event;
  // Without music a held script leaves the sound empty as well.
  const isSilence = kind === 'dead-air' || (kind === 'silent' && room.audio.music === undefined);
  if (isSilence && active && runner.paused) return;
  if (isSilence && !active && !watch.faults().some((fault) => fault.kind === kind)) return;
  watch.take(event);
  if (kind !== 'dead-air' || !active || agenda.length > 0) return;
  const text = rundown.filler();
  const line = text === undefined ? undefined : agenda.add({ kind: 'filler', text });
  if (line !== undefined) log.info({ line: line.id }, 'dead air is filled');
}
