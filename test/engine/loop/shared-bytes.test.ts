import t from 'tap';
import { sampleIndex, frameIndex } from '../../../src/core/time.js';
import type { ShowCommand } from '../../../src/engine/loop/loop-command.js';
import { SharedBytes } from '../../../src/engine/loop/shared-bytes.js';

const line = (seconds: number): ShowCommand => ({
  type: 'speak',
  id: 'a',
  startFrame: frameIndex(0),
  startSample: sampleIndex(0),
  pcm: new Float32Array(new SharedArrayBuffer(seconds * 48_000 * 4)),
  loudnessLufs: -20,
  mutes: [],
  tone: false,
  mouth: { startFrame: 0 } as never,
});

t.test('what has come in is collected in full once it is worth it, and only then', async (t) => {
  const bytes = new SharedBytes(1000 / 30);
  for (let n = 0; n < 1000; n += 1) bytes.afterTick(n);
  t.equal(bytes.collections, 0, 'a loop that gets nothing collects the young only');
  for (let i = 0; i < 12; i += 1) bytes.take(line(10));
  bytes.afterTick(1);
  t.equal(bytes.collections, 0, '22 MiB are not');
  for (let i = 0; i < 2; i += 1) bytes.take(line(10));
  bytes.afterTick(2);
  bytes.afterTick(3);
  t.equal(bytes.collections, 1);
});
