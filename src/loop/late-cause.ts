// frame path
/** Why a slot was late. Refused frames are counted as `encode` elsewhere. */
export type LateCause = 'lateRender' | 'lateScan' | 'lateStall';

/**
 * The cause of a late tick, from the stage times of the previous tick in milliseconds. A previous tick of less than
 * half a slot did not cause the delay: the thread did not get the CPU in time (stall).
 */
export function lateCause(slotMs: number, renderMs: number, scanMs: number): LateCause {
  if (renderMs + scanMs < slotMs / 2) return 'lateStall';
  return renderMs >= scanMs ? 'lateRender' : 'lateScan';
}
