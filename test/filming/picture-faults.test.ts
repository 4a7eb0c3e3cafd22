import t from 'tap';
import { isGhost, seamContrast, toothJump } from '../../src/filming/measure/picture-faults.js';

const SIZE = 60;
/** A dark mouth of this height in a bright face. */
const mouth = (height: number): Float32Array =>
  Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const away = Math.abs(Math.floor(i / SIZE) - SIZE / 2);
    return away < height / 2 ? 40 : away < height / 2 + 4 ? 110 : 180;
  });
const mixed = (a: Float32Array, b: Float32Array, share: number): Float32Array =>
  a.map((v, i) => v + (b[i]! - v) * share);

t.test('finds a frame that shows two mouths at once, and none in a mouth that opens', async (t) => {
  const [shut, half, wide] = [mouth(2), mouth(16), mouth(30)];
  t.ok(isGhost(shut, mixed(shut, wide, 0.44), wide), 'a cross-fade');
  t.notOk(isGhost(shut, half, wide), 'a mouth half open');
  t.notOk(isGhost(shut, wide, wide), 'a step');
  t.notOk(isGhost(shut, shut, mouth(3)), 'stillness');
});

t.test('measures a jump of the teeth’s hue, not of their lightness', async (t) => {
  t.ok(toothJump([[220, 205, 185], [110, 102, 92], undefined, [222, 206, 186]]) < 1);
  t.ok(
    toothJump([
      [220, 205, 185],
      [150, 165, 190],
    ]) > 6,
    'from white to blue-grey',
  );
});

t.test('measures the rim along a matte', async (t) => {
  const alpha = new Uint8Array(SIZE * SIZE);
  const plain = new Uint8Array(SIZE * SIZE);
  const rimmed = new Uint8Array(SIZE * SIZE);
  for (let y = 10; y < 50; y += 1)
    for (let x = 10; x < 50; x += 1) {
      const i = y * SIZE + x;
      alpha[i] = 255;
      plain[i] = 120;
      rimmed[i] = x === 10 || x === 49 || y === 10 ? 60 : 120;
    }
  t.equal(seamContrast(plain, alpha, SIZE, SIZE), 0);
  t.ok(seamContrast(rimmed, alpha, SIZE, SIZE)! > 50);
  t.equal(seamContrast(plain, new Uint8Array(SIZE * SIZE).fill(255), SIZE, SIZE), undefined, 'without a matte');
});
