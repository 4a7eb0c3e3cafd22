import t from 'tap';
import { chooseLoop } from '../../src/filming/film-presenter.js';
import {
  blendReferences,
  chooseReferences,
  judgeFrames,
  lipsMove,
  longestRun,
} from '../../src/filming/face/choose-references.js';
import type { FaceFrame } from '../../src/filming/face/track-face.js';
import { SPACE } from './pictures.js';

const points = (x = 300): Float32Array =>
  Float32Array.from({ length: 468 * 3 }, (_, i) => (i % 3 === 0 ? x : i % 3 === 1 ? 300 : 0));
const good: FaceFrame = { points: points(), score: 0.99, yaw: 2, pitch: 5, sharpness: 12, tint: [40, 20] };
const film = (changes: Readonly<Record<number, Partial<FaceFrame>>>, length = 60): FaceFrame[] =>
  Array.from({ length }, (_, i) => ({ ...good, ...changes[i] }));

t.test('says why a frame is left out', async (t) => {
  const frames = film({
    3: { points: undefined },
    5: { yaw: 24 },
    7: { sharpness: 4 },
    9: { score: 0.6 },
    11: { tint: [4, 2] },
    13: { points: points(-3) },
  });
  const why = judgeFrames(frames, 720, 1080);
  t.same(
    [3, 5, 7, 9, 11, 13].map((i) => why[i]),
    ['no-face', 'turned', 'blurred', 'covered', 'covered', 'cut-off'],
  );
  t.equal(why[20], undefined);
  t.same(longestRun(why), [14, 60]);
  t.same(longestRun([]), [0, 0]);
});

t.test('ends the loop where the head rests, and leaves gestures out', async (t) => {
  const moving = Array.from({ length: 120 }, (_, n) => points(300 + 20 * Math.sin((n - 10) / 12)));
  const loop = chooseLoop(moving, [0, 120], SPACE, [], (f) => (f * 1000) / 30);
  const speed = (n: number): number => Math.abs(Math.cos((n - 10) / 12));
  t.ok(speed(loop[0]) < 0.35 && speed(loop[1] - 1) < 0.35, `${loop}`);
  const beside = chooseLoop(moving, [0, 120], SPACE, [[2000, 3000]], (f) => (f * 1000) / 30);
  t.ok(beside[1] <= 58, `${beside}`);
});

t.test('takes closed mouths of all turns as references and fades between them', async (t) => {
  const frames = film({}, 90).map((f, i) => ({ ...f, yaw: i < 45 ? -6 : 6 }));
  const gaps = frames.map((_, i) => (i % 9 === 0 ? 0.01 : 0.09));
  const chosen = chooseReferences(
    frames,
    gaps,
    frames.map(() => 0.5),
    frames.map(() => true),
  );
  t.equal(chosen.length, 2);
  for (const c of chosen) t.equal(c % 9, 0);
  const blends = blendReferences(frames, chosen);
  t.equal(blends.length, 270);
  t.not(blends[0], blends[89 * 3]);
  t.ok(blends[44 * 3 + 2]! > 60 && blends[20 * 3 + 2] === 0);
  t.ok(lipsMove(gaps));
  t.notOk(lipsMove(gaps.map(() => 0.02)));
});
