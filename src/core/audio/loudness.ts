// frame path
import { Biquad, type BiquadCoefficients } from './biquad.js';

/**
 * Loudness after ITU-R BS.1770-4 for sound at 48 kHz: K-weighting, 400 ms blocks every 100 ms, absolute gate at −70
 * LUFS and relative gate 10 LU under the mean. Momentary is the last 400 ms, short-term the last 3 s (EBU Tech 3341).
 *
 * The meter runs for days in constant memory. Blocks above the absolute gate go to a histogram of 0.1 LU bins that
 * keeps the sum of their energies, so only blocks within 0.1 LU of the relative gate can be misplaced.
 */

/** Annex 1, table 1: the head as an acoustic shelf, at 48 kHz. */
const SHELF: BiquadCoefficients = {
  b0: 1.53512485958697,
  b1: -2.69169618940638,
  b2: 1.19839281085285,
  a1: -1.69065929318241,
  a2: 0.73248077421585,
};
/** Annex 1, table 2: the RLB high pass, at 48 kHz. */
const RLB: BiquadCoefficients = { b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: 0.99007225036621 };

/** Samples between gating blocks: 100 ms. */
const HOP = 4800;
const MOMENTARY_HOPS = 4;
const SHORT_HOPS = 30;
const OFFSET_DB = -0.691;
const ABSOLUTE_GATE_LUFS = -70;
const BIN_LU = 0.1;
const BINS = 900;
const CHUNK = 512;

const toLufs = (energy: number): number => (energy > 0 ? OFFSET_DB + 10 * Math.log10(energy) : -Infinity);
const toEnergy = (lufs: number): number => 10 ** ((lufs - OFFSET_DB) / 10);

export class LoudnessMeter {
  private readonly shelves: Biquad[] = [];
  private readonly passes: Biquad[] = [];
  private readonly scratch = new Float64Array(CHUNK);
  /** Mean energy of the last 30 hops, all channels summed. */
  private readonly hops = new Float64Array(SHORT_HOPS);
  private hopCount = 0;
  private inHop = 0;
  private hopSum = 0;
  private readonly binEnergy = new Float64Array(BINS);
  private readonly binCount = new Float64Array(BINS);

  /** @param channels 1 or 2; each counts with weight 1. */
  constructor(private readonly channels: number) {
    for (let c = 0; c < channels; c += 1) {
      this.shelves.push(new Biquad(SHELF));
      this.passes.push(new Biquad(RLB));
    }
  }

  /** Measures `samples` interleaved frames of `data`, starting at frame `from`. */
  process(data: Float32Array, from: number, samples: number): void {
    let done = 0;
    while (done < samples) {
      const n = Math.min(CHUNK, samples - done, HOP - this.inHop);
      for (let c = 0; c < this.channels; c += 1) this.hopSum += this.energy(data, (from + done) * this.channels, c, n);
      this.inHop += n;
      done += n;
      if (this.inHop === HOP) this.endHop();
    }
  }

  /** Loudness of the last 400 ms, −∞ in digital silence. */
  momentary(): number {
    return this.mean(MOMENTARY_HOPS);
  }

  /** Loudness of the last 3 s. */
  shortTerm(): number {
    return this.mean(SHORT_HOPS);
  }

  /** Gated loudness of everything measured; −∞ while nothing has passed the absolute gate. */
  integrated(): number {
    const absolute = this.gated(0);
    if (absolute === -Infinity) return -Infinity;
    const gate = absolute - 10;
    return this.gated(Math.max(0, Math.ceil((gate - ABSOLUTE_GATE_LUFS) / BIN_LU)));
  }

  private energy(data: Float32Array, at: number, channel: number, n: number): number {
    const { scratch, channels } = this;
    for (let i = 0, from = at + channel; i < n; i += 1, from += channels) scratch[i] = data[from]!;
    this.shelves[channel]!.process(scratch, 0, n, 1);
    this.passes[channel]!.process(scratch, 0, n, 1);
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += scratch[i]! * scratch[i]!;
    return sum;
  }

  private endHop(): void {
    this.hops[this.hopCount % SHORT_HOPS] = this.hopSum / HOP;
    this.hopCount += 1;
    this.hopSum = 0;
    this.inHop = 0;
    if (this.hopCount < MOMENTARY_HOPS) return;
    const lufs = this.mean(MOMENTARY_HOPS);
    if (lufs < ABSOLUTE_GATE_LUFS) return;
    const bin = Math.min(BINS - 1, Math.floor((lufs - ABSOLUTE_GATE_LUFS) / BIN_LU));
    this.binEnergy[bin]! += toEnergy(lufs);
    this.binCount[bin]! += 1;
  }

  private mean(hops: number): number {
    const n = Math.min(hops, this.hopCount);
    if (n === 0) return -Infinity;
    let sum = 0;
    for (let i = 1; i <= n; i += 1) sum += this.hops[(this.hopCount - i) % SHORT_HOPS]!;
    return toLufs(sum / hops);
  }

  private gated(firstBin: number): number {
    let energy = 0;
    let count = 0;
    for (let bin = firstBin; bin < BINS; bin += 1) {
      energy += this.binEnergy[bin]!;
      count += this.binCount[bin]!;
    }
    return count === 0 ? -Infinity : toLufs(energy / count);
  }
}

/**
 * Integrated loudness of a whole recording at 48 kHz, interleaved; −∞ for silence. A recording shorter than 400 ms has
 * no gating block and gets its plain mean.
 */
export function integratedLoudness(pcm: Float32Array, channels: number): number {
  const samples = Math.floor(pcm.length / channels);
  const meter = new LoudnessMeter(channels);
  if (samples >= HOP * MOMENTARY_HOPS) {
    meter.process(pcm, 0, samples);
    const gated = meter.integrated();
    if (gated > -Infinity) return gated;
  }
  let energy = 0;
  const one = Float64Array.from({ length: samples }, () => 0);
  for (let c = 0; c < channels; c += 1) {
    for (let i = 0; i < samples; i += 1) one[i] = pcm[i * channels + c]!;
    new Biquad(SHELF).process(one, 0, samples, 1);
    new Biquad(RLB).process(one, 0, samples, 1);
    for (let i = 0; i < samples; i += 1) energy += one[i]! * one[i]!;
  }
  return samples === 0 ? -Infinity : toLufs(energy / samples);
}
