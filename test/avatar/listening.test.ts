import { join } from 'node:path';
import t from 'tap';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { DRAW_STRIDE, type DrawList } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import type { Mixer } from '../../src/audio/mixer.js';
import { takeShowCommand } from '../../src/loop/show-taker.js';
import type { SceneRuntime } from '../../src/scene/scene-runtime.js';
import { loadPack, writePack } from './filmed/film-rig.js';
import { frame, kernels, loader, rate, steady } from './presenter-rig.js';

const load = loader(t);
const mei = await load('mei');
const leo = await load('leo', { x: 300, y: 20, width: 240, height: 300 });
const EYES_DOWN = 4;

/** Whether any head of the presenter shows these eyes. */
const eyes = (data: typeof mei, items: readonly number[], which: number): boolean => {
  const wanted = new Set([...data.sway, ...data.nod].map((head) => data.sprites[head.eyes[which]!]!.id));
  return items.some((id, i) => i % DRAW_STRIDE === 0 && wanted.has(id));
};
const between = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

t.test('a comment on the picture is read and listened to by somebody who is silent', async (t) => {
  const plain = new PresenterRuntime(mei, rate, 7);
  const listening = new PresenterRuntime(mei, rate, 7);
  listening.listen(frameIndex(60), 78);
  let down = 0;
  let other = 0;
  for (const n of between(0, 200)) {
    const [a, b] = [frame(plain, n), frame(listening, n)];
    if (n < 60 || n > 140) t.same(b, a, `frame ${n} is as without a comment`);
    if (n >= 70 && n < 94 && eyes(mei, b, EYES_DOWN)) down += 1;
    if (n >= 60 && n < 138 && a.join() !== b.join()) other += 1;
  }
  t.ok(down > 12, `reads it: ${down} of 24 frames`);
  t.ok(other > 50, `listens: ${other} of 78 frames`);
});

t.test('whoever speaks goes on speaking to the viewers', async (t) => {
  const plain = new PresenterRuntime(mei, rate, 7);
  const speaking = new PresenterRuntime(mei, rate, 7);
  for (const one of [plain, speaking]) one.speak(frameIndex(20), steady('aa', 200));
  speaking.listen(frameIndex(90), 60);
  for (const n of between(0, 190)) t.same(frame(speaking, n), frame(plain, n), `frame ${n}`);
});

t.test('of two on stage, the silent one listens to a comment', async (t) => {
  const host = new PresenterRuntime(mei, rate, 7);
  const assistant = new PresenterRuntime(leo, rate, 8);
  const quiet = new PresenterRuntime(mei, rate, 7);
  const parts = { presenter: host, assistant, scene: {} as SceneRuntime, mixer: {} as Mixer };
  assistant.speak(frameIndex(20), steady('aa', 200));
  takeShowCommand({ type: 'listen', atFrame: frameIndex(60), frames: 60 }, parts);
  let down = 0;
  for (const n of between(0, 120)) {
    frame(assistant, n);
    frame(quiet, n);
    if (n >= 70 && n < 94 && eyes(mei, frame(host, n), EYES_DOWN)) down += 1;
  }
  t.ok(down > 12, `${down} of 24 frames`);
});

t.test('the listener looks at the speaker, also at a filmed one', async (t) => {
  const dir = t.testdir();
  const film = await loadPack(await writePack(join(dir, 'pack')), join(dir, 'cache'));
  const silent = (): PresenterRuntime => new PresenterRuntime(mei, rate, 7);
  for (const speaker of [new PresenterRuntime(leo, rate, 8), new PresenterRuntime(film, rate, 8, 0, { kernels })]) {
    const listener = silent();
    const alone = silent();
    listener.standBeside(speaker, 2);
    speaker.speak(frameIndex(20), steady('aa', 200));
    let turned = 0;
    for (const n of between(0, 200)) {
      speaker.paint(frameIndex(n), { push: () => undefined, items: [], count: 0 } as unknown as DrawList);
      const [a, b] = [frame(alone, n), frame(listener, n)];
      if (n > 40 && eyes(mei, b, 2) && a.join() !== b.join()) turned += 1;
    }
    t.ok(turned > 60, `looks there in ${turned} of 160 frames`);
    speaker.close();
  }
});
