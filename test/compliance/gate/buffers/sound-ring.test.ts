import t from 'tap';
import { SoundRing } from '../../../../src/compliance/gate/buffers/sound-ring.js';

t.test('keeps each frame’s sound and length until the ring wraps', async (t) => {
  const ring = new SoundRing(3, 4);
  const pcm = new Float32Array(8);
  for (let n = 0; n < 20; n += 1) {
    const samples = 3 + (n % 2);
    ring.put(n, pcm.fill(n), samples, undefined);
    for (let s = Math.max(0, n - 2); s <= n; s += 1) {
      const own = ring.audio(s).subarray(0, ring.samples(s) * 2);
      t.strictSame(
        [...own],
        Array.from({ length: (3 + (s % 2)) * 2 }, () => s),
      );
    }
  }
});
