import t from 'tap';
import { SAMPLE_RATE_HZ } from '../../../src/core/time.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { PcmChild } from '../../../src/outputs/voice-in/voice-decoder.js';
import { until, wait } from '../../kit/until.js';

t.test('takes sound that comes faster than time at 1.2 times its speed', async (t) => {
  const { path } = await findFfmpeg();
  let samples = 0;
  let ended = false;
  const args = '-v error -f lavfi -i sine=duration=120:sample_rate=48000 -ac 1 -f f32le pipe:1'.split(' ');
  const child = new PcmChild({
    ffmpegPath: path,
    args,
    onPcm: (pcm) => (samples += pcm.length),
    onEnd: () => (ended = true),
  });
  await until('the first burst', () => samples > 2 * SAMPLE_RATE_HZ, 20_000);
  const [before, beganMs] = [samples, performance.now()];
  t.ok(before < 3 * SAMPLE_RATE_HZ, `${before / SAMPLE_RATE_HZ} s at once`);
  await wait(2000);
  const rate = (samples - before) / SAMPLE_RATE_HZ / ((performance.now() - beganMs) / 1000);
  t.ok(rate > 0.5 && rate < 1.6, `${rate.toFixed(2)} s a second`);
  t.equal(ended, false);
  const closingMs = performance.now();
  await child.close();
  t.ok(performance.now() - closingMs < 1000, 'ends although output waits');
});
