import t from 'tap';
import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { compilerOf, roomOf, Stage } from '../scene-kit.js';

const TICKER = {
  id: 'strip',
  type: 'ticker',
  items: ['Samples on request'],
  y: 96,
  width: 320,
  height: 32,
  size: 16,
  radius: 0,
};

/** The settled areas of frame n of a room with these layers. */
async function settledAt(t: Tap, layers: readonly object[], n: number): Promise<number[][]> {
  const room = roomOf(t.testdir(), { layers: [...layers] });
  const stage = new Stage(room);
  stage.runtime.apply(await compilerOf(room).open());
  for (let i = n - 1; i <= n; i += 1) stage.draw(i);
  const out = new RectList(8);
  stage.runtime.settled(stage.list, out);
  return Array.from({ length: out.count }, (_, i) => [...out.items.subarray(i * 4, i * 4 + 4)]);
}
type Tap = { testdir(): string };

const STRIP = [0, 96, 320, 32];

t.test('an opaque ticker with nothing over it is settled after its first second', async (t) => {
  const layers = [{ ...TICKER, fill: '#102030' }];
  t.strictSame(await settledAt(t, layers, 29), []);
  t.strictSame(await settledAt(t, layers, 30), [STRIP]);
});

t.test('translucent and covered areas are not settled', async (t) => {
  const opaque = { ...TICKER, fill: '#102030' };
  const over = { id: 'over', type: 'shape', fill: '#ff0000', x: 40, y: 110, width: 20, height: 60, z: 90 };
  t.strictSame(await settledAt(t, [{ ...TICKER, fill: '#102030e6' }], 60), [], 'a translucent strip');
  t.strictSame(await settledAt(t, [{ ...opaque, opacity: 0.9 }], 60), [], 'a translucent layer');
  t.strictSame(await settledAt(t, [{ ...opaque, radius: 12 }], 60), [], 'round corners');
  t.strictSame(await settledAt(t, [opaque, over], 60), [], 'a layer over a part of it');
  t.strictSame(await settledAt(t, [opaque, { ...over, opacity: 0.1 }], 60), [], 'however faint the one over it');
  t.strictSame(await settledAt(t, [opaque, { ...over, z: -1 }], 60), [STRIP], 'a layer below it changes nothing');
});

t.test('a strip that moves, a picture and words that come later are not settled', async (t) => {
  const fill = '#102030';
  const motion = { keyframes: [{ atMs: 0 }, { atMs: 5000, dx: 200 }] };
  const box = { x: 20, y: 20, width: 100, height: 40 };
  const bubble = { id: 'b', type: 'bubble', text: 'Hello', radius: 0, fill, ...box };
  t.strictSame(await settledAt(t, [{ ...TICKER, fill, motion }], 60), []);
  t.strictSame(await settledAt(t, [{ id: 's', type: 'shape', fill, motion, ...box }], 60), []);
  t.strictSame(await settledAt(t, [bubble], 60), []);
});

t.test('a layer on its way out is not settled', async (t) => {
  const leave = { type: 'fade', durationMs: 1000 };
  const room = roomOf(t.testdir(), { layers: [{ ...TICKER, fill: '#102030', leave }] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  const out = new RectList(8);
  const counts: number[] = [];
  for (let n = 38; n < 42; n += 1) {
    if (n === 40) stage.runtime.apply(scene.removeLayer('strip', frameIndex(40)));
    stage.draw(n);
    stage.runtime.settled(stage.list, out);
    counts.push(out.count);
  }
  t.strictSame(counts, [1, 1, 0, 0]);
});
