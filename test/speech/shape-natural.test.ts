import t from 'tap';
import { shapeNatural } from '../../src/speech/assemble-utterance.js';

const RATE_HZ = 48_000;
const tone = (hz: number, level: number, seconds = 1): Float32Array =>
  Float32Array.from({ length: RATE_HZ * seconds }, (_, i) => level * Math.sin((2 * Math.PI * hz * i) / RATE_HZ));
const peak = (pcm: Float32Array, from = 0.5, to = 1): number =>
  pcm.subarray(pcm.length * from, pcm.length * to).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const gainDb = (before: number, after: number): number => 20 * Math.log10(after / before);

function shaped(pcm: Float32Array): Float32Array {
  shapeNatural(pcm);
  return pcm;
}

t.test('removes rumble and leaves the voice', async (t) => {
  t.ok(gainDb(0.3, peak(shaped(tone(30, 0.3)))) < -12, 'rumble');
  for (const hz of [200, 500, 1000, 1500]) t.ok(Math.abs(gainDb(0.3, peak(shaped(tone(hz, 0.3))))) < 1, `${hz} Hz`);
});

t.test('softens a sharp s and leaves a soft one', async (t) => {
  const sharp = gainDb(0.3, peak(shaped(tone(6300, 0.3))));
  t.ok(sharp < -3 && sharp > -7, `${sharp.toFixed(1)} dB`);
  // A vowel with a little of the band in it.
  const vowel = tone(300, 0.4);
  const soft = tone(6300, 0.04);
  const mixed = Float32Array.from(vowel, (x, i) => x + soft[i]!);
  t.ok(Math.abs(gainDb(peak(mixed), peak(shaped(Float32Array.from(mixed))))) < 1);
});

t.test('holds back loud syllables of a soft line', async (t) => {
  const line = new Float32Array(RATE_HZ * 2);
  line.set(tone(300, 0.05), 0);
  line.set(tone(300, 0.05), RATE_HZ / 2);
  line.set(tone(300, 0.8, 0.25), RATE_HZ * 1.5);
  const loudBefore = peak(line, 0.8, 0.87);
  const softBefore = peak(line, 0.1, 0.2);
  shapeNatural(line);
  t.ok(gainDb(loudBefore, peak(line, 0.8, 0.87)) < -1.5);
  t.ok(Math.abs(gainDb(softBefore, peak(line, 0.1, 0.2))) < 0.5);
});

t.test('gives the same sound for the same sound, and gains nothing', async (t) => {
  const noise = Float32Array.from({ length: RATE_HZ }, (_, i) => 0.7 * Math.sin(i * i * 0.00003));
  const one = shaped(Float32Array.from(noise));
  t.equal(Buffer.compare(Buffer.from(one.buffer), Buffer.from(shaped(Float32Array.from(noise)).buffer)), 0);
  t.ok(peak(one, 0.1) <= 1);
  shapeNatural(new Float32Array(0));
  shapeNatural(new Float32Array(100));
});
