import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { decodeVoice } from '../../src/audio/decode-voice.js';
import { TruePeakLimiter } from '../../src/audio/limiter.js';
import { integratedLoudness as loudnessOfFile, LoudnessMeter } from '../../src/core/audio/loudness.js';
import { type Mixer, MusicBed } from '../../src/audio/mixer.js';
import { audio as audioSchema } from '../../src/config/sections/audio.js';
import { integratedLoudness } from '../../src/core/audio/loudness.js';
import { seededRandom } from '../../src/core/random.js';
import { frameIndex, type FrameRate, frameToSample, sampleIndex } from '../../src/core/time.js';
import { SOUND } from '../../src/core/verdict.js';
import { ffmpeg } from '../kit/on-air.js';
import { AUDIO, line, mixer, musicLike, peakOf, rmsDb, run, sameBytes, shared, sine, speechLike } from './mixer-kit.js';

t.test('mixer', async (t) => {
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
      m.schedule(
        line('a', 30_000, speechLike(1.5), { mutes: [{ startSample: 9000, endSample: 20_000, rule: '3.2' }] }),
      );
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
});

t.test('mixer mutes', async (t) => {
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
      line('a', 96_000, shared(96_000, sine(300, 0.2)), {
        mutes: [{ startSample: 0, endSample: 96_000, rule: '3.1' }],
      }),
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
});

t.test('music bed', async (t) => {
  const QUANTUM = 64;
  const audio = (gainDb: number, roomTone = false) =>
    audioSchema.parse({ music: { src: 'bed.flac', gainDb }, roomTone, targetLufs: -16 });
  const silent = (roomTone: boolean) => audioSchema.parse({ roomTone });

  /** A tone of a whole number of waves, so that it loops without a seam. */
  function track(hz: number): { pcm: Int16Array; loudnessLufs: number } {
    const pcm = new Int16Array(2 * 48_000);
    for (let i = 0; i < 48_000; i += 1) {
      pcm[2 * i] = Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / 48_000));
      pcm[2 * i + 1] = pcm[2 * i]!;
    }
    return { pcm, loudnessLufs: -16 };
  }

  /** The left channel of some seconds from a sample on. */
  function play(bed: MusicBed, from: number, seconds: number): Float32Array {
    const samples = Math.ceil((seconds * 48_000) / QUANTUM) * QUANTUM;
    const out = new Float32Array(samples);
    const bus = new Float32Array(2 * QUANTUM);
    for (let at = 0; at < samples; at += QUANTUM) {
      bed.play(bus, QUANTUM, from + at, 1, 1);
      for (let i = 0; i < QUANTUM; i += 1) out[at + i] = bus[2 * i]!;
    }
    return out;
  }
  const rms = (pcm: Float32Array): number => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length);
  const jump = (pcm: Float32Array): number => {
    let most = 0;
    for (let i = 1; i < pcm.length; i += 1) most = Math.max(most, Math.abs(pcm[i]! - pcm[i - 1]!));
    return most;
  };
  const waves = (pcm: Float32Array): number => {
    let count = 0;
    for (let i = 1; i < pcm.length; i += 1) if (pcm[i - 1]! < 0 && pcm[i]! >= 0) count += 1;
    return count;
  };

  t.test('a new gain is reached without a click', (t) => {
    const bed = new MusicBed(audio(-10), track(200));
    const before = play(bed, 96_000, 1);
    bed.change(audio(-30), undefined);
    const change = play(bed, 144_000, 1);
    const after = play(bed, 192_000, 1);
    t.ok(Math.abs(20 * Math.log10(rms(after) / rms(before)) + 20) < 0.1, '20 dB lower');
    t.ok(jump(change) <= jump(before) * 1.01, 'no jump between two samples');
    t.end();
  });

  t.test('another track comes in once the first has faded, from its first sample', (t) => {
    const bed = new MusicBed(audio(-10), track(200));
    play(bed, 96_000, 1);
    bed.change(audio(-10), track(400));
    const change = play(bed, 144_000, 1.2);
    t.ok(jump(change) <= jump(play(new MusicBed(audio(-10), track(400)), 96_000, 1)) * 1.01, 'no jump');
    t.ok(rms(change.subarray(23_000, 24_600)) < rms(change.subarray(0, 2000)) / 5, 'silent between them');
    t.ok(Math.abs(waves(play(bed, 240_000, 1)) - 400) <= 1);
    t.end();
  });

  t.test('music off gives way to the room tone, and on again', (t) => {
    const one = track(200);
    const bed = new MusicBed(audio(-10, true), one);
    const loud = rms(play(bed, 96_000, 1));
    bed.change(silent(true), null);
    play(bed, 144_000, 1.5);
    const tone = rms(play(bed, 240_000, 1));
    t.ok(tone > 0.0001 && tone < 0.002, `a room tone at −63 dBFS: ${20 * Math.log10(tone)}`);
    bed.change(audio(-10, true), one);
    play(bed, 288_000, 1.5);
    t.ok(Math.abs(rms(play(bed, 384_000, 1)) / loud - 1) < 0.01);
    bed.change(silent(false), null);
    play(bed, 432_000, 1.5);
    t.equal(rms(play(bed, 528_000, 0.5)), 0, 'silence without a tone');
    t.end();
  });

  t.test('a change that is taken back at once keeps the track', (t) => {
    const one = track(200);
    const bed = new MusicBed(audio(-10), one);
    const before = rms(play(bed, 96_000, 1));
    bed.change(audio(-10), track(400));
    play(bed, 144_000, 0.1);
    bed.change(audio(-10), one);
    play(bed, 148_800, 1);
    const after = play(bed, 240_000, 1);
    t.ok(Math.abs(waves(after) - 200) <= 1);
    t.ok(Math.abs(rms(after) / before - 1) < 0.01);
    t.end();
  });
});

t.test('loudness', async (t) => {
  /** Interleaved stereo of a sine, each second at the given level in dBFS. */
  function levels(hz: number, dbOfSeconds: readonly number[]): Float32Array {
    const pcm = new Float32Array(dbOfSeconds.length * 96_000);
    for (let i = 0; i < pcm.length / 2; i += 1) {
      const x = 10 ** (dbOfSeconds[Math.floor(i / 48_000)]! / 20) * Math.sin((2 * Math.PI * hz * i) / 48_000);
      pcm[2 * i] = x;
      pcm[2 * i + 1] = x;
    }
    return pcm;
  }
  const seconds = (...parts: [number, number][]): number[] => parts.flatMap(([n, db]) => Array<number>(n).fill(db));
  const near = (t: { ok(value: boolean, title: string): void }, got: number, expected: number, by: number): void => {
    t.ok(Math.abs(got - expected) <= by, `${got} is within ${by} of ${expected}`);
  };

  t.test('measures the signals of EBU Tech 3341 as specified', async (t) => {
    near(t, loudnessOfFile(levels(1000, seconds([20, -23])), 2), -23, 0.1);
    near(t, loudnessOfFile(levels(1000, seconds([20, -33])), 2), -33, 0.1);
    near(t, loudnessOfFile(levels(1000, seconds([10, -36], [60, -23], [10, -36])), 2), -23, 0.1);
    near(t, loudnessOfFile(levels(1000, seconds([10, -72], [10, -36], [60, -23], [10, -36], [10, -72])), 2), -23, 0.1);
  });

  t.test('reads −3.01 LUFS for one channel of a full-scale sine (BS.1770, annex 1)', async (t) => {
    const pcm = new Float32Array(48_000 * 4);
    for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.sin((2 * Math.PI * 997 * i) / 48_000);
    near(t, loudnessOfFile(pcm, 1), -3.01, 0.02);
  });

  t.test('measures momentary over 400 ms and short-term over 3 s', async (t) => {
    const meter = new LoudnessMeter(2);
    const pcm = levels(1000, seconds([3, -20], [1, -30]));
    meter.process(pcm, 0, 4 * 48_000);
    near(t, meter.momentary(), -30, 0.1);
    near(t, meter.shortTerm(), 10 * Math.log10((2 * 0.01 + 0.001) / 3), 0.1);
  });

  t.test('reads silence as −∞ and gives a value for sounds under 400 ms', async (t) => {
    t.equal(loudnessOfFile(new Float32Array(96_000), 1), -Infinity);
    t.equal(loudnessOfFile(new Float32Array(0), 1), -Infinity);
    near(t, loudnessOfFile(levels(1000, [-20]).subarray(0, 9600), 2), -20, 0.3);
  });

  const ffmpeg = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg'].find((path) => existsSync(path));
  t.test(
    'agrees with ffmpeg on loudness and keeps the true peak under the ceiling',
    { skip: ffmpeg === undefined && 'no ffmpeg of this machine' },
    async (t) => {
      // Loud, with peaks between samples: tones near a quarter of the rate, bursts of noise, hard onsets.
      const random = seededRandom(3);
      const samples = 48_000 * 6;
      const pcm = new Float32Array(samples * 2);
      for (let i = 0; i < samples; i += 1) {
        const burst = Math.floor(i / 12_000) % 3;
        const tone = Math.sin((2 * Math.PI * 11_999 * i) / 48_000 + Math.PI / 4);
        const x = burst === 0 ? 1.4 * tone : burst === 1 ? 1.6 * (random() - 0.5) : 1.2 * Math.sign(Math.sin(i / 40));
        pcm[2 * i] = x;
        pcm[2 * i + 1] = 0.5 * x;
      }
      const limiter = new TruePeakLimiter(-1.5);
      const out = new Float32Array(pcm.length);
      for (let at = 0; at < samples; at += 64)
        limiter.process(pcm.subarray(2 * at), out.subarray(2 * at, 2 * at + 128), 64);
      const file = join(t.testdir(), 'loud.f32');
      writeFileSync(file, Buffer.from(out.buffer));
      const args = ['-hide_banner', '-nostats', '-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', file];
      const { stderr } = spawnSync(ffmpeg!, [...args, '-af', 'ebur128=peak=true', '-f', 'null', '-'], {
        encoding: 'utf8',
      });
      const summary = stderr.slice(stderr.lastIndexOf('Summary'));
      const value = (pattern: RegExp): number => Number(pattern.exec(summary)![1]);
      near(t, loudnessOfFile(out, 2), value(/I:\s+(-?[\d.]+) LUFS/), 0.11);
      const peak = value(/Peak:\s+(-?[\d.]+) dBFS/);
      t.ok(peak <= -1.5, `true peak ${peak} dBTP`);
      t.ok(peak >= -3, 'and is not held down more than it has to be');
    },
  );

  t.test('passes quiet sound unchanged with a constant delay of 192 samples', async (t) => {
    const limiter = new TruePeakLimiter(-1.5);
    const pcm = levels(440, [-6]);
    const out = new Float32Array(pcm.length);
    limiter.process(pcm, out, 48_000);
    t.same(Buffer.compare(Buffer.from(pcm.slice(0, -384).buffer), Buffer.from(out.slice(384).buffer)), 0);
  });
});

t.test('decode voice', async (t) => {
  function wav(channels: number, rateHz: number, dataBytes: number): Buffer {
    const bytes = Buffer.alloc(44 + dataBytes);
    bytes.write('RIFF', 0, 'latin1');
    bytes.writeUInt32LE(36 + dataBytes, 4);
    bytes.write('WAVEfmt ', 8, 'latin1');
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(channels, 22);
    bytes.writeUInt32LE(rateHz, 24);
    bytes.writeUInt32LE((rateHz * channels * 2) % 2 ** 32, 28);
    bytes.writeUInt16LE((channels * 2) % 2 ** 16, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36, 'latin1');
    bytes.writeUInt32LE(dataBytes, 40);
    return bytes;
  }

  t.test('refuses recordings that would swell, and lists of files', async (t) => {
    const decode = (bytes: Buffer): Promise<Float32Array> => decodeVoice(bytes, ffmpeg, new AbortController().signal);
    for (const [channels, rateHz] of [
      [1, 1],
      [1, 0],
      [0, 48_000],
      [512, 48_000],
      [65_535, 48_000],
      [1, 2 ** 31 - 1],
    ] as const)
      await t.rejects(
        decode(wav(channels, rateHz, 200_000)),
        { code: /E_ASSET_(INVALID|TOO_LARGE)/ },
        `${channels} at ${rateHz}`,
      );
    // Twenty minutes in four megabytes.
    await t.rejects(decode(wav(1, 1600, 2 * 1600 * 1200)), { code: 'E_ASSET_TOO_LARGE' });
    await t.rejects(decode(Buffer.from("ffconcat version 1.0\nfile 'a.wav'\n")), { code: 'E_ASSET_INVALID' });
    await t.rejects(decode(Buffer.from('#EXTM3U\n')), { code: 'E_ASSET_INVALID' });
    t.equal((await decode(wav(1, 16_000, 32_000))).length, 48_000);
  });
});
