import { seededRandom } from '../../core/random.js';
import { FRAME_SAMPLES, HEART_RATE_HZ } from '../model-messages.js';

/**
 * Complex Fourier transforms of one size whose prime factors are 2, 3 and 5 (Stockham's self-sorting form, Van Loan
 * 1992): the networks' windows are not powers of two.
 */
interface Stage {
  readonly radix: number;
  /** Butterflies of a stride. */
  readonly count: number;
  readonly stride: number;
  /** w^(p·j) of butterfly p and output j ≥ 1, as cosine and sine. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

export class Fourier {
  private readonly stages: readonly Stage[];
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(readonly size: number) {
    this.stages = plan(size);
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
  }

  /** Transforms in place with e^(−2πi·jk/n). The inverse, times n, is the same with real and imaginary swapped. */
  transform(re: Float64Array, im: Float64Array): void {
    let [fromRe, fromIm, toRe, toIm] = [re, im, this.re, this.im];
    for (const stage of this.stages) {
      BUTTERFLIES[stage.radix]!(stage, fromRe, fromIm, toRe, toIm);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
    }
    if (fromRe !== re) {
      re.set(fromRe);
      im.set(fromIm);
    }
  }
}

function plan(size: number): Stage[] {
  const stages: Stage[] = [];
  let left = size;
  let stride = 1;
  for (const radix of [4, 2, 3, 5]) {
    while (left % radix === 0 && left > 1) {
      const count = left / radix;
      const cos = new Float64Array(count * (radix - 1));
      const sin = new Float64Array(count * (radix - 1));
      for (let p = 0; p < count; p += 1) {
        for (let j = 1; j < radix; j += 1) {
          const angle = (-2 * Math.PI * p * j) / left;
          cos[p * (radix - 1) + j - 1] = Math.cos(angle);
          sin[p * (radix - 1) + j - 1] = Math.sin(angle);
        }
      }
      stages.push({ radix, count, stride, cos, sin });
      left = count;
      stride *= radix;
    }
  }
  if (left !== 1) throw new RangeError(`expected a size of the factors 2, 3 and 5, found ${size}`);
  return stages;
}

type Butterfly = (s: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array) => void;

const C3 = -0.5;
const S3 = -Math.sqrt(3) / 2;
const C51 = Math.cos((2 * Math.PI) / 5);
const C52 = Math.cos((4 * Math.PI) / 5);
const S51 = -Math.sin((2 * Math.PI) / 5);
const S52 = -Math.sin((4 * Math.PI) / 5);

const two: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  for (let p = 0; p < count; p += 1) {
    const c = cos[p]!;
    const s = sin[p]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const b = a + stride * count;
      const y = q + stride * 2 * p;
      const dr = xr[a]! - xr[b]!;
      const di = xi[a]! - xi[b]!;
      yr[y] = xr[a]! + xr[b]!;
      yi[y] = xi[a]! + xi[b]!;
      yr[y + stride] = dr * c - di * s;
      yi[y + stride] = dr * s + di * c;
    }
  }
};

const three: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const c1 = cos[2 * p]!;
    const s1 = sin[2 * p]!;
    const c2 = cos[2 * p + 1]!;
    const s2 = sin[2 * p + 1]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 3 * p;
      const tr = xr[a + far]! + xr[a + 2 * far]!;
      const ti = xi[a + far]! + xi[a + 2 * far]!;
      const ur = S3 * (xr[a + far]! - xr[a + 2 * far]!);
      const ui = S3 * (xi[a + far]! - xi[a + 2 * far]!);
      const mr = xr[a]! + C3 * tr;
      const mi = xi[a]! + C3 * ti;
      yr[y] = xr[a]! + tr;
      yi[y] = xi[a]! + ti;
      const r1 = mr - ui;
      const i1 = mi + ur;
      const r2 = mr + ui;
      const i2 = mi - ur;
      yr[y + stride] = r1 * c1 - i1 * s1;
      yi[y + stride] = r1 * s1 + i1 * c1;
      yr[y + 2 * stride] = r2 * c2 - i2 * s2;
      yi[y + 2 * stride] = r2 * s2 + i2 * c2;
    }
  }
};

const four: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const c1 = cos[3 * p]!;
    const s1 = sin[3 * p]!;
    const c2 = cos[3 * p + 1]!;
    const s2 = sin[3 * p + 1]!;
    const c3 = cos[3 * p + 2]!;
    const s3 = sin[3 * p + 2]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 4 * p;
      const er = xr[a]! + xr[a + 2 * far]!;
      const ei = xi[a]! + xi[a + 2 * far]!;
      const fr = xr[a]! - xr[a + 2 * far]!;
      const fi = xi[a]! - xi[a + 2 * far]!;
      const gr = xr[a + far]! + xr[a + 3 * far]!;
      const gi = xi[a + far]! + xi[a + 3 * far]!;
      const hr = xr[a + far]! - xr[a + 3 * far]!;
      const hi = xi[a + far]! - xi[a + 3 * far]!;
      yr[y] = er + gr;
      yi[y] = ei + gi;
      const r1 = fr + hi;
      const i1 = fi - hr;
      const r2 = er - gr;
      const i2 = ei - gi;
      const r3 = fr - hi;
      const i3 = fi + hr;
      yr[y + stride] = r1 * c1 - i1 * s1;
      yi[y + stride] = r1 * s1 + i1 * c1;
      yr[y + 2 * stride] = r2 * c2 - i2 * s2;
      yi[y + 2 * stride] = r2 * s2 + i2 * c2;
      yr[y + 3 * stride] = r3 * c3 - i3 * s3;
      yi[y + 3 * stride] = r3 * s3 + i3 * c3;
    }
  }
};

const five: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const w = 4 * p;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 5 * p;
      const [b, c, d, e] = [a + far, a + 2 * far, a + 3 * far, a + 4 * far];
      const t1r = xr[b]! + xr[e]!;
      const t1i = xi[b]! + xi[e]!;
      const t2r = xr[c]! + xr[d]!;
      const t2i = xi[c]! + xi[d]!;
      const t3r = xr[b]! - xr[e]!;
      const t3i = xi[b]! - xi[e]!;
      const t4r = xr[c]! - xr[d]!;
      const t4i = xi[c]! - xi[d]!;
      yr[y] = xr[a]! + t1r + t2r;
      yi[y] = xi[a]! + t1i + t2i;
      const m1r = xr[a]! + C51 * t1r + C52 * t2r;
      const m1i = xi[a]! + C51 * t1i + C52 * t2i;
      const m2r = xr[a]! + C52 * t1r + C51 * t2r;
      const m2i = xi[a]! + C52 * t1i + C51 * t2i;
      const n1r = S51 * t3r + S52 * t4r;
      const n1i = S51 * t3i + S52 * t4i;
      const n2r = S52 * t3r - S51 * t4r;
      const n2i = S52 * t3i - S51 * t4i;
      put(yr, yi, y + stride, m1r - n1i, m1i + n1r, cos[w]!, sin[w]!);
      put(yr, yi, y + 2 * stride, m2r - n2i, m2i + n2r, cos[w + 1]!, sin[w + 1]!);
      put(yr, yi, y + 3 * stride, m2r + n2i, m2i - n2r, cos[w + 2]!, sin[w + 2]!);
      put(yr, yi, y + 4 * stride, m1r + n1i, m1i - n1r, cos[w + 3]!, sin[w + 3]!);
    }
  }
};

function put(yr: Float64Array, yi: Float64Array, at: number, r: number, i: number, c: number, s: number): void {
  yr[at] = r * c - i * s;
  yi[at] = r * s + i * c;
}

const BUTTERFLIES: Readonly<Record<number, Butterfly>> = { 2: two, 3: three, 4: four, 5: five };

/** What the network says of each frame: 601 bins by frames, bin after bin, and Hz by frames. */
interface Spectra {
  readonly frames: number;
  /** Log magnitude and phase (before π·tanh) of the harmonic part. */
  readonly harmonic: Float32Array;
  readonly harmonicPhase: Float32Array;
  readonly noise: Float32Array;
  /** Log magnitude and phase of the part that is neither. */
  readonly free: Float32Array;
  readonly freePhase: Float32Array;
  readonly f0: Float32Array;
}

const SIZE = 1200;
const BINS = SIZE / 2 + 1;
const HALF = SIZE / 2;
const MAX_LOG = 7;
const MIN_VOICED_HZ = 40;
const MAX_HARMONIC_HZ = 11_000;
const WINDOW = Float64Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));
/** A cosine of amplitude 1 then has magnitude 1 in its bin. */
const SOURCE_SCALE = SIZE / 4;
/** Steps of the circle; between them sine and cosine are linear, which is exact to 3·10⁻⁷. */
const CIRCLE = 4096;
const SINE = Float64Array.from({ length: CIRCLE + CIRCLE / 4 + 2 }, (_, i) => Math.sin((2 * Math.PI * i) / CIRCLE));
/** Lengths of a complex Gaussian, equally likely. */
const RADII = Float64Array.from({ length: CIRCLE }, (_, i) => Math.sqrt(-2 * Math.log(1 - (i + 0.5) / CIRCLE)));
/** Even, as two frames share a transform. */
const BLOCK_FRAMES = 16;
/** Decibels to the exponent of e. */
const NEPER = Math.LN10 / 20;
const PER_RADIAN = CIRCLE / (2 * Math.PI);

const fourier = new Fourier(SIZE);

/** Of another timbre: `tilt` in dB per octave above 1 kHz, `breath` in dB of the noise. */
interface Colour {
  readonly tilt: number;
  readonly breath: number;
}

/** One frame's half spectrum. */
interface HalfSpectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Complex samples of two frames, before and after their transform. */
const re = new Float64Array(SIZE);
const im = new Float64Array(SIZE);
const halves: readonly HalfSpectrum[] = [0, 1].map(() => ({
  re: new Float64Array(BINS),
  im: new Float64Array(BINS),
}));

/** What the voice adds to each bin, as an exponent of e. */
const tiltGain = new Float64Array(BINS);
/** Random numbers of a pair's bins, the bins of its first and second frame in turn. */
const chances = new Float64Array(2 * BINS);

/**
 * The sound of the network's spectra: pulses at f0, filtered by the harmonic part, plus coloured noise, plus the free
 * part, through one inverse short-time Fourier transform. Two frames share each complex transform.
 *
 * The loops over bins and samples are functions of their own, and their buffers outlive the call: V8 drops the compiled code of
 * one long function, and of objects that a collection took, so that each line would begin in the interpreter again.
 */
export function synthesise(
  spectra: Spectra,
  seed: number,
  { tilt, breath }: Colour = { tilt: 0, breath: 0 },
): { sound: Float32Array; pulses: Float64Array } {
  const { frames } = spectra;
  const train = pulseTrain(spectra.f0, frames);
  const source = padded(train.sound);
  const sound = new Float64Array(frames * FRAME_SAMPLES + SIZE);
  const weight = new Float64Array(sound.length);
  const random = seededRandom(seed);
  for (let k = 0; k < BINS; k += 1)
    tiltGain[k] = NEPER * tilt * Math.max(0, Math.log2((k * HEART_RATE_HZ) / SIZE / 1000));
  const breathGain = NEPER * breath;
  for (let f = 0; f < frames; f += 2) {
    const both = f + 1 < frames;
    const at = f * FRAME_SAMPLES;
    cutPair(source, at, both);
    fourier.transform(re, im);
    block.load(spectra, f);
    const count = both ? 2 * BINS : BINS;
    for (let i = 0; i < count; i += 1) chances[i] = random();
    filterPair(f, both, breathGain);
    inverse(halves[0]!, halves[1]!);
    addPair(sound, weight, at, both);
  }
  const out = new Float32Array(frames * FRAME_SAMPLES);
  level(out, sound, weight);
  return { sound: out, pulses: train.pulses };
}

/** Two frames of the pulses from sample `at` on, as real and imaginary part. */
function cutPair(source: Float64Array, at: number, both: boolean): void {
  for (let i = 0; i < SIZE; i += 1) {
    const w = WINDOW[i]! / SOURCE_SCALE;
    re[i] = source[at + i]! * w;
    im[i] = both ? source[at + FRAME_SAMPLES + i]! * w : 0;
  }
}

/** The transformed pulses of frames `f` and `f + 1`, with noise, as their half spectra. */
function filterPair(f: number, both: boolean, breathGain: number): void {
  for (let k = 0; k < BINS; k += 1) {
    const mirror = k === 0 ? 0 : SIZE - k;
    const pr = (re[k]! + re[mirror]!) / 2;
    const pi = (im[k]! - im[mirror]!) / 2;
    if (!both) {
      filterBin(0, k, pr, pi, block.at(f) + k, chances[k]!, breathGain);
      continue;
    }
    filterBin(0, k, pr, pi, block.at(f) + k, chances[2 * k]!, breathGain);
    const qr = (im[k]! + im[mirror]!) / 2;
    const qi = (re[mirror]! - re[k]!) / 2;
    filterBin(1, k, qr, qi, block.at(f + 1) + k, chances[2 * k + 1]!, breathGain);
  }
  if (both) return;
  halves[1]!.re.fill(0);
  halves[1]!.im.fill(0);
}

/** @param j place of the bin in the block */
function filterBin(n: number, k: number, pr: number, pi: number, j: number, random: number, breathGain: number): void {
  const { harmonic, harmonicPhase, noise, free, freePhase } = block;
  const tilt = tiltGain[k]!;
  // A complex Gaussian: its squared magnitude is exponential, its direction even.
  const chance = Math.floor(random * CIRCLE * CIRCLE);
  const z = Math.exp(Math.min(noise[j]!, MAX_LOG) + tilt + breathGain) * RADII[chance & (CIRCLE - 1)]!;
  const direction = Math.floor(chance / CIRCLE);
  const l = Math.exp(Math.min(free[j]!, MAX_LOG) + tilt);
  let real = z * SINE[direction + CIRCLE / 4]! + l * cosine(freePhase[j]!);
  let imaginary = z * SINE[direction]! + l * sine(freePhase[j]!);
  // Silent where nothing is voiced.
  if (pr !== 0 || pi !== 0) {
    const h = Math.exp(Math.min(harmonic[j]!, MAX_LOG) + tilt);
    const turn = Math.PI * (1 - 2 / (Math.exp(2 * harmonicPhase[j]!) + 1)); // π·tanh
    const hr = h * cosine(turn);
    const hi = h * sine(turn);
    real += pr * hr - pi * hi;
    imaginary += pr * hi + pi * hr;
  }
  const half = halves[n]!;
  half.re[k] = real;
  half.im[k] = imaginary;
}

function addPair(sound: Float64Array, weight: Float64Array, at: number, both: boolean): void {
  for (let i = 0; i < SIZE; i += 1) {
    sound[at + i]! += (re[i]! * WINDOW[i]!) / SIZE;
    weight[at + i]! += WINDOW[i]! * WINDOW[i]!;
    if (!both) continue;
    sound[at + FRAME_SAMPLES + i]! += (im[i]! * WINDOW[i]!) / SIZE;
    weight[at + FRAME_SAMPLES + i]! += WINDOW[i]! * WINDOW[i]!;
  }
}

function level(out: Float32Array, sound: Float64Array, weight: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) out[i] = sound[i + HALF]! / Math.max(weight[i + HALF]!, 1e-11);
}

/** A few frames of the spectra, frame after frame: whole ones lie bin after bin, and their columns miss the cache. */
class SpectraBlock {
  readonly harmonic = new Float32Array(BINS * BLOCK_FRAMES);
  readonly harmonicPhase = new Float32Array(BINS * BLOCK_FRAMES);
  readonly noise = new Float32Array(BINS * BLOCK_FRAMES);
  readonly free = new Float32Array(BINS * BLOCK_FRAMES);
  readonly freePhase = new Float32Array(BINS * BLOCK_FRAMES);
  private first = -1;

  /** @param frame even: 0, then 2 more at each call */
  load(spectra: Spectra, frame: number): void {
    if (frame % BLOCK_FRAMES !== 0) return;
    this.first = frame;
    this.turn(spectra.harmonic, this.harmonic, spectra.frames);
    this.turn(spectra.harmonicPhase, this.harmonicPhase, spectra.frames);
    this.turn(spectra.noise, this.noise, spectra.frames);
    this.turn(spectra.free, this.free, spectra.frames);
    this.turn(spectra.freePhase, this.freePhase, spectra.frames);
  }

  at(frame: number): number {
    return (frame - this.first) * BINS;
  }

  private turn(from: Float32Array, to: Float32Array, frames: number): void {
    const count = Math.min(BLOCK_FRAMES, frames - this.first);
    for (let k = 0; k < BINS; k += 1)
      for (let n = 0; n < count; n += 1) to[n * BINS + k] = from[k * frames + this.first + n]!;
  }
}

const block = new SpectraBlock();

/** Two half spectra of real frames → their samples times SIZE, in `re` and `im`. */
function inverse(first: HalfSpectrum, second: HalfSpectrum): void {
  const last = BINS - 1;
  for (let k = 0; k < BINS; k += 1) {
    // The ends of a real frame's spectrum are real.
    const end = k === 0 || k === last;
    const ai = end ? 0 : first.im[k]!;
    const bi = end ? 0 : second.im[k]!;
    re[k] = first.re[k]! - bi;
    im[k] = ai + second.re[k]!;
    if (end) continue;
    re[SIZE - k] = first.re[k]! + bi;
    im[SIZE - k] = second.re[k]! - ai;
  }
  fourier.transform(im, re);
}

/**
 * A band-limited train of pulses: Σ cos(h·p) of all harmonics h below 11 kHz, p the phase that f0 runs; and the samples at
 * which its pulses lie.
 */
function pulseTrain(f0: Float32Array, frames: number): { sound: Float64Array; pulses: Float64Array } {
  const out = new Float64Array(frames * FRAME_SAMPLES);
  const at: number[] = [];
  let phase = 0;
  for (let i = 0; i < out.length; i += 1) {
    // The value of a frame lies at its middle; between middles it is linear.
    const place = (i + 0.5) / FRAME_SAMPLES - 0.5;
    const before = Math.floor(place);
    const share = place - before;
    const a = f0[Math.max(0, before)]!;
    const b = f0[Math.min(frames - 1, before + 1)]!;
    const hz = a + (b - a) * share;
    const voiced = hz > MIN_VOICED_HZ;
    const runs = voiced ? hz : MIN_VOICED_HZ;
    phase += runs / HEART_RATE_HZ;
    if (phase >= 1) {
      phase -= 1;
      if (voiced) at.push(i - (phase * HEART_RATE_HZ) / runs);
    }
    if (!voiced) continue;
    const harmonics = Math.floor(MAX_HARMONIC_HZ / runs) + 0.5;
    const angle = 2 * Math.PI * phase;
    const below = 2 * Math.sin(angle / 2);
    out[i] = Math.abs(below) <= 2e-3 ? harmonics - 0.5 : Math.sin(harmonics * angle) / below - 0.5;
  }
  return { sound: out, pulses: Float64Array.from(at) };
}

/** Half a window more at both ends, mirrored. */
function padded(sound: Float64Array): Float64Array {
  const out = new Float64Array(sound.length + SIZE);
  out.set(sound, HALF);
  const last = sound.length - 1;
  for (let i = 0; i < HALF; i += 1) {
    out[HALF - 1 - i] = sound[Math.min(last, i + 1)]!;
    out[HALF + sound.length + i] = sound[Math.max(0, last - 1 - i)]!;
  }
  return out;
}

function sine(radians: number): number {
  const turns = radians * PER_RADIAN;
  const floor = Math.floor(turns);
  const at = floor & (CIRCLE - 1);
  return SINE[at]! + (SINE[at + 1]! - SINE[at]!) * (turns - floor);
}

function cosine(radians: number): number {
  const turns = radians * PER_RADIAN;
  const floor = Math.floor(turns);
  const at = (floor & (CIRCLE - 1)) + CIRCLE / 4;
  return SINE[at]! + (SINE[at + 1]! - SINE[at]!) * (turns - floor);
}
