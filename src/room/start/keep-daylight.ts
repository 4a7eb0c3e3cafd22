import type { CloseStack } from '../../core/close-stack.js';
import { frameIndex, millisecondsToFrames } from '../../core/time.js';
import type { RoomParts } from '../room-parts.js';

/** How often the clock is looked at. */
const INTERVAL_MS = 60_000;
/** Frames a scene update is sent ahead of the picture. */
const AHEAD_MS = 500;

/**
 * Fades the set to the light of the time of day. A picture that cannot be drawn or shown leaves the light as it is; the
 * next minute tries again.
 */
export function keepDaylight(
  stack: CloseStack,
  { scene, loop, room, log }: Pick<RoomParts, 'scene' | 'loop' | 'room' | 'log'>,
): void {
  let busy = false;
  let reported = false;
  const soon = () => frameIndex(loop.board.get('frame') + millisecondsToFrames(AHEAD_MS, room.rate));
  const relight = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const update = await scene.relight(soon);
      if (update.layers.length > 0) loop.send({ type: 'scene', update });
      reported = false;
    } catch (error) {
      if (!reported) log.warn({ error }, 'the set keeps its light: its picture in the next light cannot be shown');
      reported = true;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void relight(), INTERVAL_MS);
  timer.unref();
  stack.add({ close: async () => clearInterval(timer) });
}
