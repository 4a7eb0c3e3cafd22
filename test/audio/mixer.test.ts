import t from 'tap';
import { Mixer, type MixerOptions } from '../../src/audio/mixer.js';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { seededRandom } from '../../src/core/random.js';
import { SOUND } from '../../src/core/verdict.js';
import { frameIndex, frameToSample, sampleIndex, type FrameRate } from '../../src/core/time.js';

const RATE: FrameRate = { num: 30, den: 1 };
const AUDIO = {
  roomTone: false,
  music: { src: 'bed.wav', instrumental: true, gainDb: -14 },
  duckDb: -10,
  targetLufs: -16,
  ceilingDbtp: -1.5,
};

const shared = (samples: number, value: (i: number) => number): Float32Array<SharedArrayBuffer> => {
  const pcm = new Float32Array(new SharedArrayBuffer(samples * 4));
  for (let i = 0; i < samples; i += 1) pcm[i] = value(i);
  return pcm;
};
const sine = (hz: number, gain: number) => (i: number) => gain * Math.sin((2 * Math.PI * hz * i) / 48_000);

/** A signal with the crest factor of speech: bursts of harmonics at 4 Hz. */
const speechLike = (seconds: number): Float32Array<SharedArrayBuffer> =>
  shared(Math.round(seconds * 48_000), (i) => {
    const s = i / 48_000;
    const burst = Math.max(0, Math.sin(2 * Math.PI * 4 * s)) ** 2;
    let x = 0;
    for (let h = 1; h < 20; h += 1) x += Math.sin(2 * Math.PI * 130 * h * s + h) / h;
    return 0.15 * burst * x;
  });

const musicLike = (): Float32Array<SharedArrayBuffer> => {
  const random = seededRandom(7);
  return shared(
    2 * 48_000 * 4,
    (i) => 0.2 * Math.sin((2 * Math.PI * 220 * (i >> 1)) / 48_000) + 0.02 * (random() - 0.5),
  );
};

type Options = Omit<Partial<MixerOptions>, 'music'> & { readonly music?: Float32Array };
const mixer = ({ music, ...options }: Options = {}): Mixer => {
  if (music === undefined) return new Mixer({ rate: RATE, audio: AUDIO, ...options });
  const stored = new Int16Array(new SharedArrayBuffer(music.length * 2));
  for (let i = 0; i < music.length; i += 1) stored[i] = Math.round(music[i]! * 32_768);
  return new Mixer({ rate: RATE, audio: AUDIO, ...options, music: stored });
};

function run(m: Mixer, from: number, samples: number, block = 1600): Float32Array {
  const all = new Float32Array(samples * 2);
  const out = new Float32Array(block * 2);
  for (let at = 0; at < samples; at += block) {
    const n = Math.min(block, samples - at);
    m.mix(sampleIndex(from + at), n, out);
    all.set(out.subarray(0, n * 2), at * 2);
  }
  return all;
}
const line = (id: string, startSample: number, pcm: Float32Array<SharedArrayBuffer>, more = {}) => ({
  id,
  startSample: sampleIndex(startSample),
  pcm,
  loudnessLufs: integratedLoudness(pcm, 1),
  mutes: [],
  tone: false,
  ...more,
});
const peakOf = (pcm: Float32Array, from: number, to: number): number => {
  let peak = 0;
  for (let i = 2 * from; i < 2 * to; i += 1) peak = Math.max(peak, Math.abs(pcm[i]!));
  return peak;
};
const rmsDb = (pcm: Float32Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += pcm[2 * i]! ** 2;
  return 10 * Math.log10(sum / (to - from));
};

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
  t.same(m.levels(), { momentaryLufs: -Infinity, integratedLufs: -Infinity, peakDbfs: -Infinity });
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
  t.same(again.slice(0, 170_000), out.slice(0, 170_000), 'the same in every run');
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
  t.same(plain, without, 'none under music');
});
