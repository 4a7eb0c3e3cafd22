/** Weights of a frame and its neighbours: the net's points tremble from frame to frame. */
const WEIGHTS = [0.06, 0.24, 0.4, 0.24, 0.06] as const;

/** Points smoothed over time; frames without a face stay without. */
export function smoothPoints(points: readonly (Float32Array | undefined)[]): (Float32Array | undefined)[] {
  return points.map((own, n) => {
    if (own === undefined) return undefined;
    const out = new Float32Array(own.length);
    let total = 0;
    WEIGHTS.forEach((w, k) => {
      const near = points[n + k - 2];
      if (near === undefined) return;
      total += w;
      for (let i = 0; i < out.length; i += 1) out[i]! += near[i]! * w;
    });
    for (let i = 0; i < out.length; i += 1) out[i]! /= total;
    return out;
  });
}
