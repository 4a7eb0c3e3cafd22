import { frameIndex, frameToMicroseconds, type FrameIndex } from '../../core/time.js';
import type { RoomParts } from '../room-parts.js';
import { ShowHealth } from './show-health.js';

/** Reports a show that stalls, and asks for the slate when it stalls for long. */
export const watchShow = (
  { room, runner, note, log }: RoomParts,
  frame: () => FrameIndex,
  onSlate: () => void,
): ShowHealth =>
  new ShowHealth({
    owedMs: () => frameToMicroseconds(frameIndex(runner.owedFrames(frame())), room.rate) / 1000,
    slateMs: room.script.slateAfterMs,
    note,
    log,
    onSlate,
  });
