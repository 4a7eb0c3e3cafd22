import t from 'tap';
import { layer } from '../../../src/config/sections/layer.js';
import { questionLayer } from '../../../src/viewers/replies/question-layer.js';

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

t.test('shows it at the top of the picture in other rooms, cut to a readable length', (t) => {
  const shown = questionLayer('ä'.repeat(200), undefined, [panel()]);
  t.match(shown, { anchor: 'top', y: '9%', user: '' });
  t.equal([...(shown as { text: string }).text].length, 140);
  t.end();
});
