import t from 'tap';
import { BitmapTable, DrawList, i420Size, RectList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { DamageTracker } from '../../src/scene/runtime/damage.js';
import { kernels } from './scene-kit.js';

const W = 160;
const H = 120;

t.test('composes the damage only with the result of a full composition, over random changes', async (t) => {
  const random = seededRandom(7);
  const int = (n: number): number => Math.floor(random() * n);
  const table = new BitmapTable();
  for (let id = 1; id <= 12; id += 1) {
    const w = 2 + int(60);
    const h = 2 + int(50);
    const rgba = Uint8Array.from({ length: w * h * 4 }, () => int(256));
    table.set(id, kernels.rgbaToYuva(rgba, w, h, 0, 0));
  }
  const back = new Uint8Array(W * H * 4).fill(255);
  table.set(99, kernels.rgbaToYuva(back, W, H, 0, 0));
  const tracker = new DamageTracker(W, H, 64);
  const standing = new Uint8Array(i420Size(W, H));
  const all = new RectList(1);
  all.push(0, 0, W, H);
  let items: number[][] = [];
  const item = (): number[] => [
    1 + int(12),
    (int(W + 40) - 30) & ~1,
    (int(H + 40) - 30) & ~1,
    int(257),
    int(20) * 2,
    int(20) * 2,
    2 + int(60) * 2,
    2 + int(50) * 2,
  ];
  for (let frame = 0; frame < 400; frame += 1) {
    items = items.filter(() => random() > 0.1);
    if (items.length < 14 && random() < 0.6) items.splice(int(items.length + 1), 0, item());
    if (items.length > 1 && random() < 0.3) items[int(items.length)]![1] = (int(W) - 10) & ~1;
    if (items.length > 1 && random() < 0.1) items.reverse();
    const list = new DrawList(64);
    list.push(99, 0, 0, 256, 0, 0, W, H);
    for (const i of items) list.push(i[0]!, i[1]!, i[2]!, i[3]!, i[4]!, i[5]!, i[6]!, i[7]!);
    tracker.advance(list, table);
    const damage = new RectList(1 + int(32));
    tracker.damage(damage);
    kernels.compose(standing, W, H, damage, list, table);
    const whole = new Uint8Array(standing.length);
    kernels.compose(whole, W, H, all, list, table);
    if (kernels.countDifferences(standing, whole) > 0) {
      t.fail(`frame ${frame} differs`);
      return;
    }
    for (let i = 0; i < damage.count * 4; i += 1) if ((damage.items[i]! & 1) === 1) t.fail('an odd edge');
  }
  t.pass('400 frames');
});

t.test('damages the whole first frame and nothing of an equal one', async (t) => {
  const table = new BitmapTable();
  table.set(1, kernels.rgbaToYuva(new Uint8Array(16 * 16 * 4).fill(200), 16, 16, 0, 0));
  const tracker = new DamageTracker(W, H, 8);
  const list = new DrawList(8);
  list.push(1, 10, 10, 256, 0, 0, W, H);
  const out = new RectList();
  tracker.advance(list, table);
  tracker.damage(out);
  t.same([...out.items.subarray(0, 4 * out.count)], [0, 0, W, H]);
  tracker.advance(list, table);
  tracker.damage(out);
  t.equal(out.count, 0);
});

t.test("keeps two distant changes separate and covers a moved item's old and new position", async (t) => {
  const table = new BitmapTable();
  table.set(1, kernels.rgbaToYuva(new Uint8Array(16 * 16 * 4).fill(200), 16, 16, 0, 0));
  const tracker = new DamageTracker(W, H, 8);
  const out = new RectList();
  const draw = (ax: number, bx: number): void => {
    const list = new DrawList(8);
    list.push(1, ax, 0, 256, 0, 0, W, H);
    list.push(1, bx, 100, 256, 0, 0, W, H);
    tracker.advance(list, table);
    tracker.damage(out);
  };
  draw(0, 140);
  draw(4, 136);
  t.same(
    [...out.items.subarray(0, 8)].sort((a, b) => a - b),
    [0, 0, 0 + 16, 16, 20, 20, 100, 136].sort((a, b) => a - b),
    'each joined with its own old place only',
  );
  draw(4, 136);
  t.equal(out.count, 0);
});

t.test('tells the damage of drawn presenters from that of all else', async (t) => {
  const table = new BitmapTable();
  for (const id of [1, 2]) table.set(id, kernels.rgbaToYuva(new Uint8Array(20 * 20 * 4).fill(255), 20, 20, 0, 0));
  const tracker = new DamageTracker(W, H, 8);
  const drawn = Uint8Array.of(1, 0);
  const moved = new RectList();
  const frame = (presenterX: number, stickerX: number): number[][] => {
    const list = new DrawList(8);
    list.push(1, presenterX, 0, 256, 0, 0, W, H);
    list.push(2, stickerX, 60, 256, 0, 0, W, H);
    tracker.advance(list, table, drawn);
    tracker.movedBy(moved);
    return Array.from({ length: moved.count }, (_, i) => [...moved.items.subarray(i * 4, i * 4 + 4)]);
  };
  t.same(frame(0, 0), [[0, 0, W, H]], 'the first frame is new for all');
  t.same(frame(4, 0), [], 'the presenter moved');
  const both = frame(8, 30);
  t.same(
    both.sort((a, b) => a[0]! - b[0]!),
    [
      [0, 60, 20, 20],
      [30, 60, 20, 20],
    ],
  );
});
