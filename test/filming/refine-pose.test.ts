import t from 'tap';
import { poseTemplate, refinePose } from '../../src/filming/face/refine-pose.js';
import { after, inverse, mapX, mapY, similarity } from '../../src/filming/face/mouth-space.js';
import { facePicture, SPACE } from './pictures.js';

const base = facePicture();
const template = poseTemplate(base, SPACE.toTemplate, SPACE, true);

t.test('finds a shifted face to a twentieth of a pixel', async (t) => {
  for (const [dx, dy] of [
    [1.3, -0.8],
    [-2.2, 1.6],
    [0.25, 0.1],
  ] as const) {
    const moved = facePicture(160 + dx, 160 + dy);
    const pose = refinePose(moved, SPACE.toTemplate, template, SPACE);
    t.ok(Math.hypot(pose.tx - 160 - dx, pose.ty - 160 - dy) < 0.12, `${pose.tx - 160}, ${pose.ty - 160}`);
  }
});

t.test('keeps the points’ pose where the picture has nothing of the face', async (t) => {
  const grey = { data: new Uint8Array(320 * 320 * 3).fill(90), width: 320, height: 320 };
  t.same(refinePose(grey, SPACE.toTemplate, template, SPACE), SPACE.toTemplate);
});

t.test('similarity, its inverse and joining undo each other', async (t) => {
  const from = Float32Array.of(0, 0, 0, 10, 0, 0, 0, 20, 0);
  const to = Float32Array.of(5, 5, 0, 5, 25, 0, -35, 5, 0);
  const s = similarity(from, to, [0, 1, 2]);
  t.ok(Math.abs(mapX(s, 10, 0) - 5) < 1e-4 && Math.abs(mapY(s, 10, 0) - 25) < 1e-4);
  const none = after(inverse(s), s);
  t.ok(Math.abs(none.a - 1) + Math.abs(none.b) + Math.abs(none.tx) < 1e-6);
});
