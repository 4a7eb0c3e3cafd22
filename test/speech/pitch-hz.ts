import type { Utterance } from '../../src/core/speech.js';

const STEP = 1920;
const WINDOW = 1920;

/** Median fundamental of voiced parts, by autocorrelation over 40 ms, 65–350 Hz. */
export function pitchHz({ pcm }: Pick<Utterance, 'pcm'>): number {
  const found: number[] = [];
  for (let from = 0; from + 2 * WINDOW < pcm.length; from += STEP) {
    const energy = sum(pcm, from, from);
    if (energy < 1e-3 * WINDOW) continue;
    let best = 0.6;
    let bestLag = 0;
    for (let lag = 137; lag <= 738; lag += 1) {
      const alike = sum(pcm, from, from + lag) / Math.sqrt(energy * sum(pcm, from + lag, from + lag));
      // A multiple of the period fits as well: a longer one has to fit better.
      if (alike > best + 0.02) [best, bestLag] = [alike, lag];
    }
    if (bestLag > 0) found.push(48_000 / bestLag);
  }
  return found.sort((a, b) => a - b)[found.length >> 1] ?? 0;
}

function sum(pcm: Float32Array, a: number, b: number): number {
  let total = 0;
  for (let i = 0; i < WINDOW; i += 4) total += 4 * pcm[a + i]! * pcm[b + i]!;
  return total;
}
