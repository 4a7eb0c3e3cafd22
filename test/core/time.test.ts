import t from 'tap';
import {
  frameIndex,
  frameToMicroseconds,
  frameToSample,
  frameToTicks,
  sampleIndex,
  sampleToFrame,
  sampleToTicks,
} from '../../src/core/time.js';

const ntsc = { num: 30_000, den: 1001 };

t.test('frame times are exact after a year on air', async (t) => {
  const year = frameIndex(30 * 86_400 * 365);
  t.equal(frameToTicks(year, { num: 30, den: 1 }), 86_400 * 365 * 90_000);
  t.equal(frameToMicroseconds(year, { num: 30, den: 1 }), 86_400 * 365 * 1_000_000);
  t.equal(frameToTicks(frameIndex(30_000 * 1000), ntsc), 1001 * 1000 * 90_000);
});

t.test('sampleToFrame is the inverse of frameToSample at every boundary', async (t) => {
  for (let n = 0; n < 5000; n += 1) {
    const k = frameToSample(frameIndex(n), ntsc);
    if (sampleToFrame(k, ntsc) !== n) t.equal(sampleToFrame(k, ntsc), n);
    if (n > 0 && sampleToFrame(sampleIndex(k - 1), ntsc) !== n - 1) t.fail(`sample ${k - 1}`);
  }
  t.pass('5000 boundaries hold');
});

t.test('AAC and Opus frames are whole numbers of ticks', async (t) => {
  t.equal(sampleToTicks(sampleIndex(1024)), 1920);
  t.equal(sampleToTicks(sampleIndex(960)), 1800);
});
