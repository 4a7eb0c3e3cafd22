import t from 'tap';
import { compilerOf, roomOf } from './scene-kit.js';

const TEXT = 'A soft travel pouch comes with each one next month.';

t.test('gives the last page of a caption a second at least', async (t) => {
  const layers = [{ id: 'c', type: 'caption', size: 40, width: 460, maxLines: 2, x: 20, y: 20 }];
  const room = roomOf(t.testdir({}), { width: 720, height: 1280, layers });
  const scene = compilerOf(room);
  await scene.open();
  // Three words a second, and a tail of 300 ms.
  const words = [...TEXT.matchAll(/\S+/g)].map(({ 0: word, index }, i) => ({
    startChar: index,
    endChar: index + word.length,
    frame: i * 10,
  }));
  const endFrame = words.length * 10 + 9;
  const { layers: pages } = await scene.caption({ text: TEXT, language: 'en', startFrame: 0, endFrame, words });
  t.equal(pages.length, 2);
  t.ok(endFrame - pages[1]!.startFrame >= 30, `${endFrame - pages[1]!.startFrame} frames`);

  // With time enough, lines are as wide as the caption may be.
  const slow = words.map((one, i) => ({ ...one, frame: i * 40 }));
  const calm = await scene.caption({ text: TEXT, language: 'en', startFrame: 0, endFrame: 420, words: slow });
  t.equal(calm.layers[1]!.startFrame, slow.at(-2)!.frame, 'two words are read in two seconds');
});
