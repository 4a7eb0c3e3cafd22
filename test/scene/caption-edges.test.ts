import t, { type Test } from 'tap';
import { compilerOf, roomOf, Stage } from './scene-kit.js';

const LINE = 'How many do you have to take? It is';
const WIDE_PX = 760;

/** First and last column with ink of the first line, with the layer's left edge at 0. */
async function ink(t: Test, widthPx: number, padding = 0): Promise<{ from: number; to: number; lines: number }> {
  const layer = { id: 'c', type: 'caption', size: 32, weight: 'bold', width: widthPx, x: 20, y: 100, padding };
  const room = roomOf(t.testdir({}), {
    width: 800,
    height: 400,
    background: '#000000',
    layers: [{ ...layer, anchor: 'top-left', align: 'left', fill: '#00000000', colour: '#ffffff', maxLines: 3 }],
  });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  const words = [...LINE.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    startChar: index,
    endChar: index + word.length,
    frame: 60,
  }));
  stage.runtime.apply(await scene.caption({ text: LINE, language: 'en', startFrame: 0, endFrame: 90, words }));
  stage.draw(1);
  const pixels = stage.rgba();
  const lit = (x: number, y: number): boolean => pixels[(y * 800 + x) * 4]! > 60;
  let [from, to, bottom] = [800, 0, 0];
  for (let y = 90; y < 300; y += 1) {
    for (let x = 0; x < 800; x += 1) {
      if (!lit(x, y)) continue;
      bottom = y;
      if (y < 146 + padding) [from, to] = [Math.min(from, x), Math.max(to, x)];
    }
  }
  return { from: from - 20 - padding, to: to - 20 - padding, lines: bottom < 146 + padding ? 1 : 2 };
}

t.test('cuts no letter of a caption that fills its width without padding', async (t) => {
  const free = await ink(t, WIDE_PX, 40);
  t.equal(free.lines, 1);
  let narrowest = WIDE_PX;
  for (let width = free.to + 20; width >= free.to - 10; width -= 3) {
    const tight = await ink(t, width);
    if (tight.lines > 1) break;
    narrowest = width;
    t.equal(tight.to, free.to, `${width} px wide`);
    t.ok(tight.to < width, `inside ${width} px`);
  }
  t.ok(narrowest < free.to + 20, 'a width was tried that the line fills');
});
