import t from 'tap';
import { silhouettePixels } from '../../../src/scene/layers/standing-picture.js';
import { LayoutMaker } from '../../../src/scene/lay-out.js';
import { draw, kernels, roomOf } from '../scene-kit.js';

const [W, H] = [360, 640];
const price = { amount: 9.5, currency: 'USD', unit: 'piece' };
/** A shape with wide clear margins. */
const cutOut = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect x="${200 - width / 2}" y="${200 - height / 2}" width="${width}" height="${height}" fill="#c03020"/></svg>`;
const photo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect width="400" height="400" fill="#e0e0e0"/></svg>';

const BOX = { x: 20, y: 120, width: 320, height: 320 };

async function standing(dir: string, image: string, more: object = {}, stands: object = {}) {
  const room = roomOf(dir, {
    width: W,
    height: H,
    product: 'a',
    products: [{ id: 'a', title: 'Jar', image, price, ...more }],
    layers: [{ id: 'stood', type: 'image', src: 'product', ...BOX, stands: { share: 0.14, ...stands } }],
  });
  const layers = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers('a');
  const laid = layers.find(({ layer }) => layer.id === 'stood')!;
  const { raster, x, y } = laid.pictures[0]!;
  /** Rows and columns of the product itself, which is opaque; its shadows are not. */
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  for (let row = 0; row < raster.height; row += 1)
    for (let column = 0; column < raster.width; column += 1)
      if (raster.rgba[(row * raster.width + column) * 4 + 3]! >= 250) {
        [left, right] = [Math.min(left, x + column), Math.max(right, x + column)];
        [top, bottom] = [Math.min(top, y + row), Math.max(bottom, y + row)];
      }
  return { left, top, right, bottom, width: right - left + 1, height: bottom - top + 1 };
}

t.test('cut-outs of any form and framed photos cover their share and stand on the foot of the box', async (t) => {
  const forms = { 'pot.svg': cutOut(300, 200), 'jar.svg': cutOut(120, 180), 'photo.svg': photo };
  const dir = t.testdir(forms);
  for (const image of Object.keys(forms)) {
    const { width, height, bottom, left, right } = await standing(dir, image);
    const share = (width * height) / (W * H);
    t.ok(share >= 0.12 && share <= 0.16, `${image}: ${(share * 100).toFixed(1)} %`);
    t.ok(Math.abs(bottom - (BOX.y + BOX.height - 1)) <= 3, `${image} stands at ${bottom}`);
    t.ok(Math.abs((left + right) / 2 - 180) <= 3, `${image} stands in the middle`);
  }
});

t.test('a thin one is as large as the box allows', async (t) => {
  const dir = t.testdir({ 'pen.svg': cutOut(20, 380) });
  const { top, bottom } = await standing(dir, 'pen.svg');
  t.ok(top >= BOX.y - 2 && bottom - top >= BOX.height - 6);
});

t.test('a narrow one stands beside what is behind it where it leans to a side', async (t) => {
  const dir = t.testdir({ 'jar.svg': cutOut(120, 180) });
  for (const [lean, share] of [
    [0, 0],
    [0.9, 0.9],
    [1, 1],
  ] as const) {
    const { left, width } = await standing(dir, 'jar.svg', {}, { lean });
    const free = BOX.width - width;
    t.ok(Math.abs(left - BOX.x - free * share) <= 2, `${lean}: ${left} of ${free}`);
  }
});

t.test('a photo fills the box of a close-up, a cut-out floats in it', async (t) => {
  const dir = t.testdir({ 'photo.svg': photo, 'jar.svg': cutOut(200, 200) });
  const close = { framed: 'fill', ground: false, at: 'middle', share: 0.3 };
  t.match(await standing(dir, 'photo.svg', {}, close), { left: 20, top: 120, width: 320, height: 320 });
  const { top, bottom } = await standing(dir, 'jar.svg', {}, close);
  t.ok(bottom < BOX.y + BOX.height - 20, 'above the foot');
  t.ok(Math.abs((top + bottom) / 2 - (BOX.y + BOX.height * 0.4)) <= 3);
});

t.test('holes within a silhouette count', (t) => {
  const rgba = new Uint8Array(5 * 3 * 4);
  for (const i of [0, 4, 5, 9, 10, 14]) rgba[i * 4 + 3] = 255;
  t.equal(silhouettePixels({ rgba, width: 5, height: 3 }), 15);
  t.end();
});

t.test('a comparison shows the variant with a picture of its own, else the next product', async (t) => {
  const dir = t.testdir({ 'a.svg': cutOut(100, 100), 'b.svg': cutOut(100, 200), 'c.svg': cutOut(200, 100) });
  const besideOf = async (products: readonly object[]) => {
    const room = roomOf(dir, {
      width: W,
      height: H,
      product: 'a',
      products: [...products],
      layers: [
        { id: 'beside', type: 'image', src: 'beside', ...BOX, stands: { share: 0.05 } },
        { id: 'price', type: 'card', of: 'beside', width: 200, open: { size: 60 } },
        { id: 'own', type: 'card', of: 'variant', width: 200, y: 300, open: { size: 60 } },
      ],
    });
    const laid = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers('a');
    return {
      ids: laid.map(({ layer }) => layer.id),
      text: (id: string) => laid.find(({ layer }) => layer.id === id)?.text,
    };
  };
  const one = { id: 'a', title: 'Jar', image: 'a.svg', price };
  const alone = await besideOf([one]);
  t.notOk(alone.ids.includes('beside') || alone.ids.includes('price'));
  const variants = [{ name: 'Colour', values: [{ name: 'red' }, { name: 'green', image: 'b.svg' }] }];
  const coloured = await besideOf([{ ...one, variants }]);
  t.match(coloured.text('price'), /^Green \$9\.50/);
  t.match(coloured.text('own'), /^Red \$9\.50/);
  const next = await besideOf([one, { id: 'c', title: 'Lid', image: 'c.svg', price: { ...price, amount: 3 } }]);
  t.match(next.text('price'), /^Lid \$3\.00/);
  t.match(next.text('own'), /^Jar \$9\.50/);
});
