import { pitchMarks, pitchTrack } from './pitch-marks.js';

/**
 * Changes pitch and length of a recorded syllable without changing its timbre (time-domain PSOLA: Moulines and
 * Charpentier, Speech Communication 9, 1990): two periods around each pulse are cut out and laid down at the new distance.
 *
 * @param ratioAt factor of the pitch at a share 0–1 of the syllable
 */
export function shiftSyllable(
  pcm: Float32Array,
  rateHz: number,
  ratioAt: (share: number) => number,
  stretch: number,
): Float32Array {
  const marks = pitchMarks(pcm, rateHz, pitchTrack(pcm, rateHz));
  const out = new Float32Array(Math.max(1, Math.round(pcm.length * stretch)));
  if (marks.length === 0) return out;
  const weight = new Float32Array(out.length);
  let nearest = 0;
  for (let at = marks[0]!.at * stretch; at < out.length; ) {
    const source = at / stretch;
    while (nearest + 1 < marks.length && Math.abs(marks[nearest + 1]!.at - source) <= Math.abs(marks[nearest]!.at - source))
      nearest += 1;
    const mark = marks[nearest]!;
    const period = mark.voiced ? mark.period / ratioAt(source / pcm.length) : mark.period;
    // A window of the new period, at least: gaps between pulses would buzz.
    const half = Math.round(Math.max(mark.period, Math.min(period, mark.period * 1.3)));
    lay(pcm, mark.at, out, weight, Math.round(at), half);
    at += period;
  }
  // Overlapping windows sum to more than one where pulses moved together.
  for (let i = 0; i < out.length; i += 1) if (weight[i]! > 1) out[i]! /= weight[i]!;
  return out;
}

function lay(from: Float32Array, mark: number, to: Float32Array, weight: Float32Array, at: number, half: number): void {
  for (let i = -half; i <= half; i += 1) {
    const [source, target] = [mark + i, at + i];
    if (source < 0 || source >= from.length || target < 0 || target >= to.length) continue;
    const w = 0.5 + 0.5 * Math.cos((Math.PI * i) / half);
    to[target]! += from[source]! * w;
    weight[target]! += w;
  }
}
