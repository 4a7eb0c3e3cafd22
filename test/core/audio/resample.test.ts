import t from 'tap';
import { Resampler } from '../../../src/core/audio/resample.js';

const sine = (hz: number, rateHz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rateHz * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz));

/** Level in dB of everything except the best fitting sine of this frequency, relative to that sine, and its gain. */
function residue(pcm: Float32Array, hz: number, rateHz: number): { noiseDb: number; gain: number } {
  // A whole number of periods of every multiple of 50 Hz, away from the edges.
  const from = 1920;
  const to = from + Math.floor((pcm.length - 2 * from) / (rateHz / 50)) * (rateHz / 50);
  let s = 0;
  let c = 0;
  for (let i = from; i < to; i += 1) {
    const x = (2 * Math.PI * hz * i) / rateHz;
    s += pcm[i]! * Math.sin(x);
    c += pcm[i]! * Math.cos(x);
  }
  const n = to - from;
  s *= 2 / n;
  c *= 2 / n;
  let noise = 0;
  for (let i = from; i < to; i += 1) {
    const x = (2 * Math.PI * hz * i) / rateHz;
    noise += (pcm[i]! - s * Math.sin(x) - c * Math.cos(x)) ** 2;
  }
  const power = (s * s + c * c) / 2;
  return { noiseDb: 10 * Math.log10(noise / n / power), gain: Math.sqrt(s * s + c * c) / 0.5 };
}

t.test('22.05 → 48 kHz keeps tones, with images under −60 dB', async (t) => {
  const resampler = new Resampler(22_050, 48_000);
  for (const hz of [100, 1000, 4000, 8000, 9800]) {
    const { noiseDb, gain } = residue(resampler.convert(sine(hz, 22_050, 1)), hz, 48_000);
    t.ok(noiseDb < -60, `${hz} Hz: images and noise at ${noiseDb.toFixed(1)} dB`);
    t.ok(Math.abs(20 * Math.log10(gain)) < 0.2, `${hz} Hz: gain ${(20 * Math.log10(gain)).toFixed(3)} dB`);
  }
});

t.test('48 → 22.05 kHz has no alias above −60 dB', async (t) => {
  const out = new Resampler(48_000, 22_050).convert(sine(15_000, 48_000, 1));
  let peak = 0;
  for (let i = 1000; i < out.length - 1000; i += 1) peak = Math.max(peak, Math.abs(out[i]!));
  t.ok(20 * Math.log10(peak / 0.5) < -60, `${(20 * Math.log10(peak / 0.5)).toFixed(1)} dB`);
});

t.test('keeps time: input sample k is at k · ratio', async (t) => {
  const resampler = new Resampler(22_050, 48_000);
  const input = new Float32Array(22_050);
  input[14_700] = 1;
  const out = resampler.convert(input);
  t.equal(out.length, 48_000);
  t.equal(out.indexOf(Math.max(...out)), 32_000);
  t.equal(resampler.position(14_700), 32_000);
});
