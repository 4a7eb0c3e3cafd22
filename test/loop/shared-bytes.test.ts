import t from 'tap';
import { sampleIndex, frameIndex } from '../../src/core/time.js';
import type { ShowCommand } from '../../src/show/show-command.js';
import { SharedBytes } from '../../src/loop/preroll.js';

const line = (seconds: number): ShowCommand => ({
  type: 'speak',
  id: 'a',
  startFrame: frameIndex(0),
  startSample: sampleIndex(0),
  pcm: new Float32Array(new SharedArrayBuffer(seconds * 48_000 * 4)),
  loudnessLufs: -20,
  mutes: [],
  tone: false,
  verdict: 'clean',
  mouth: { startFrame: 0 } as never,
});

t.test('runs a full collection only once enough bytes have arrived', async (t) => {
  const bytes = new SharedBytes();
  for (let n = 0; n < 10; n += 1) bytes.collect();
  t.equal(bytes.collections, 0, 'without arrivals only the young generation is collected');
  for (let i = 0; i < 6; i += 1) bytes.take(line(10));
  bytes.collect();
  t.equal(bytes.collections, 0, '11 MiB are below the limit');
  bytes.take(line(10));
  bytes.collect();
  bytes.collect();
  t.equal(bytes.collections, 1);
});

t.test('frees the sound of finished lines', async (t) => {
  const bytes = new SharedBytes();
  const held = (): number => process.memoryUsage().arrayBuffers;
  const before = held();
  let said: ShowCommand[] = [];
  for (let i = 0; i < 7; i += 1) {
    said.push(line(10));
    // They survive into the old generation.
    bytes.collect();
    bytes.collect();
  }
  t.ok(held() - before > 12 << 20);
  for (const one of said) bytes.take(one);
  said = [];
  await new Promise((resolve) => setImmediate(resolve));
  bytes.collect();
  // V8 frees the memory on another thread.
  for (let i = 0; i < 200 && held() - before > 1 << 20; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  t.ok(held() - before < 1 << 20, `${held() - before} bytes are held`);
});
