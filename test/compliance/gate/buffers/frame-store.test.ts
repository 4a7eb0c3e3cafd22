import t from 'tap';
import { FrameStore } from '../../../../src/compliance/gate/delayed-gate.js';
import { seededRandom } from '../../../../src/core/random.js';
import { loadKernels } from '../../../../src/native/load-kernels.js';

const kernels = loadKernels();

t.test('returns frames unchanged and in order', async (t) => {
  for (const size of [96, 102, 6144, 12_301]) {
    const random = seededRandom(size);
    const store = new FrameStore(size, 40, kernels);
    const waiting: Uint8Array[] = [];
    const frame = new Uint8Array(size);
    const out = new Uint8Array(size);
    for (let i = 0; i < 400; i += 1) {
      const kind = random();
      if (kind < 0.2) for (let k = 0; k < size; k += 1) frame[k] = random() * 256;
      else if (kind < 0.8) for (let k = 0; k < 5; k += 1) frame[Math.floor(random() * size)] = random() * 256;
      store.push(frame);
      waiting.push(frame.slice());
      if (waiting.length < 40 && random() < 0.4) continue;
      const skipped = random() < 0.1;
      store.shift(skipped ? undefined : out);
      const expected = waiting.shift()!;
      if (!skipped && Buffer.compare(out, expected) !== 0) return t.fail(`frame ${i} of ${size} bytes differs`);
    }
    t.equal(store.count, waiting.length);
  }
});

t.test('stores nothing for unchanged frames and frees memory with the need', async (t) => {
  const size = 1_000_000;
  const store = new FrameStore(size, 64, kernels);
  const frame = new Uint8Array(size).fill(9);
  store.push(frame);
  const first = store.bytes;
  for (let i = 0; i < 20; i += 1) store.push(frame);
  t.equal(store.bytes, first);
  t.ok(store.heldBytes <= 4_200_000, `${store.heldBytes} bytes`);
  const random = seededRandom(5);
  for (let i = 0; i < 30; i += 1) {
    for (let k = 0; k < size; k += 1) frame[k] = random() * 256;
    store.push(frame);
  }
  t.ok(store.heldBytes > 30_000_000 && store.heldBytes < 45_000_000, `${store.heldBytes} bytes of noise`);
  while (store.count > 0) store.shift(undefined);
  t.equal(store.bytes, 0);
  t.ok(store.heldBytes <= 8_400_000, `${store.heldBytes} bytes after it`);
  t.throws(() => store.shift(undefined), RangeError);
});

t.test('refuses more frames than its capacity', async (t) => {
  const store = new FrameStore(96, 2, kernels);
  store.push(new Uint8Array(96));
  store.push(new Uint8Array(96));
  t.throws(() => store.push(new Uint8Array(96)), RangeError);
});
