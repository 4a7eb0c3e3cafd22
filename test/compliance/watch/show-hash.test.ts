import { Jimp } from 'jimp';
import t from 'tap';
import { hashDistance, perceptualHash, ShowHash } from '../../../src/compliance/watch/show-hash.js';
import { duplicateWatch } from '../../../src/config/sections/compliance.js';

const WIDTH = 96;
const HEIGHT = 160;
const MINUTE = 60_000;

/** An I420 picture of soft blobs; different seeds give different layouts. */
function picture(seed: number, brightness = 0, noise = 0): Uint8Array {
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const wave =
        Math.sin((x * (1 + (seed % 5))) / 22 + seed * 1.7) * Math.cos((y * (1 + (seed % 3))) / 31 + seed * 2.3);
      data[y * WIDTH + x] = Math.round(120 + 60 * wave + brightness + noise * (((x * 31 + y * 17) % 7) - 3));
    }
  }
  return data;
}
const hash = (data: Uint8Array): string => perceptualHash(data, WIDTH, HEIGHT);

t.test('brightness and grain change a hash little, another layout much', async (t) => {
  const base = hash(picture(1));
  t.match(base, /^[01]{64}$/);
  t.ok(hashDistance(base, hash(picture(1, 20))) <= 0.05);
  t.ok(hashDistance(base, hash(picture(1, 0, 3))) <= 0.05);
  for (let seed = 2; seed < 8; seed += 1) t.ok(hashDistance(base, hash(picture(seed))) > 0.15, `picture ${seed}`);
});

t.test('equals the hash of jimp', async (t) => {
  // Samples that already span 0 to 255 are hashed unchanged.
  const side = 32;
  for (let seed = 1; seed <= 12; seed += 1) {
    const plane = new Uint8Array((side * side * 3) / 2);
    const data = Buffer.alloc(side * side * 4, 255);
    for (let i = 0; i < side * side; i += 1) {
      const x = i % side;
      const y = Math.floor(i / side);
      const v = Math.sin((x * (1 + (seed % 5))) / 7 + seed * 1.7) * Math.cos((y * (1 + (seed % 3))) / 9 + seed * 2.3);
      plane[i] = i === 0 ? 0 : i === 1 ? 255 : Math.round(127 + 100 * v + ((x * 31 + y * 17) % 23));
      data.fill(plane[i]!, i * 4, i * 4 + 3);
    }
    t.equal(perceptualHash(plane, side, side), Jimp.fromBitmap({ data, width: side, height: side }).pHash(), `${seed}`);
  }
});

t.test('a still picture for an hour is too much, a changing show is not', async (t) => {
  const thresholds = duplicateWatch.parse({});
  const still = new ShowHash(thresholds);
  const lively = new ShowHash(thresholds);
  for (let i = 0; i < 60; i += 1) {
    still.look(picture(1, i % 3), WIDTH, HEIGHT, i * MINUTE);
    lively.look(picture(i % 8), WIDTH, HEIGHT, i * MINUTE);
  }
  const now = 59 * MINUTE;
  t.same(still.repetition(now), { stills: 60, share: 59 / 60, different: 1, tooMuch: true });
  const { different, tooMuch } = lively.repetition(now);
  t.ok(different >= 6, `${different} pictures`);
  t.notOk(tooMuch);
});

t.test('forgets stills after an hour, and gives no verdict on few stills', async (t) => {
  const show = new ShowHash(duplicateWatch.parse({}));
  for (let i = 0; i < 10; i += 1) show.look(picture(1), WIDTH, HEIGHT, i * MINUTE);
  t.notOk(show.repetition(10 * MINUTE).tooMuch);
  t.equal(show.repetition(3 * 3_600_000).stills, 0);
});
