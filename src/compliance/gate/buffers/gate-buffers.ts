/** Buffers a scanner must have for a gate: window, encoder, last clean picture, two scans that are late. */
export const gateBuffers = (lookAheadFrames: number, poolExtraFrames: number): number =>
  lookAheadFrames + 1 + poolExtraFrames + 1 + 2;
