import t from 'tap';
import { CHIMES, chimeSound } from '../../src/audio/chimes.js';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { sampleIndex } from '../../src/core/time.js';
import { AUDIO, line, mixer, peakOf, run, sameBytes, speechLike } from './mixer-kit.js';

const ringing = { audio: { ...AUDIO, chimes: true } };
const SECOND = 48_000;
const heard = (out: Float32Array, from: number, to: number): boolean => peakOf(out, from, to) > 0.001;

t.test('each chime begins and ends in silence, within a second', async (t) => {
  for (const chime of CHIMES) {
    const sound = chimeSound(chime);
    t.ok(sound.length <= SECOND, chime);
    t.ok(Math.abs(sound[0]!) < 0.001 && Math.abs(sound.at(-1)!) < 0.001, `${chime}: no click`);
    t.equal(chimeSound(chime), sound, 'computed once');
  }
});

t.test('plays from its sample on, far below speech, in calls of any size', async (t) => {
  const make = () => {
    const m = mixer(ringing);
    m.chime('product', sampleIndex(SECOND));
    return m;
  };
  const out = run(make(), 0, 3 * SECOND);
  t.notOk(heard(out, 0, SECOND - 1));
  t.ok(heard(out, SECOND, SECOND + 4800));
  t.notOk(heard(out, 2 * SECOND + 300, 3 * SECOND), 'a second at most');
  t.ok(sameBytes(run(make(), 0, 3 * SECOND, 977), out));
  const speech = mixer(ringing);
  speech.schedule(line('a', 0, speechLike(3)));
  const loud = integratedLoudness(run(speech, 0, 3 * SECOND), 2);
  for (const chime of CHIMES) {
    const m = mixer(ringing);
    m.chime(chime, sampleIndex(0));
    const soft = integratedLoudness(run(m, 0, SECOND), 2);
    t.ok(soft < loud - 9, `${chime}: ${soft.toFixed(1)} beside ${loud.toFixed(1)} LUFS`);
  }
  const quiet = mixer({ audio: { ...ringing.audio, targetLufs: -23 } });
  quiet.chime('product', sampleIndex(SECOND));
  const ratio = peakOf(run(quiet, 0, 2 * SECOND), SECOND, 2 * SECOND) / peakOf(out, SECOND, 2 * SECOND);
  t.ok(Math.abs(20 * Math.log10(ratio) + 7) < 0.1, 'follows the loudness of the programme');
});

t.test('does not ring again within twelve seconds, or where the room has none', async (t) => {
  const m = mixer(ringing);
  m.chime('thanks', sampleIndex(0));
  m.chime('thanks', sampleIndex(5 * SECOND));
  m.chime('thanks', sampleIndex(13 * SECOND));
  const out = run(m, 0, 15 * SECOND);
  t.ok(heard(out, 0, SECOND));
  t.notOk(heard(out, 5 * SECOND, 6 * SECOND));
  t.ok(heard(out, 13 * SECOND, 14 * SECOND));
  const silent = mixer();
  silent.chime('thanks', sampleIndex(0));
  t.notOk(heard(run(silent, 0, SECOND), 0, SECOND));
  silent.changeBed(ringing.audio, undefined);
  silent.chime('thanks', sampleIndex(SECOND));
  t.ok(heard(run(silent, SECOND, SECOND), 0, SECOND), 'switched on while it runs');
});

t.test('ticks in the last three seconds of a countdown that was seen to run, and rings at its end', async (t) => {
  const count = (from: number): Float32Array => {
    const m = mixer(ringing);
    const out = new Float32Array(2 * 8 * SECOND);
    const block = new Float32Array(2 * 1600);
    for (let k = 0; k < 8 * 30; k += 1) {
      const left = Math.max(0, from - Math.floor(k / 30));
      m.countDown(left === 0 && k > 30 * from + 15 ? Infinity : left, sampleIndex(k * 1600));
      m.mix(sampleIndex(k * 1600), 1600, block);
      out.set(block, 2 * k * 1600);
    }
    return out;
  };
  const rings = (out: Float32Array): number[] =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((second) => heard(out, second * SECOND + 100, second * SECOND + 4800));
  t.strictSame(rings(count(5)).slice(0, 4), [2, 3, 4, 5], 'at three, two and one, and at zero');
  t.strictSame(rings(count(2)).slice(0, 1), [1], 'not at once where it comes late');
});
