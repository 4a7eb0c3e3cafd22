import t from 'tap';
import { heardSounds } from '../../src/avatar/heard-sounds.js';
import { mouthTrack } from '../../src/avatar/mouth-track.js';
import { silentLog } from '../../src/core/log.js';
import { VISEMES } from '../../src/core/speech.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { sampled } from '../kit/whole.js';

const RATE = { num: 30, den: 1 };
const TEXTS = [
  ['en', 'en-US', 'Good evening everybody, this kettle boils one litre of water in under four minutes.'],
  ['en', 'en-US+f3', 'We are so happy to show you our new blue bowl, made of bamboo and steel.'],
  ['es', 'es', 'Buenas tardes, esta taza blanca conserva el café caliente durante toda la mañana.'],
  ['de', 'de', 'Guten Abend, diese große Kanne hält den Tee viele Stunden lang warm.'],
  ['zh', 'cmn', '大家晚上好，这款保温杯可以保温十二个小时。'],
] as const;

function correlation(a: Uint8Array, b: Uint8Array): number {
  const mean = (x: Uint8Array): number => x.reduce((sum, one) => sum + one, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

t.test('opens the mouth for a voice as its phonemes would', async (t) => {
  const speech = new SpeechService({ log: silentLog });
  t.teardown(() => speech.close());
  await speech.start();
  const { signal } = new AbortController();
  for (const [language, voice, text] of sampled(TEXTS, 2)) {
    const { pcm, phonemes } = await speech.speak({ id: 'a', text, language, voice, provider: 'espeak' }, signal);
    const real = mouthTrack(phonemes, pcm.length, RATE);
    const heard = mouthTrack(heardSounds(pcm), pcm.length, RATE);
    t.equal(heard.openness.length, real.openness.length);
    const found = correlation(heard.openness, real.openness);
    t.ok(found >= 0.6, `${voice}: correlation of openness ${found.toFixed(2)}`);
    const quiet = pcm.map((x) => x * 0.05);
    t.ok(correlation(mouthTrack(heardSounds(quiet), pcm.length, RATE).openness, real.openness) >= 0.6, 'and quietly');
    t.same(heardSounds(pcm), heardSounds(pcm.slice()), 'the same sound gives the same mouth');
  }
});

t.test('keeps the mouth shut in silence and in faint noise', async (t) => {
  t.same(heardSounds(new Float32Array(48_000)), []);
  let seed = 1;
  const noise = Float32Array.from({ length: 48_000 }, () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5) * 1e-4;
  });
  t.same(heardSounds(noise), []);
  t.same(heardSounds(new Float32Array(0)), []);
});

t.test('classes a pure vowel by its formants', async (t) => {
  /** Pulses at 110 Hz through resonators: an artificial vowel (Klatt 1980). */
  const vowel = (formants: readonly number[]): Float32Array => {
    let x = Float64Array.from({ length: 24_000 }, (_, i) => (i % 436 === 0 ? 1 : 0));
    // A voice falls by 12 dB an octave, and lips lift it by 6.
    for (let i = 1; i < x.length; i += 1) x[i] = x[i]! + 0.97 * x[i - 1]!;
    for (const hz of formants) {
      const r = Math.exp((-Math.PI * 80) / 48_000);
      const [b, c] = [2 * r * Math.cos((2 * Math.PI * hz) / 48_000), -r * r];
      const y = new Float64Array(x.length);
      for (let i = 0; i < x.length; i += 1) y[i] = (1 - b - c) * x[i]! + b * (y[i - 1] ?? 0) + c * (y[i - 2] ?? 0);
      x = y;
    }
    const peak = x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    return Float32Array.from(x, (one) => (0.5 * one) / peak);
  };
  const shown = (formants: readonly number[]): string => {
    const { viseme } = mouthTrack(heardSounds(vowel(formants)), 24_000, RATE);
    return VISEMES[viseme[7]!]!;
  };
  t.equal(shown([750, 1250, 2600]), 'aa');
  t.equal(shown([290, 2250, 3000]), 'I');
  t.equal(shown([310, 800, 2300]), 'U');
  t.equal(shown([550, 1800, 2500]), 'E');
});
