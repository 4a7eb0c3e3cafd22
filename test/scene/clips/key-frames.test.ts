import t from 'tap';
import { KeyFrames } from '../../../src/scene/clips/key-frames.js';

const W = 64;
const H = 64;

/** Key frames of pictures that are painted into one plane, at 30 a second. */
function keysOf(count: number, paint: (n: number, plane: Uint8Array) => boolean): number[] {
  const keys = new KeyFrames(W, H, 30);
  const plane = new Uint8Array(W * H * 1.5);
  for (let n = 0; n < count; n += 1) keys.take(plane, !paint(n, plane) && n > 0);
  return keys.list();
}

t.test('picks one key frame a second and the last frame of a still clip', (t) => {
  t.same(
    keysOf(95, () => false),
    [0, 30, 60, 90, 94],
  );
  t.end();
});

t.test('picks cuts and frames that show once', (t) => {
  const flash = keysOf(60, (n, plane) => {
    plane.fill(n === 17 ? 200 : 40);
    return true;
  });
  t.same(flash, [0, 17, 18, 30, 59]);
  t.end();
});

t.test('picks a frame when slow changes have added up', (t) => {
  const keys = keysOf(30, (n, plane) => {
    for (let y = 0; y < H; y += 1) plane.fill(220, y * W, y * W + n);
    return true;
  });
  t.ok(keys.length > 3 && keys.length <= 8, keys.join());
  t.end();
});

t.test('limits a constantly changing film to sixty key frames beyond one a second', (t) => {
  const keys = keysOf(3600, (n, plane) => {
    plane.fill((n * 97) & 255);
    return true;
  });
  t.equal(keys.length, 120 + 60 + 1);
  t.end();
});
