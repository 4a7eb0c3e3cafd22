import t from 'tap';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { silentLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { coverShare, faceOf } from '../../../src/check/layout/layout-findings.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import type { LaidOut } from '../../../src/scene/lay-out.js';

/** A layer of one picture with the same alpha in all pixels. */
function layerOf(x: number, y: number, width: number, height: number, alpha: number): LaidOut {
  const rgba = new Uint8Array(width * height * 4).fill(alpha);
  return { pictures: [{ raster: { rgba, width, height }, x, y }] } as unknown as LaidOut;
}

const FACE = { x: 100, y: 100, width: 20, height: 10 };

t.test('counts the share of a face under a layer’s opaque pixels, along its motion', async (t) => {
  const left = layerOf(90, 90, 20, 40, 255);
  t.equal(coverShare(left, FACE, 0, 0), 0.5, 'its left half');
  t.equal(coverShare(left, FACE, 15, 0), 0.75, 'moved to the right by 15 px');
  t.equal(coverShare(left, FACE, -10, 0), 0, 'clear of it');
  t.equal(coverShare(layerOf(0, 0, 300, 300, 60), FACE, 0, 0), 0, 'translucent pixels hide nothing');
});

t.test('counts overlapping pictures of one layer once', async (t) => {
  const one = layerOf(100, 100, 10, 10, 255);
  t.equal(coverShare({ ...one, pictures: [...one.pictures, ...one.pictures] }, FACE, 0, 0), 0.5);
});

t.test('places the face at eyes, brows and mouth, inside the head', async (t) => {
  const box = { x: 0, y: 200, width: 720, height: 1080 };
  const presenter = await loadPresenter(templatePath('presenters', 'mei'), {
    box,
    kernels: loadKernels(),
    log: silentLog,
  });
  const face = faceOf(presenter)!;
  t.ok(face.x > 0 && face.x + face.width < 720, 'between the sides');
  t.ok(face.y > 200 && face.y + face.height < 200 + 1080 / 2, 'in the upper half');
  t.ok(face.width > 60 && face.width < 360, `${face.width} px wide`);
});
