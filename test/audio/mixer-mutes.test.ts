import t from 'tap';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { SOUND } from '../../src/core/verdict.js';
import { sampleIndex } from '../../src/core/time.js';
import { shared, sine, speechLike, musicLike, mixer, run, line, peakOf, rmsDb } from './mixer-kit.js';

t.test('keeps a muted word under −60 dBFS for its whole length without clicks at its edges', async (t) => {
  const pcm = shared(96_000, sine(300, 0.2));
  for (const tone of [false, true]) {
    const m = mixer();
    m.schedule(line('a', 48_000, pcm, { mutes: [{ startSample: 20_000, endSample: 50_000, rule: '3.1' }], tone }));
    const out = run(m, 0, 192_000);
    let jump = 0;
    let usual = 0;
    for (let i = 1; i < 192_000; i += 1) {
      const d = Math.abs(out[2 * i]! - out[2 * i - 2]!);
      const near = (i > 67_000 && i < 69_000) || (i > 97_000 && i < 99_000);
      if (near) jump = Math.max(jump, d);
      else usual = Math.max(usual, d);
    }
    t.ok(jump <= usual * 1.02, `largest step ${jump} at the edges, ${usual} elsewhere`);
    if (tone) {
      const lufs = integratedLoudness(out.slice(2 * 70_000, 2 * 96_000), 2);
      t.ok(Math.abs(lufs + 30) < 0.3, `the tone is at ${lufs} LUFS`);
    } else t.ok(20 * Math.log10(peakOf(out, 68_000, 98_000)) < -60);
    t.ok(peakOf(out, 60_000, 67_000) > 0.1, 'heard before it');
    t.ok(peakOf(out, 99_000, 110_000) > 0.1, 'heard after it');
  }
});

t.test('mutes each word with silence or a tone by its own rule', async (t) => {
  const pcm = shared(96_000, sine(300, 0.2));
  const m = mixer();
  const mutes = [
    { startSample: 10_000, endSample: 30_000, rule: '3.1' },
    { startSample: 40_000, endSample: 60_000, rule: '3.2', tone: true },
  ];
  m.schedule(line('a', 48_000, pcm, { mutes, tone: false }));
  const out = run(m, 0, 192_000);
  t.ok(20 * Math.log10(peakOf(out, 58_500, 77_500)) < -60, 'the first is silent');
  t.ok(Math.abs(integratedLoudness(out.slice(2 * 89_000, 2 * 107_000), 2) + 30) < 0.5, 'the second is a tone');
});

t.test('continues the music under a muted word', async (t) => {
  const music = shared(2 * 48_000, (i) => sine(440, 0.1)(i >> 1));
  const m = mixer({ music, musicLoudnessLufs: integratedLoudness(music, 2) });
  m.schedule(
    line('a', 96_000, shared(96_000, sine(300, 0.2)), { mutes: [{ startSample: 0, endSample: 96_000, rule: '3.1' }] }),
  );
  const out = run(m, 0, 192_000);
  t.ok(Math.abs(rmsDb(out, 110_000, 190_000) + 40 + 3) < 1.5, `${rmsDb(out, 110_000, 190_000)} dB`);
});

t.test('ends a cancelled line within 10 ms without a click and never plays an unbegun one', async (t) => {
  const pcm = shared(96_000, sine(200, 0.2));
  const m = mixer();
  m.schedule(line('a', 9600, pcm));
  m.schedule(line('b', 144_000, pcm));
  const before = run(m, 0, 48_000);
  m.cancel('a', sampleIndex(52_000));
  m.cancel('b', sampleIndex(52_000));
  const after = run(m, 48_000, 200_000);
  t.ok(peakOf(before, 20_000, 48_000) > 0.1);
  t.ok(peakOf(after, 0, 4000) > 0.1, 'goes on up to the cut');
  t.equal(peakOf(after, 4480, 200_000), 0, 'silent from 10 ms after it');
  let jump = 0;
  for (let i = 1; i < 6000; i += 1) jump = Math.max(jump, Math.abs(after[2 * i]! - after[2 * i - 2]!));
  t.ok(jump < 0.008, `largest step ${jump}`);
});

t.test('fades a cut line over the given time, and an earlier cut stays', async (t) => {
  const m = mixer();
  m.schedule(line('a', 9600, shared(96_000, sine(200, 0.2))));
  run(m, 0, 48_000);
  m.cancel('a', sampleIndex(52_800), 2880);
  m.cancel('a', sampleIndex(60_000), 480);
  const after = run(m, 48_000, 48_000);
  const level = (at: number): number => peakOf(after, at, at + 240);
  const full = level(4000);
  t.ok(level(4800 + 1440) > 0.3 * full && level(4800 + 1440) < 0.7 * full, 'half way down after 30 ms');
  t.ok(level(4800 + 2500) > 0, 'still heard after 52 ms');
  t.equal(peakOf(after, 4800 + 2880, 48_000), 0, 'silent from 60 ms on');
});

t.test('keeps muted words silent in the fade of a cut', async (t) => {
  const m = mixer();
  const mutes = [{ startSample: 40_000, endSample: 60_000, rule: '3.2' }];
  m.schedule({ ...line('a', 9600, shared(96_000, sine(200, 0.2))), mutes });
  run(m, 0, 48_000);
  m.cancel('a', sampleIndex(52_800), 2880);
  t.equal(peakOf(run(m, 48_000, 48_000), 2400, 48_000), 0);
});

t.test('reports the verdict of the words in each block', async (t) => {
  const m = mixer({ music: musicLike(), musicLoudnessLufs: -20 });
  const pcm = speechLike(1);
  const mutes = [{ startSample: 16_000, endSample: 24_000, rule: '3.2' }];
  m.schedule(line('judged', 48_000, pcm, { mutes, verdict: 'violation' }));
  m.schedule(line('unjudged', 144_000, pcm));
  const out = new Float32Array(3200);
  const heard: number[] = [];
  for (let n = 0; n < 150; n += 1) {
    m.mix(sampleIndex(n * 1600), 1600, out);
    heard.push(m.sound);
  }
  const blocks = (sound: number): number[] => heard.flatMap((one, n) => (one === sound ? [n] : []));
  // Its ramps reach into the blocks on either side.
  t.strictSame(blocks(SOUND.violation), [39, 40, 41, 42, 43, 44, 45]);
  t.strictSame(
    blocks(SOUND.unjudged),
    Array.from({ length: 30 }, (_, i) => 90 + i),
    'a line without a verdict, for as long as it is heard',
  );
});
