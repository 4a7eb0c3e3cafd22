import t, { type Test } from 'tap';
import { compilerOf, roomOf, Stage } from './scene-kit.js';

/** Margin in pixels left and right of the letters of a caption in its box, as it is drawn. */
async function margins(t: Test, text: string, language: string): Promise<{ left: number; right: number }> {
  const room = roomOf(t.testdir({}), {
    width: 720,
    height: 400,
    layers: [
      {
        id: 'c',
        type: 'caption',
        size: 40,
        y: 200,
        x: 20,
        anchor: 'top-left',
        align: 'center',
        fill: '#0000ff',
        colour: '#ffffff',
      },
    ],
  });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.apply(structuredClone(await scene.open()));
  stage.runtime.apply(await scene.caption({ text, language, startFrame: 0, endFrame: 30, words: [] }));
  stage.draw(1);
  const pixels = stage.rgba();
  const box = { from: 720, to: 0 };
  const ink = { from: 720, to: 0 };
  for (let y = 180; y < 300; y += 1) {
    for (let x = 0; x < 720; x += 1) {
      const [red, , blue] = pixels.subarray((y * 720 + x) * 4, (y * 720 + x) * 4 + 3);
      if (blue! < 150) continue;
      box.from = Math.min(box.from, x);
      box.to = Math.max(box.to, x);
      if (red! < 120) continue;
      ink.from = Math.min(ink.from, x);
      ink.to = Math.max(ink.to, x);
    }
  }
  return { left: ink.from - box.from, right: box.to - ink.to };
}

t.test('centres a caption with and without full-width punctuation at its end', async (t) => {
  for (const text of [
    '欢迎来到我们的直播间',
    '欢迎来到我们的直播间！',
    '欢迎来到直播间。',
    '（新品）今天开卖',
    'Welcome to our show!',
  ]) {
    const { left, right } = await margins(t, text, text.startsWith('W') ? 'en' : 'zh');
    t.ok(left >= 8 && right >= 8, `${text}: ${left} and ${right}`);
    t.ok(Math.abs(left - right) <= 4, `${text}: ${left} and ${right}`);
  }
});
