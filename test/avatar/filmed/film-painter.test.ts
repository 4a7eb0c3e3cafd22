import { join } from 'node:path';
import t from 'tap';
import { FilmReader } from '../../../src/avatar/filmed/film-data.js';
import { FilmRing } from '../../../src/avatar/filmed/film-ring.js';
import type { PresenterData } from '../../../src/avatar/presenter-data.js';
import { PresenterRuntime } from '../../../src/avatar/presenter-runtime.js';
import { BitmapTable, DRAW, DRAW_STRIDE, DrawList, i420Size, RectList } from '../../../src/core/media/picture.js';
import { VISEMES, type MouthTrack } from '../../../src/core/speech.js';
import { frameIndex } from '../../../src/core/time.js';
import { BOX, HEIGHT, kernels, loadPack, WIDTH, writePack } from './film-rig.js';

const root = t.testdir();
const cache = join(root, 'cache');
const dir = await writePack(join(root, 'pack'));
const rate = { num: 30, den: 1 };
const canvas = { width: 140, height: 160 };

const steady = (viseme: string, frames: number, openness: number): MouthTrack => ({
  viseme: new Uint8Array(frames).fill(VISEMES.indexOf(viseme as 'aa')),
  openness: new Uint8Array(frames).fill(openness),
});

class Stage {
  readonly list = new DrawList();
  readonly runtime: PresenterRuntime;
  private readonly table = new BitmapTable();
  private readonly picture = new Uint8Array(i420Size(canvas.width, canvas.height));
  private readonly whole = new RectList(1);

  constructor(
    readonly data: PresenterData,
    seed = 3,
  ) {
    this.whole.push(0, 0, canvas.width, canvas.height);
    this.runtime = new PresenterRuntime(data, rate, seed, 0, { kernels, open: (film) => new FilmReader(film) });
    this.runtime.registerBitmaps(this.table);
  }
  at(n: number): Uint8Array {
    this.list.clear();
    this.runtime.paint(frameIndex(n), this.list);
    kernels.compose(this.picture, canvas.width, canvas.height, this.whole, this.list, this.table);
    return Uint8Array.from(this.picture);
  }
  /** Luma of the film beside the mouth. */
  film(n: number): number {
    return this.at(n)[(BOX.y + HEIGHT - 8) * canvas.width + BOX.x + 8]!;
  }
  /** Luma in the middle of the mouth. */
  mouth(n: number): number {
    return this.at(n)[(BOX.y + 48) * canvas.width + BOX.x + 50]!;
  }
}
const stage = async (seed?: number): Promise<Stage> => new Stage(await loadPack(dir, cache), seed);
const luma = (grey: number): number => 16 + (grey * 219) / 255;

t.test('plays the film to and fro without a jump', async (t) => {
  const one = await stage();
  const seen = Array.from({ length: 150 }, (_, n) => one.film(n));
  for (let n = 1; n < seen.length; n += 1) t.ok(Math.abs(seen[n]! - seen[n - 1]!) <= 6, `frame ${n}`);
  t.ok(Math.max(...seen) - Math.min(...seen) > 80, 'the whole loop is seen');
  t.same(seen.slice(0, 60), seen.slice(58, 118), 'it repeats after a round');
});

t.test('gives the same frames for the same seed and schedule', async (t) => {
  const frames = async (): Promise<string[]> => {
    const one = await stage(9);
    one.runtime.speak(frameIndex(10), steady('aa', 40, 200));
    one.runtime.gesture(frameIndex(30), 'wave');
    return Array.from({ length: 80 }, (_, n) => Buffer.from(one.at(n)).toString('base64'));
  };
  t.same(await frames(), await frames());
});

t.test('shows its own mouth in silence, open ones in vowels and met lips at once', async (t) => {
  const one = await stage();
  const track = steady('aa', 40, 235);
  track.viseme.fill(VISEMES.indexOf('PP'), 20, 22);
  track.openness.fill(0, 20, 22);
  one.runtime.speak(frameIndex(30), track);
  for (let n = 0; n < 20; n += 1) t.equal(one.mouth(n), one.film(n), 'silence');
  for (let n = 20; n < 45; n += 1) one.at(n);
  t.ok(Math.abs(one.mouth(45) - luma(150)) <= 2, 'wide open');
  for (let n = 46; n < 50; n += 1) one.at(n);
  t.ok(Math.abs(one.mouth(50) - luma(70)) <= 2, 'met, without a trace of the open one');
  t.ok(Math.abs(one.mouth(51) - luma(70)) <= 2);
});

t.test('fades a gesture in and out and leaves unknown ones out', async (t) => {
  const one = await stage();
  one.runtime.gesture(frameIndex(5), 'wave');
  one.runtime.gesture(frameIndex(5), 'think');
  const counts: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    one.at(n);
    counts.push(one.list.count);
  }
  t.ok(counts.includes(2), 'two frames of the film in a fade');
  t.equal(counts.at(-1), 1);
  const last = one.list.items[DRAW.opacity];
  t.equal(last, 256);
});

t.test('keeps the last frame while the next one is missing, and counts it', async (t) => {
  const data = await loadPack(dir, cache);
  const runtime = new PresenterRuntime(data, rate, 3, 0, { kernels });
  const list = new DrawList();
  const shown = (n: number): number => {
    list.clear();
    runtime.paint(frameIndex(n), list);
    return list.items[DRAW.bitmap]!;
  };
  t.equal(shown(0), data.sprites[data.film!.still]!.id, 'before anything was read: the first frame');
  const reader = new FilmReader(data.film!);
  while (reader.step());
  const first = shown(1);
  t.not(first, data.sprites[data.film!.still]!.id);
  for (let n = 2; n < 20; n += 1) shown(n);
  t.ok(new FilmRing(data.film!.control).lateFrames > 0);
  reader.close();
});

t.test('never reads into a slot that is shown', async (t) => {
  const data = await loadPack(dir, cache);
  const ring = new FilmRing(data.film!.control);
  const reader = new FilmReader(data.film!);
  while (reader.step());
  const slot = ring.show(0, data.film!.loopFrom);
  t.ok(slot >= 0);
  for (let frame = 20; frame < 35; frame += 1) {
    for (let i = 0; i < 8; i += 1) ring.want(i, frame + i > 39 ? -1 : frame + i);
    while (reader.step());
    t.equal(ring.show(0, data.film!.loopFrom), slot);
  }
  reader.close();
});

t.test('hands over to another presenter and ends its ring', async (t) => {
  const one = await stage();
  const next = await loadPack(dir, cache);
  one.at(0);
  one.runtime.replace(next, frameIndex(5));
  one.runtime.speak(frameIndex(8), steady('aa', 10, 235));
  t.notOk(new FilmRing(one.data.film!.control).gone);
  for (let n = 1; n < 5; n += 1) one.at(n);
  const list = new DrawList();
  one.runtime.paint(frameIndex(5), list);
  t.ok(new FilmRing(one.data.film!.control).gone);
  const ids = new Set(next.sprites.map((s) => s.id));
  for (let i = 0; i < list.count; i += 1) t.ok(ids.has(list.items[i * DRAW_STRIDE]!));
  t.equal(WIDTH % 2, 0);
});
