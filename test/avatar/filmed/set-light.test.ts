import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { PresenterData } from '../../../src/avatar/presenter-data.js';
import { yuvaSize, type YuvaBitmap } from '../../../src/core/media/picture.js';
import { lightOfSet, lightPicture } from '../../../src/core/media/set-light.js';
import { compilerOf, roomOf } from '../../scene/scene-kit.js';
import { loadPack, writePack } from './film-rig.js';

const [W, H] = [96, 128];

/** An opaque picture whose luma is a function of the column. */
function wall(luma: (x: number) => number, u = 128, v = 128): YuvaBitmap {
  const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(W, H))).fill(255);
  for (let i = 0; i < W * H; i += 1) data[i] = luma(i % W);
  data.fill(u, W * H, (W * H * 5) / 4).fill(v, (W * H * 5) / 4, (W * H * 3) / 2);
  return { width: W, height: H, opaque: true, data };
}

t.test('measures the bright side and the colour of a set, each within its bounds', (t) => {
  t.same(lightOfSet(wall(() => 120)), { side: 0, u: 0, v: 0 });
  const warm = lightOfSet(wall((x) => 180 - x / 2, 118, 138));
  t.ok(warm.side > 0.04 && warm.side < 0.12, `brighter at the left: ${warm.side}`);
  t.same([warm.u, warm.v], [-2, 2]);
  t.ok(lightOfSet(wall((x) => 100 + x / 2)).side < -0.03, 'brighter at the right');
  const garish = lightOfSet(wall((x) => (x < 48 ? 235 : 16), 20, 230));
  t.same(garish, { side: 0.12, u: -5, v: 5 });
  t.end();
});

t.test('keeps what is clear clear, black black, and colours within their alpha', (t) => {
  const data = new Uint8Array(yuvaSize(4, 2));
  const alphas = 12;
  data.set([0, 8, 16, 235], 0);
  data.set([0, 128, 255, 255], alphas);
  data.set([0, 60, 64, 2], 8);
  data.set([0, 128], alphas + 8);
  lightPicture(data, 4, 2, { side: 0.12, u: 5, v: -5 }, () => 0);
  t.same([...data.subarray(0, 4)], [0, 8, 16, 255], 'clear, black behind half an alpha, black, and white');
  t.equal(data[8], 0);
  t.equal(data[9], 63, 'half of the tint at half the alpha');
  t.equal(data[11], 0);
  t.end();
});

t.test('lights a cut-out person once, when the film is loaded, with its mouths', async (t) => {
  const root = t.testdir();
  const cache = join(root, 'cache');
  const cut = await writePack(join(root, 'cut'), { alpha: true });
  const light = { side: 0.1, u: -3, v: 4 };
  const plain = await loadPack(cut, cache);
  const lit = await loadPack(cut, cache, undefined, light);
  t.equal(readdirSync(cache).length, 2, 'a film for each light');
  t.not(plain.digest, lit.digest);
  const { width, height } = plain.film!;
  const at = (data: PresenterData, offset: number): number => data.sprites[data.film!.still]!.bitmap.data[offset]!;
  const row = (height / 2) * width;
  const body = Array.from({ length: width }, (_, x) => x).filter(
    (x) => at(plain, 1.5 * width * height + row + x) === 255,
  );
  const gain = (x: number): number => (at(lit, row + x) - 16) / (at(plain, row + x) - 16);
  t.ok(gain(body[4]!) > 1.04, `${gain(body[4]!)} at the left`);
  t.ok(gain(body.at(-5)!) < 0.96, `${gain(body.at(-5)!)} at the right`);
  const colour = width * height + (row / 4 + body[20]! / 2) - ((row / 4) % 1);
  t.equal(at(lit, Math.floor(colour)) - at(plain, Math.floor(colour)), -3);
  const bytes = yuvaSize(plain.film!.patchWidth, plain.film!.patchHeight);
  const middle = (plain.film!.patchHeight / 2) * plain.film!.patchWidth + plain.film!.patchWidth / 2;
  const mouth = (data: PresenterData, offset: number): number => data.film!.bank[3 * bytes + offset]!;
  t.ok(Math.abs(mouth(lit, middle) - mouth(plain, middle)) <= 2, 'a mouth in the middle keeps its brightness');
  const tinted = plain.film!.patchWidth * plain.film!.patchHeight + Math.floor(middle / 4);
  t.equal(mouth(lit, tinted) - mouth(plain, tinted), -3, 'and takes the tint');

  const opaque = await writePack(join(root, 'opaque'));
  const own = await loadPack(opaque, cache);
  t.equal((await loadPack(opaque, cache, undefined, light)).digest, own.digest, 'its own background, its own light');
});

t.test('reads the light of a room from the picture that fills its canvas', async (t) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><defs><linearGradient id="g"><stop stop-color="#ffe0b0"/><stop offset="1" stop-color="#605030"/></linearGradient></defs><rect width="320" height="240" fill="url(#g)"/></svg>`;
  const dir = t.testdir({ 'wall.svg': svg });
  const room = roomOf(dir, {});
  const { width, height } = room.video;
  const wallLayer = { id: 'wall', type: 'image', src: 'wall.svg', x: 0, y: 0, width, height, z: -10, fit: 'fill' };
  const compiler = compilerOf(roomOf(dir, { layers: [wallLayer] }));
  await compiler.open();
  const { side, u, v } = compiler.setLight!;
  t.ok(side > 0.05, `from the left: ${side}`);
  t.ok(u < 0 && v > 0, `warm: ${u}, ${v}`);
  const bare = compilerOf(room);
  await bare.open();
  t.equal(bare.setLight, undefined, 'a plain colour is no set');
});
