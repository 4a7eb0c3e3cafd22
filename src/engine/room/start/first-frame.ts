import type { LoopBoard } from '../../loop/loop-board.js';
import { sleep } from '../../../core/sleep.js';

/** For so long at most: neither a loop that hangs nor a window in which people think must keep the API away. */
const LONGEST_MS = 1000;
const LOOK_MS = 10;

/** Resolves when a frame has left the gate, or should have long ago. */
export async function firstFrame(board: Pick<LoopBoard, 'get'>, signal: AbortSignal): Promise<void> {
  for (let ms = 0; ms < LONGEST_MS && board.get('released') + board.get('replaced') === 0; ms += LOOK_MS) {
    if (signal.aborted) return;
    await sleep(LOOK_MS, signal);
  }
}
