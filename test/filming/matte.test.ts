import t from 'tap';
import { clearRim, keyOut, screenColour } from '../../src/filming/matte/colour-key.js';
import { refuseShort } from '../../src/filming/film-presenter.js';
import type { Rgb } from '../../src/filming/footage/open-footage.js';

function before(screen: readonly [number, number, number]): Rgb {
  const [width, height] = [80, 80];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const isPerson = Math.abs(x - 40) < 20 && y > 20;
      // Grain, as every camera has.
      const grain = ((x * 31 + y * 17) % 7) - 3;
      const colour = isPerson ? [200, 150, 130] : screen;
      data.set(
        colour.map((c) => c + grain),
        (y * width + x) * 3,
      );
    }
  return { data, width, height };
}

t.test('finds a green and a blue screen, and no screen in a room', async (t) => {
  t.equal(screenColour(before([20, 200, 30]))?.channel, 1);
  t.equal(screenColour(before([30, 60, 210]))?.channel, 2);
  t.equal(screenColour(before([120, 130, 110])), undefined);
});

t.test('keeps the person whole and takes the screen away without its colour', async (t) => {
  const picture = before([20, 200, 30]);
  for (let y = 3; y < 6; y += 1) picture.data.fill(160, (y * 80 + 3) * 3, (y * 80 + 6) * 3);
  const alpha = keyOut(picture, screenColour(picture)!);
  t.equal(alpha[50 * 80 + 40], 255);
  t.equal(alpha[10 * 80 + 10], 0);
  t.equal(alpha[4 * 80 + 4], 0, 'a speck on the screen is cleared');
  for (let i = 0; i < alpha.length; i += 1) {
    if (alpha[i]! < 64) continue;
    const [r, g] = [picture.data[i * 3]!, picture.data[i * 3 + 1]!];
    if (g > r + 6) t.fail(`green at ${i % 80}, ${Math.floor(i / 80)}`);
  }
});

t.test('takes a dark rim off the edge and leaves the inside as it was', async (t) => {
  const [width, height] = [40, 40];
  const data = new Uint8Array(width * height * 3).fill(0);
  const alpha = new Uint8Array(width * height);
  const put = (x: number, y: number, level: number, a: number): void => {
    data.fill(level, (y * width + x) * 3, (y * width + x) * 3 + 3);
    alpha[y * width + x] = a;
  };
  for (let y = 8; y < 32; y += 1)
    for (let x = 8; x < 32; x += 1) {
      const isRim = x === 8 || x === 31 || y === 8 || y === 31;
      put(x, y, isRim ? 40 : 180, isRim ? 160 : 255);
    }
  clearRim(data, alpha, width, height);
  t.ok(data[(20 * width + 8) * 3]! > 140, `rim ${data[(20 * width + 8) * 3]}`);
  t.equal(data[(20 * width + 20) * 3], 180);
});

t.test('refuses a base film of less than 10 s and says why', async (t) => {
  refuseShort('ana.mp4', 10);
  t.throws(() => refuseShort('ana.mp4', 4.2), {
    code: 'E_ASSET_INVALID',
    where: '--base ana.mp4',
    found: '4.2 s: viewers would see the same movements every 4.2 s',
  });
});
