import type { LoopBoard } from '../../loop/loop-board.js';
import { sleep } from '../../../core/sleep.js';

/** Scans that the gate may have under way while a clip is scanned beside it. */
const PENDING = 2;
const LOOK_MS = 10;
/** For so long at most, so that a scan that never catches up does not hold the clip for ever. */
const LONGEST_MS = 300;

/**
 * Lets the gate go first. A minute of scanning a new clip would take a core away from the scan of the frames on air, and a
 * frame without a verdict in time is replaced. Before the clock runs nothing is pending, and nothing is waited for.
 */
export function yieldToGate(board: Pick<LoopBoard, 'get'>, stop: AbortSignal): () => Promise<void> {
  return async () => {
    for (let ms = 0; ms < LONGEST_MS && board.get('scanPending') > PENDING; ms += LOOK_MS) await sleep(LOOK_MS, stop);
  };
}
