import t from 'tap';
import { parseRoom } from '../../src/config/load-room.js';
import { isEngineError } from '../../src/core/errors.js';
import { lineVoice } from '../../src/show/line-voice.js';
import { templateRoom } from '../kit/on-air.js';

const presenter = templateRoom('minimal')['layers'][0];
const ladder = { id: 'ladder', type: 'text', text: 'From 100 pieces', shown: 'on-cue' };
const parse = (layers: object[], lines: object[], more: object = {}) =>
  parseRoom(
    JSON.stringify({ ...templateRoom('minimal'), layers, script: { segments: [{ lines }] }, ...more }),
    '/room.json',
  );
const faults = (run: () => unknown): { where: string; expected: string }[] => {
  try {
    run();
  } catch (error) {
    if (isEngineError(error)) return error.details['faults'] as { where: string; expected: string }[];
  }
  return [];
};

t.test('accepts lines that show layers on cue', async (t) => {
  const room = parse(
    [presenter, ladder],
    [
      { text: 'Hello.', show: ['ladder'] },
      { id: 'a', text: 'Bye.' },
    ],
  );
  t.same(room.script.segments[0]!.lines[0]!.show, ['ladder']);
});

t.test(
  'refuses unknown cues, cues of layers that are always shown, repeated ids, and a presenter on cue',
  async (t) => {
    const found = faults(() =>
      parse(
        [
          { ...presenter, shown: 'on-cue' },
          { ...ladder, shown: 'always' },
        ],
        [
          { id: 'a', text: 'Hello.', show: ['ladder', 'nothing'] },
          { id: 'a', text: 'Bye.' },
        ],
      ),
    );
    t.same(found.map(({ where }) => where).toSorted(), [
      'layers[0].shown',
      'script.segments[0].lines[0].show[0]',
      'script.segments[0].lines[0].show[1]',
      'script.segments[0].lines[1].id',
    ]);
  },
);

t.test('gives the assistant a voice of its own, and its lines to the host without one', async (t) => {
  const own = { en: { name: 'heart', rate: 1, pitch: 1 } };
  const alone = parse([presenter], [{ text: 'Hello.' }]);
  t.match(lineVoice(alone, own, undefined, 'assistant'), { voice: 'heart' });
  const two = parse([presenter], [{ text: 'Hello.' }], { assistant: { voice: { name: 'heart-hugo', pitch: 1.1 } } });
  t.match(lineVoice(two, own, undefined, 'assistant'), { voice: 'heart-hugo', pitch: 1.1 });
  t.match(lineVoice(two, own, undefined, 'host'), { voice: 'heart' });
  t.equal(lineVoice(two, own, 'fr', 'assistant').voice, undefined, 'the best voice for another language');
});
