import t from 'tap';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { BitmapTable, DrawList, i420Size, RectList } from '../../src/core/media/picture.js';
import { VISEMES } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { gapsOf } from '../../src/filming/face/track-face.js';
import type { Rgb } from '../../src/filming/footage/open-footage.js';
import { FaceNets, findFaces, meshIn } from '../../src/filming/nets/find-face.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const [width, height] = [360, 400];
const kernels = loadKernels();
const box = { x: -60, y: 0, width: 480, height: 600 };
const data = await loadPresenter(templatePath('presenters', 'amara'), {
  box,
  kernels,
  log: silentLog,
  cacheDir: t.testdir(),
});
const nets = await FaceNets.load();

/** The drawn presenter with a mouth held. */
function drawn(viseme: 'sil' | 'aa', openness: number): Rgb {
  const runtime = new PresenterRuntime(data, { num: 30, den: 1 }, 5);
  const table = new BitmapTable();
  const list = new DrawList();
  const whole = new RectList(1);
  whole.push(0, 0, width, height);
  runtime.registerBitmaps(table);
  const wall = new Uint8Array(width * height * 4).fill(170);
  for (let i = 3; i < wall.length; i += 4) wall[i] = 255;
  table.set(1_000_000, kernels.rgbaToYuva(wall, width, height, 0, 0));
  list.push(1_000_000, 0, 0, 256, 0, 0, width, height);
  const frames = 40;
  runtime.speak(frameIndex(0), {
    viseme: new Uint8Array(frames).fill(VISEMES.indexOf(viseme)),
    openness: new Uint8Array(frames).fill(openness),
  });
  runtime.paint(frameIndex(20), list);
  const canvas = new Uint8Array(i420Size(width, height));
  kernels.compose(canvas, width, height, whole, list, table);
  const rgba = new Uint8Array(width * height * 4);
  kernels.i420ToRgba(canvas, width, height, rgba);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i += 1) rgb.set(rgba.subarray(i * 4, i * 4 + 3), i * 3);
  return { data: rgb, width, height };
}

t.test('finds one face and sees whether its lips are open', async (t) => {
  const gaps: number[] = [];
  for (const [viseme, openness] of [
    ['sil', 0],
    ['aa', 235],
  ] as const) {
    const picture = drawn(viseme, openness);
    const faces = await findFaces(picture, nets);
    t.equal(faces.length, 1);
    const coarse = await meshIn(picture, faces[0]!.square, nets);
    const { mesh } = await meshIn(picture, coarse.next, nets);
    t.ok(mesh.score > 0.8);
    gaps.push(gapsOf([mesh.points])[0]!);
  }
  t.ok(gaps[0]! < 0.04 && gaps[1]! > 0.06, gaps.join(', '));
});

t.test('finds no face on a plain wall', async (t) => {
  const wall = { data: new Uint8Array(width * height * 3).fill(150), width, height };
  t.same(await findFaces(wall, nets), []);
});

t.test('says which pixels are a person', async (t) => {
  const side = 256;
  const person = await nets.person(new Float32Array(3 * side * side).fill(0.5));
  t.equal(person.length, side * side);
  t.ok(person.every((v) => v >= 0 && v <= 1));
});
