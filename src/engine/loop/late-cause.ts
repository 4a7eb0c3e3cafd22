// frame path
/** Why a slot was late: `encode` is counted where a frame was refused, the others here. */
export type LateCause = 'lateRender' | 'lateScan' | 'lateStall';

/**
 * The cause of a late tick from what the tick before spent, in milliseconds. A tick that spent less than
 * half a slot did not make the next one late: the thread was not given the processor in time (stall).
 */
export function lateCause(slotMs: number, renderMs: number, scanMs: number): LateCause {
  if (renderMs + scanMs < slotMs / 2) return 'lateStall';
  return renderMs >= scanMs ? 'lateRender' : 'lateScan';
}
