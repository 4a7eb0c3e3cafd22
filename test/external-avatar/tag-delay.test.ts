import t from 'tap';
import { TagDelay } from '../../src/external-avatar/avatar-desk.js';
import { flvTag } from '../../src/core/media/flv-tags.js';

const tag = (first: number, packet: number, n: number): Uint8Array =>
  flvTag(9, n, Uint8Array.from([first, packet, 0, 0, 0, n, 1, 2, 3, 4, 5]));
const config = tag(0x17, 0, 0);
const key = (n: number): Uint8Array => tag(0x17, 1, n);
const delta = (n: number): Uint8Array => tag(0x27, 1, n);

function rig() {
  const clock = { ms: 0 };
  const got: number[] = [];
  const delay = new TagDelay(
    (one) => got.push(Buffer.from(one).readUIntBE(4, 3)) > 0,
    () => clock.ms,
  );
  return { clock, got, delay };
}

t.test('passes tags at once, or after the delay in their order', async (t) => {
  const { clock, got, delay } = rig();
  delay.push(config);
  delay.push(key(1));
  t.same(got, [0, 1]);
  delay.set(5000);
  for (let n = 2; n < 6; n += 1) {
    delay.push(delta(n));
    clock.ms += 100;
  }
  delay.look();
  t.same(got, [0, 1]);
  clock.ms = 5100;
  delay.look();
  t.same(got, [0, 1, 2, 3]);
  await delay.close();
});

t.test('drops what waits when the delay ends and goes on with a key frame', async (t) => {
  const { got, delay } = rig();
  delay.set(5000);
  delay.push(config);
  delay.push(key(1));
  delay.push(delta(2));
  delay.set(0);
  t.same(got, [0], 'the configuration is kept');
  t.equal(delay.push(delta(3)), false, 'which asks the source for a key frame');
  t.equal(delay.push(key(4)), true);
  t.equal(delay.push(delta(5)), true);
  t.same(got, [0, 4, 5]);
  await delay.close();
});

t.test('is bounded: beyond its memory it drops up to the next key frame', async (t) => {
  const { delay } = rig();
  delay.set(30_000);
  const big = Buffer.alloc(9 << 20);
  Buffer.from(key(1)).copy(big);
  t.same([delay.push(big), delay.push(big), delay.push(big), delay.push(big)], [true, true, true, false]);
  t.equal(delay.push(delta(2)), false);
  t.equal(delay.push(key(3)), true);
  await delay.close();
});
