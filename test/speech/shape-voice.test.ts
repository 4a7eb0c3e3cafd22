import t from 'tap';
import { shapeVoice } from '../../src/speech/assemble-utterance.js';

/** Gain of the tone control at a frequency, in dB. */
function gainDb(hz: number): number {
  const pcm = Float32Array.from({ length: 48_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / 48_000));
  shapeVoice(pcm);
  let peak = 0;
  for (let i = 24_000; i < 48_000; i += 1) peak = Math.max(peak, Math.abs(pcm[i]!));
  return 20 * Math.log10(peak / 0.5);
}

t.test('removes rumble and hardness and adds at most 2.5 dB', async (t) => {
  t.ok(gainDb(30) < -12, 'rumble');
  t.ok(gainDb(1800) < -2 && gainDb(1800) > -4, 'hardness');
  t.ok(gainDb(10_000) < -1.5 && gainDb(10_000) > -4, 'buzz');
  for (let hz = 40; hz < 20_000; hz *= 1.2) t.ok(gainDb(hz) <= 2.5, `${hz.toFixed(0)} Hz: ${gainDb(hz).toFixed(2)} dB`);
});
