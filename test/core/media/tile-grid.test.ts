import t from 'tap';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';

t.test('property: rectangles of a map cover its tiles exactly once', async (t) => {
  const random = seededRandom(5);
  for (let round = 0; round < 200; round += 1) {
    const width = 2 + 2 * Math.floor(random() * 1000);
    const height = 2 + 2 * Math.floor(random() * 300);
    const grid = new TileGrid(width, height);
    const map = new Int32Array(grid.words * 2);
    const want = new Uint8Array(width * height);
    for (let i = Math.floor(random() * 6); i > 0; i -= 1) {
      const x = Math.floor(random() * width);
      const y = Math.floor(random() * height);
      const w = 1 + Math.floor(random() * (width - x));
      const h = 1 + Math.floor(random() * (height - y));
      grid.markRect(map, grid.words, x, y, w, h);
      const right = Math.min(width, (((x + w - 1) >> 5) + 1) * 32);
      const bottom = Math.min(height, (((y + h - 1) >> 5) + 1) * 32);
      for (let v = (y >> 5) * 32; v < bottom; v += 1) want.fill(1, v * width + (x >> 5) * 32, v * width + right);
      if (!grid.touches(map, grid.words, x, y, 1, 1)) t.fail('a marked rectangle is not touched');
    }
    const out = new RectList(512);
    grid.toRects(map, grid.words, out);
    const got = new Uint8Array(width * height);
    for (let i = 0; i < out.count; i += 1) {
      const [x = 0, y = 0, w = 0, h = 0] = out.items.subarray(i * 4, i * 4 + 4);
      for (let v = y; v < y + h; v += 1) for (let u = x; u < x + w; u += 1) got[v * width + u]! += 1;
    }
    if (Buffer.compare(got, want) !== 0) t.fail(`round ${round}: ${width}×${height}`);
    const groups = new RectList(512);
    grid.groups(map, grid.words, 0, groups);
    if (!covers(groups, out)) t.fail(`round ${round}: groups`);
    if (!map.subarray(0, grid.words).every((v) => v === 0)) t.fail('the neighbouring map was written');
  }
  t.pass('200 maps');
});

t.test('tiles that touch are one group, at a corner too', async (t) => {
  const grid = new TileGrid(640, 320);
  const map = new Int32Array(grid.words);
  grid.markRect(map, 0, 64, 64, 32, 32);
  grid.markRect(map, 0, 96, 96, 64, 32);
  grid.markRect(map, 0, 608, 288, 32, 32);
  const out = new RectList(8);
  grid.groups(map, 0, 20, out);
  t.strictSame([...out.items.subarray(0, out.count * 4)], [44, 44, 136, 104, 588, 268, 52, 52]);
});

t.test('a list that is too short still covers the map', async (t) => {
  const grid = new TileGrid(640, 640);
  const map = new Int32Array(grid.words);
  for (let i = 0; i < 20; i += 2) for (let j = 0; j < 20; j += 2) grid.markRect(map, 0, i * 32, j * 32, 1, 1);
  const out = new RectList(4);
  grid.toRects(map, 0, out);
  for (let i = 0; i < 20; i += 2) {
    for (let j = 0; j < 20; j += 2) {
      const inside = Array.from({ length: out.count }, (_, r) => out.items.subarray(r * 4, r * 4 + 4)).some(
        ([x = 0, y = 0, w = 0, h = 0]) => i * 32 >= x && j * 32 >= y && i * 32 + 32 <= x + w && j * 32 + 32 <= y + h,
      );
      if (!inside) t.fail(`tile ${i}, ${j}`);
    }
  }
  t.equal(out.count, 4);
});

/** Whether each rectangle of `list` lies in one of `boxes`. */
function covers(boxes: RectList, list: RectList): boolean {
  const rects = ({ items, count }: RectList): number[][] =>
    Array.from({ length: count }, (_, i) => [...items.subarray(i * 4, i * 4 + 4)]);
  const inside = ([x = 0, y = 0, w = 0, h = 0]: number[], [bx = 0, by = 0, bw = 0, bh = 0]: number[]): boolean =>
    x >= bx && y >= by && x + w <= bx + bw && y + h <= by + bh;
  return rects(list).every((rect) => rects(boxes).some((box) => inside(rect, box)));
}
