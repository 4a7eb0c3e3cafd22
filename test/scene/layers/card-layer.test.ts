import t from 'tap';
import { LayoutMaker } from '../../../src/scene/lay-out.js';
import { draw, kernels, roomOf } from '../scene-kit.js';

const price = { amount: 9.5, currency: 'USD', unit: 'piece' };

/** The lowest row with ink of an open card whose product has this title. */
async function lowestRow(dir: string, title: string): Promise<number> {
  const room = roomOf(dir, {
    width: 360,
    height: 640,
    product: 'a',
    products: [{ id: 'a', title, image: 'a.svg', price }],
    layers: [
      {
        id: 'card',
        type: 'card',
        x: 20,
        y: 300,
        width: 140,
        open: { size: 46, align: 'center', ground: 'none', terms: false },
      },
    ],
  });
  const layers = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers('a');
  const { raster, y } = layers.find(({ layer }) => layer.id === 'card')!.pictures[0]!;
  for (let row = raster.height - 1; row >= 0; row -= 1)
    for (let column = 0; column < raster.width; column += 1)
      if (raster.rgba[(row * raster.width + column) * 4 + 3]! > 128) return y + row;
  return -1;
}

t.test('prices side by side stand on one line, whatever their titles shrink to', async (t) => {
  const dir = t.testdir({ 'a.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>' });
  const short = await lowestRow(dir, 'Lamp');
  t.ok(short > 300);
  t.equal(await lowestRow(dir, 'Upper-Arm Blood Pressure Monitor with Cuff'), short);
});
