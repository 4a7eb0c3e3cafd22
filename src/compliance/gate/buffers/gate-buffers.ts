/** Buffers that a scanner needs for a gate: window, encoder, last clean picture, two late scans. */
export const gateBuffers = (lookAheadFrames: number, poolExtraFrames: number): number =>
  lookAheadFrames + 1 + poolExtraFrames + 1 + 2;
