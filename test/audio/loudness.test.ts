import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { TruePeakLimiter } from '../../src/audio/limiter.js';
import { integratedLoudness, LoudnessMeter } from '../../src/audio/loudness.js';
import { seededRandom } from '../../src/core/random.js';

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
  near(t, integratedLoudness(levels(1000, seconds([20, -23])), 2), -23, 0.1);
  near(t, integratedLoudness(levels(1000, seconds([20, -33])), 2), -33, 0.1);
  near(t, integratedLoudness(levels(1000, seconds([10, -36], [60, -23], [10, -36])), 2), -23, 0.1);
  near(
    t,
    integratedLoudness(levels(1000, seconds([10, -72], [10, -36], [60, -23], [10, -36], [10, -72])), 2),
    -23,
    0.1,
  );
});

t.test('reads −3.01 LUFS for one channel of a full-scale sine (BS.1770, annex 1)', async (t) => {
  const pcm = new Float32Array(48_000 * 4);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.sin((2 * Math.PI * 997 * i) / 48_000);
  near(t, integratedLoudness(pcm, 1), -3.01, 0.02);
});

t.test('measures momentary over 400 ms and short-term over 3 s', async (t) => {
  const meter = new LoudnessMeter(2);
  const pcm = levels(1000, seconds([3, -20], [1, -30]));
  meter.process(pcm, 0, 4 * 48_000);
  near(t, meter.momentary(), -30, 0.1);
  near(t, meter.shortTerm(), 10 * Math.log10((2 * 0.01 + 0.001) / 3), 0.1);
});

t.test('reads silence as −∞ and gives a value for sounds under 400 ms', async (t) => {
  t.equal(integratedLoudness(new Float32Array(96_000), 1), -Infinity);
  t.equal(integratedLoudness(new Float32Array(0), 1), -Infinity);
  near(t, integratedLoudness(levels(1000, [-20]).subarray(0, 9600), 2), -20, 0.3);
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
    near(t, integratedLoudness(out, 2), value(/I:\s+(-?[\d.]+) LUFS/), 0.11);
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
