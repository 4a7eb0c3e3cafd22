// frame path

/** Second-order section, normalised so that a0 = 1: y = b0·x + b1·x₁ + b2·x₂ − a1·y₁ − a2·y₂. */
export interface BiquadCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** One channel's biquad in transposed direct form II, with two state variables. */
export class Biquad {
  private z1 = 0;
  private z2 = 0;

  constructor(private readonly c: BiquadCoefficients) {}

  reset(): void {
    this.z1 = 0;
    this.z2 = 0;
  }

  /** Filters `count` samples of `data` in place, from `start` in steps of `stride`. */
  process(data: Float32Array | Float64Array, start: number, count: number, stride: number): void {
    const { b0, b1, b2, a1, a2 } = this.c;
    let { z1, z2 } = this;
    for (let i = 0, at = start; i < count; i += 1, at += stride) {
      const x = data[at]!;
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      data[at] = y;
    }
    // A decaying tail would end in denormal numbers, which cost a hundred times as much.
    this.z1 = Math.abs(z1) < 1e-25 ? 0 : z1;
    this.z2 = Math.abs(z2) < 1e-25 ? 0 : z2;
  }
}

/** The formulas of R. Bristow-Johnson, "Audio EQ Cookbook" (W3C Note, 2021), shelf slope S = 1. */
const normalised = (b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): BiquadCoefficients => ({
  b0: b0 / a0,
  b1: b1 / a0,
  b2: b2 / a0,
  a1: a1 / a0,
  a2: a2 / a0,
});

/** High shelf: `gainDb` well above `hz`, 0 dB below. */
export function highShelf(hz: number, gainDb: number, rateHz: number): BiquadCoefficients {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * hz) / rateHz;
  const cos = Math.cos(w);
  const s = Math.SQRT2 * Math.sin(w) * Math.sqrt(a);
  return normalised(
    a * (a + 1 + (a - 1) * cos + s),
    -2 * a * (a - 1 + (a + 1) * cos),
    a * (a + 1 + (a - 1) * cos - s),
    a + 1 - (a - 1) * cos + s,
    2 * (a - 1 - (a + 1) * cos),
    a + 1 - (a - 1) * cos - s,
  );
}

/** Peaking filter: `gainDb` at `hz`, with bandwidth by `q`. */
export function peaking(hz: number, gainDb: number, q: number, rateHz: number): BiquadCoefficients {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
}

/** High pass of second order (Butterworth at q = 0.7071). */
export function highPass(hz: number, q: number, rateHz: number): BiquadCoefficients {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

/** Low pass of second order (Butterworth at q = 0.7071). */
export function lowPass(hz: number, q: number, rateHz: number): BiquadCoefficients {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

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
