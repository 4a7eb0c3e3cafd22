import type { LoopBoard } from '../../loop/loop-board.js';
import { sleep } from '../../core/sleep.js';

/** Maximum pending scans of the gate while a clip is scanned beside it. */
const MAX_PENDING = 2;
const LOOK_MS = 10;
/** Maximum wait, so that a scan that never catches up does not block the clip for ever. */
const MAX_WAIT_MS = 300;

/**
 * Lets the gate's scans run first. Scanning a new clip takes a core for up to a minute; the frames on air would lose
 * that core, and a frame without a verdict in time is replaced. Before the clock runs nothing is pending and nothing
 * waits.
 */
export function yieldToGate(board: Pick<LoopBoard, 'get'>, stop: AbortSignal): () => Promise<void> {
  return async () => {
    for (let ms = 0; ms < MAX_WAIT_MS && board.get('scanPending') > MAX_PENDING; ms += LOOK_MS)
      await sleep(LOOK_MS, stop);
  };
}
