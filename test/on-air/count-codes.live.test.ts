import t from 'tap';
import { makeCode } from '../kit/draw-code.js';
import { countCodes } from './count-codes.js';

const SIDE = 240;

t.test('counts every frame with a code, on either thread', async (t) => {
  const { width, height, dark } = await makeCode('https://example.com/add-me');
  const empty = new Uint8Array(SIDE * SIDE).fill(255);
  const code = empty.slice();
  for (let y = 0; y < height * 5; y += 1) {
    for (let x = 0; x < width * 5; x += 1) {
      if (dark[Math.floor(y / 5) * width + Math.floor(x / 5)] !== 0) code[(y + 30) * SIDE + x + 30] = 0;
    }
  }
  t.equal(await countCodes([empty, code, empty, empty, code, code], SIDE, SIDE), 3);
  t.equal(await countCodes([empty, empty], SIDE, SIDE), 0);
  await t.rejects(countCodes([new Uint8Array(5)], SIDE, SIDE * 4), 'an invalid frame fails the test');
});
