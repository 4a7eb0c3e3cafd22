/** A mark of the glottal pulses: its sample, its period, and whether the sound is voiced there. */
export interface PitchMark {
  readonly at: number;
  readonly period: number;
  readonly voiced: boolean;
}

const MIN_HZ = 140;
const MAX_HZ = 620;
/** Step between marks where nothing is voiced. */
const UNVOICED_STEP_S = 0.005;
const MIN_CORRELATION = 0.6;
const FRAME_S = 0.005;
const WINDOW_S = 0.015;
/** Share of the loudest frame's power below which a frame is not voiced. */
const MIN_POWER_SHARE = 0.003;

export interface PitchTrack {
  readonly stepSamples: number;
  /** Period in samples for each frame; 0: unvoiced. */
  readonly periods: Float32Array;
}

/** Periods by normalised correlation of two neighbouring windows. */
export function pitchTrack(pcm: Float32Array, rateHz: number): PitchTrack {
  const step = Math.round(FRAME_S * rateHz);
  const window = Math.round(WINDOW_S * rateHz);
  const [least, most] = [Math.floor(rateHz / MAX_HZ), Math.ceil(rateHz / MIN_HZ)];
  const frames = Math.max(0, Math.floor((pcm.length - window - most) / step));
  const periods = new Float32Array(frames);
  const powers = new Float32Array(frames);
  for (let f = 0; f < frames; f += 1) powers[f] = product(pcm, f * step, f * step, window);
  const loudest = powers.reduce((a, b) => Math.max(a, b), 0);
  for (let f = 0; f < frames; f += 1) {
    if (powers[f]! < loudest * MIN_POWER_SHARE) continue;
    const from = f * step;
    const scores = new Float32Array(most - least + 1);
    for (let lag = least; lag <= most; lag += 1) {
      const energy = Math.sqrt(powers[f]! * product(pcm, from + lag, from + lag, window));
      scores[lag - least] = energy > 0 ? product(pcm, from, from + lag, window) / energy : 0;
    }
    const best = scores.reduce((a, b) => Math.max(a, b), 0);
    if (best < MIN_CORRELATION) continue;
    // The first good peak: a multiple of the period correlates as well.
    for (let i = 1; i + 1 < scores.length; i += 1) {
      if (scores[i]! < best * 0.93 || scores[i]! < scores[i - 1]! || scores[i]! < scores[i + 1]!) continue;
      const [a, b, c] = [scores[i - 1]!, scores[i]!, scores[i + 1]!];
      const bend = a - 2 * b + c;
      periods[f] = least + i + (bend === 0 ? 0 : (0.5 * (a - c)) / bend);
      break;
    }
  }
  return { stepSamples: step, periods: smoothed(periods) };
}

/** Marks one period apart at the strongest sample near each, where the sound is voiced; else in fixed steps. */
export function pitchMarks(pcm: Float32Array, rateHz: number, track: PitchTrack): PitchMark[] {
  const marks: PitchMark[] = [];
  const step = Math.round(UNVOICED_STEP_S * rateHz);
  const periodAt = (at: number): number => track.periods[Math.min(track.periods.length - 1, Math.floor(at / track.stepSamples))] ?? 0;
  for (let at = 0; at < pcm.length; ) {
    const period = periodAt(at);
    if (period === 0) {
      marks.push({ at, period: step, voiced: false });
      at += step;
      continue;
    }
    const before = marks.at(-1);
    const reach = before?.voiced === true ? period * 0.2 : period * 0.5;
    const [from, to] = [Math.max(0, Math.round(at - reach)), Math.min(pcm.length - 1, Math.round(at + reach))];
    let peak = from;
    for (let i = from; i <= to; i += 1) if (pcm[i]! > pcm[peak]!) peak = i;
    if (before === undefined || peak > before.at) marks.push({ at: peak, period, voiced: true });
    at = Math.max(peak, at - reach) + period;
  }
  return marks;
}

function product(pcm: Float32Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += pcm[a + i]! * pcm[b + i]!;
  return sum;
}

/** A median of three removes single jumps by an octave. */
function smoothed(periods: Float32Array): Float32Array {
  const out = Float32Array.from(periods);
  for (let i = 1; i + 1 < periods.length; i += 1) {
    const three = [periods[i - 1]!, periods[i]!, periods[i + 1]!].sort((a, b) => a - b);
    if (three[0]! > 0) out[i] = three[1]!;
  }
  return out;
}
