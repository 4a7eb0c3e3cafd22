import t from 'tap';
import { keyOut, screenColour } from '../../src/filming/matte/colour-key.js';
import type { Rgb } from '../../src/filming/footage/rgb.js';

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
