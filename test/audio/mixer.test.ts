import t from 'tap';
import type { Mixer } from '../../src/audio/mixer.js';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { frameIndex, frameToSample, sampleIndex, type FrameRate } from '../../src/core/time.js';
import { AUDIO, shared, sine, speechLike, musicLike, mixer, run, line, peakOf, rmsDb, sameBytes } from './mixer-kit.js';

t.test('plays sample k of a line scheduled at s exactly at s + k', async (t) => {
  const pcm = shared(4800, (i) => (i === 2400 ? 0.5 : 0));
  const m = mixer();
  m.schedule({ ...line('a', 10_007, pcm), loudnessLufs: -19.01 });
  const out = run(m, 0, 24_000);
  let at = 0;
  for (let i = 0; i < 24_000; i += 1) if (Math.abs(out[2 * i]!) > Math.abs(out[2 * at]!)) at = i;
  t.equal(at, 10_007 + 2400);
  t.ok(out[2 * at]! > 0.45, 'at its level, as nothing had to be limited');
});

t.test('mixes speech over ducked music to the target within 1 LU and under the true-peak ceiling', async (t) => {
  const music = musicLike();
  const m = mixer({ music, musicLoudnessLufs: integratedLoudness(music, 2) });
  const pcm = speechLike(6);
  for (let n = 0; n < 5; n += 1) m.schedule(line(`l${n}`, 24_000 + n * (288_000 + 21_600), pcm));
  const out = run(m, 0, 5 * 309_600);
  const lufs = integratedLoudness(out, 2);
  t.ok(Math.abs(lufs + 16) <= 1, `${lufs} LUFS`);
  t.ok(Math.abs(m.levels().integratedLufs - lufs) < 0.05, 'levels() says the same');
  t.ok(20 * Math.log10(peakOf(out, 0, out.length / 2)) <= -1.5);
});

t.test('idles music at its gain below the target, ducks it before a line and raises it after', async (t) => {
  const music = shared(2 * 48_000, (i) => sine(440, 0.1)(i >> 1));
  const m = mixer({ music, musicLoudnessLufs: integratedLoudness(music, 2) });
  m.schedule(
    line(
      'a',
      240_000,
      shared(48_000, () => 0),
    ),
  );
  const out = run(m, 0, 480_000);
  const idle = integratedLoudness(out.slice(2 * 96_000, 2 * 192_000), 2);
  t.ok(Math.abs(idle + 30) < 0.3, `idle at ${idle} LUFS`);
  const loud = rmsDb(out, 150_000, 198_000);
  t.ok(Math.abs(rmsDb(out, 237_600, 240_000) - (loud - 10)) < 0.2, 'down by 10 dB 50 ms before the line');
  t.ok(Math.abs(rmsDb(out, 288_000, 320_000) - (loud - 10)) < 0.2, 'held down after it');
  t.ok(Math.abs(rmsDb(out, 400_000, 448_000) - loud) < 0.2, 'back again');
});

t.test('gives the same output for any call sizes', async (t) => {
  const music = musicLike();
  const make = (): Mixer => {
    const m = mixer({ music, musicLoudnessLufs: -20 });
    m.schedule(line('a', 30_000, speechLike(1.5), { mutes: [{ startSample: 9000, endSample: 20_000, rule: '3.2' }] }));
    return m;
  };
  const one = run(make(), 0, 120_000, 1600);
  t.same(Buffer.compare(Buffer.from(one.buffer), Buffer.from(run(make(), 0, 120_000, 977).buffer)), 0);
  t.same(Buffer.compare(Buffer.from(one.buffer), Buffer.from(run(make(), 0, 120_000, 120_000).buffer)), 0);
});

t.test('gives the same later output after a skipped frame', async (t) => {
  const music = musicLike();
  const make = (): Mixer => {
    const m = mixer({ music, musicLoudnessLufs: -20 });
    m.schedule(line('a', 30_000, speechLike(1.5)));
    return m;
  };
  const whole = run(make(), 0, 96_000);
  const m = make();
  run(m, 0, 48_000);
  const rest = run(m, 51_200, 44_800);
  t.same(Buffer.compare(Buffer.from(whole.slice(2 * 51_200).buffer), Buffer.from(rest.buffer)), 0);
});

t.test('joins a programme late with the same music position and ducking', async (t) => {
  const music = musicLike();
  const make = (): Mixer => mixer({ music, musicLoudnessLufs: -20 });
  const whole = run(make(), 0, 480_000).slice(2 * 432_000);
  const joined = run(make(), 432_000, 48_000);
  let worst = 0;
  for (let i = 0; i < whole.length; i += 1) worst = Math.max(worst, Math.abs(whole[i]! - joined[i]!));
  t.ok(worst < 1e-6, `differs by ${worst}`);
});

t.test('fades in a line that was scheduled too late', async (t) => {
  const m = mixer();
  run(m, 0, 48_000);
  m.schedule(line('a', 40_000, shared(48_000, sine(200, 0.2))));
  const out = run(m, 48_000, 16_000);
  let jump = 0;
  for (let i = 1; i < 16_000; i += 1) jump = Math.max(jump, Math.abs(out[2 * i]! - out[2 * i - 2]!));
  t.ok(peakOf(out, 1000, 16_000) > 0.1);
  t.ok(jump < 0.01, `largest step ${jump}`);
});

t.test("refuses and counts lines beyond the schedule's capacity", async (t) => {
  const m = mixer();
  const pcm = shared(480, () => 0);
  for (let n = 0; n < 64; n += 1) t.ok(m.schedule(line(`${n}`, 48_000 * n, pcm)));
  t.notOk(m.schedule(line('late', 48_000, pcm)));
  t.equal(m.refused, 1);
});

t.test('outputs digital silence without music, tone and speech, and reports it in the levels', async (t) => {
  const m = mixer();
  t.equal(peakOf(run(m, 0, 96_000), 0, 96_000), 0);
  t.same(m.levels(), {
    momentaryLufs: -Infinity,
    integratedLufs: -Infinity,
    peakDbfs: -Infinity,
    leftDbfs: -Infinity,
    rightDbfs: -Infinity,
  });
});

t.test('joins frames of 29.97 fps, which differ in length', async (t) => {
  const rate: FrameRate = { num: 30_000, den: 1001 };
  const pcm = speechLike(2);
  const whole = mixer({ rate });
  whole.schedule(line('a', 4800, pcm));
  const expected = run(whole, 0, 96_096);
  const m = mixer({ rate });
  m.schedule(line('a', 4800, pcm));
  const got = new Float32Array(expected.length);
  const out = new Float32Array(2 * 1602);
  for (let n = 0; n < 60; n += 1) {
    const from = frameToSample(frameIndex(n), rate);
    const count = frameToSample(frameIndex(n + 1), rate) - from;
    m.mix(from, count, out);
    got.set(out.subarray(0, 2 * count), 2 * from);
  }
  t.same(Buffer.compare(Buffer.from(expected.buffer), Buffer.from(got.buffer)), 0);
});

t.test('plays a room tone between lines without music, below the silence alarm and the loudness gate', async (t) => {
  const m = mixer({ audio: { ...AUDIO, roomTone: true } });
  const pcm = speechLike(4);
  m.schedule(line('a', 96_000, pcm));
  m.schedule(line('b', 480_000, pcm));
  const out = run(m, 0, 720_000);
  const block = 960;
  for (let at = 48_000; at < 90_000; at += block) {
    const level = rmsDb(out, at, at + block);
    t.ok(level > -70 && level < -58, `${level.toFixed(1)} dBFS in 20 ms`);
  }
  const whole = rmsDb(out, 48_000, 96_000);
  t.ok(whole > -64.5 && whole < -61.5, `${whole.toFixed(1)} dBFS`);
  let alike = 0;
  for (let i = 48_000; i < 90_000; i += 1) alike += out[2 * i]! * out[2 * i + 1]!;
  t.ok(Math.abs(alike / 42_000) < 0.3 * 10 ** (whole / 10), 'each side has its own');
  const lufs = integratedLoudness(out, 2);
  t.ok(Math.abs(lufs + 16) <= 1, `${lufs} LUFS`);
  const again = run(mixer({ audio: { ...AUDIO, roomTone: true } }), 0, 90_000);
  t.ok(sameBytes(again.slice(0, 170_000), out.slice(0, 170_000)), 'the same in every run');
  const piece = new Float32Array(2 * 1000);
  const later = mixer({ audio: { ...AUDIO, roomTone: true } });
  later.mix(sampleIndex(400_000), 1000, piece);
  t.ok(peakOf(piece, 0, 1000) > 0, 'a function of the sample alone');
  const plain = run(
    mixer({ audio: { ...AUDIO, roomTone: true }, music: musicLike(), musicLoudnessLufs: -20 }),
    0,
    48_000,
  );
  const without = run(mixer({ music: musicLike(), musicLoudnessLufs: -20 }), 0, 48_000);
  t.ok(sameBytes(plain, without), 'none under music');
});
