import type { LoopBoard } from '../../loop/loop-board.js';
import { sleep } from '../../core/sleep.js';

/** A stalled loop or a long dump window must not delay the API for longer. */
const MAX_WAIT_MS = 1000;
const LOOK_MS = 10;

/** Resolves when a frame has left the gate, at the latest after MAX_WAIT_MS. */
export async function firstFrame(board: Pick<LoopBoard, 'get'>, signal: AbortSignal): Promise<void> {
  for (let ms = 0; ms < MAX_WAIT_MS && board.get('released') + board.get('replaced') === 0; ms += LOOK_MS) {
    if (signal.aborted) return;
    await sleep(LOOK_MS, signal);
  }
}
