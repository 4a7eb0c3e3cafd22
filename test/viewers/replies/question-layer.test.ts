import t from 'tap';
import { layer } from '../../../src/config/sections/layer.js';
import { LayoutMaker } from '../../../src/scene/lay-out.js';
import { questionLayer } from '../../../src/viewers/replies/question-layer.js';
import { draw, kernels, roomOf } from '../../scene/scene-kit.js';

const panel = (more: object = {}) =>
  layer.parse({
    id: 'asked',
    type: 'question',
    text: 'A question',
    x: 330,
    y: 460,
    width: 360,
    theme: 'dark',
    ...more,
  });

t.test("shows a question in the place of the room's own panel on cue", (t) => {
  const shown = questionLayer('How much?', 'Anna', [panel({ shown: 'on-cue' })]);
  t.match(shown, { id: 'viewer-question', type: 'question', text: 'How much?', user: 'Anna', x: 330, y: 460 });
  t.match(shown, { theme: 'dark' });
  t.notOk(shown.shown === 'on-cue', 'it is shown with its line, not by a cue');
  t.end();
});

t.test('shows it in the place of the panel of prices where a set has no place of its own for questions', (t) => {
  const place = { x: 16, y: 574, width: 280, height: 270, shown: 'on-cue', maxRows: 3, title: 'Of the panel' };
  const ladder = layer.parse({ id: 'prices', type: 'ladder', ...place });
  const shown = questionLayer('How much?', 'Anna', [panel(), ladder]);
  t.match(shown, { id: 'viewer-question', type: 'question', text: 'How much?', x: 16, y: 574, width: 280 });
  t.notOk(shown.shown === 'on-cue');
  t.equal((shown as { height?: number }).height, undefined, 'as high as its words');
  const table = layer.parse({ id: 'facts', type: 'attributes', ...place, names: ['Weight'] });
  t.match(questionLayer('How much?', 'Anna', [table]), { type: 'question', x: 16, y: 574 });
  t.end();
});

t.test('shows it at the top of the picture in other rooms, cut to a readable length', (t) => {
  const shown = questionLayer('ä'.repeat(200), undefined, [panel()]);
  t.match(shown, { anchor: 'top', user: '' });
  t.equal([...(shown as { text: string }).text].length, 140);
  t.end();
});

t.test('leaves the AI label of a room without its own uncovered', async (t) => {
  const text = 'A viewer asks for the price of 500 pieces of the insulated bottle with the bamboo lid.';
  for (const [width, height] of [
    [720, 1280],
    [1280, 720],
    [720, 720],
  ] as const) {
    const room = roomOf(t.testdir(), { width, height, layers: [questionLayer(text, 'Anna')] });
    const laid = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers(null);
    const [asked, label] = ['question', 'label'].map((type) => laid.find(({ layer: one }) => one.type === type)!.box);
    const apart =
      asked!.y >= label!.y + label!.height ||
      label!.y >= asked!.y + asked!.height ||
      asked!.x >= label!.x + label!.width ||
      label!.x >= asked!.x + asked!.width;
    t.ok(apart, `${width}×${height}: ${JSON.stringify({ asked, label })}`);
  }
});
