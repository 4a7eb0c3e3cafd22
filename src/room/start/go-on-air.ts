import { markOnAir } from '../../core/processes/on-air-marks.js';
import { frameIndex, millisecondsToFrames } from '../../core/time.js';
import { dropFilePages, settleMemory } from '../../native/process-memory.js';
import { preferOnAir } from '../../native/process-priority.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { RoomParts } from '../room-parts.js';
import type { LoopBoard } from '../../loop/loop-board.js';
import { sleep } from '../../core/sleep.js';

/** A stalled loop or a long dump window must not delay the API for longer. */
const MAX_WAIT_MS = 1000;
const LOOK_MS = 10;

/** Resolves when a frame has left the gate, at the latest after MAX_WAIT_MS. */
async function firstFrame(board: Pick<LoopBoard, 'get'>, signal: AbortSignal): Promise<void> {
  for (let ms = 0; ms < MAX_WAIT_MS && board.get('released') + board.get('replaced') === 0; ms += LOOK_MS) {
    if (signal.aborted) return;
    await sleep(LOOK_MS, signal);
  }
}

/** Lines within this time are scheduled before the clock starts. */
const OPENING_MS = 3000;

/** Starts the clock of a room whose parts are open, and its outputs. Throws when the signal aborts. */
export async function goOnAir(parts: RoomParts, stack: CloseStack, signal: AbortSignal): Promise<void> {
  const { room, runner, encoding, fastStart, loop, outputs, admission, drawing, avProbe } = parts;
  if (!fastStart) {
    await runner.planUntil(millisecondsToFrames(OPENING_MS, room.rate), () => frameIndex(0));
    signal.throwIfAborted();
    await Promise.all([admission.rest(), drawing.rest()]);
    settleMemory();
  }
  await encoding;
  signal.throwIfAborted();
  preferOnAir();
  loop.send({ type: 'go' });
  stack.add(markOnAir());
  outputs.start();
  // Until the first frame the machine has no CPU left for anything else.
  if (fastStart) await firstFrame(loop.board, signal);
  dropFilePages();
  avProbe.start();
}
