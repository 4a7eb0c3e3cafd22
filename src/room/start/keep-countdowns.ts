import type { CloseStack } from '../../core/close-stack.js';
import type { RoomParts } from '../room-parts.js';

/** How often the ends of countdowns are set anew: corrected clocks and lost slots add up slowly. */
const INTERVAL_MS = 60_000;

/** Keeps countdowns to a time of day right: at once, since the show has just begun, and then once a minute. */
export function keepCountdowns(stack: CloseStack, { scene, loop }: Pick<RoomParts, 'scene' | 'loop'>): void {
  const retime = (): void => {
    const update = scene.retimeCountdowns();
    if ((update.retimes ?? []).length > 0) loop.send({ type: 'scene', update });
  };
  retime();
  const timer = setInterval(retime, INTERVAL_MS);
  timer.unref();
  stack.add({ close: async () => clearInterval(timer) });
}
