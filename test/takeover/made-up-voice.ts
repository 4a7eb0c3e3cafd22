import { SAMPLE_RATE_HZ } from '../../src/core/time.js';

/** A vowel-like hum at each stretch, given in milliseconds, and silence elsewhere. */
export function madeUpVoice(
  lengthMs: number,
  stretches: readonly (readonly [fromMs: number, toMs: number])[],
): Float32Array {
  const pcm = new Float32Array((lengthMs * SAMPLE_RATE_HZ) / 1000);
  for (const [fromMs, toMs] of stretches) {
    const from = (fromMs * SAMPLE_RATE_HZ) / 1000;
    const to = (toMs * SAMPLE_RATE_HZ) / 1000;
    for (let i = from; i < to; i += 1) {
      const x = (2 * Math.PI * 140 * i) / SAMPLE_RATE_HZ;
      pcm[i] = 0.25 * (Math.sin(x) + 0.6 * Math.sin(5 * x) + 0.3 * Math.sin(9 * x));
    }
  }
  return pcm;
}

/** Where the first stretch begins in a piece, in seconds. */
export const firstSound = (pcm: Float32Array, rateHz: number): number =>
  pcm.findIndex((x) => Math.abs(x) > 0.02) / rateHz;
