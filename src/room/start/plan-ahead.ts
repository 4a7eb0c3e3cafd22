import { toEngineError } from '../../core/errors.js';
import { millisecondsToFrames, type FrameIndex } from '../../core/time.js';
import type { RoomParts } from '../room-parts.js';

/** How far ahead of the picture lines are scheduled. */
const HORIZON_MS = 2000;
const PLAN_INTERVAL_MS = 100;
/** Pause after a line that could not be scheduled, since its cause rarely ends at once. */
const PAUSE_MS = 1000;

/**
 * Schedules lines as the picture advances and at once when the agenda changes, until the signal aborts. A failure is logged and retried: a show whose next
 * line cannot be made goes on with the lines it has.
 */
export async function planAhead(
  { room, runner, log }: Pick<RoomParts, 'room' | 'runner' | 'log'>,
  frame: () => FrameIndex,
  signal: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = (ms) => runner.idle(ms),
): Promise<void> {
  const horizon = millisecondsToFrames(HORIZON_MS, room.rate);
  while (!signal.aborted) {
    try {
      await runner.planUntil(frame() + horizon, frame);
    } catch (cause) {
      if (signal.aborted) return;
      const error = toEngineError(cause, 'show');
      log.error({ code: error.code }, error.message);
      await wait(PAUSE_MS, signal);
    }
    await wait(PLAN_INTERVAL_MS, signal);
  }
}
