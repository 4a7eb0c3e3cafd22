import t from 'tap';
import type { Layer } from '../../../src/config/sections/layer.js';
import { frameIndex } from '../../../src/core/time.js';
import { LineLayers } from '../../../src/show/placing/line-layers.js';

const layer = (id: string): Layer => ({ id }) as Layer;

/** Layers on a stage that records their frames. */
function stageOf() {
  const shown: [string, number][] = [];
  const hidden: [string, number][] = [];
  const layers = new LineLayers({
    rate: { num: 30, den: 1 },
    stage: {
      show: async ({ id }, atFrame) => void shown.push([id, atFrame]),
      hide: (id, atFrame) => void hidden.push([id, atFrame]),
    },
    onFault: () => undefined,
  });
  const begin = (line: string, list: Parameters<LineLayers['begin']>[1], from: number, to: number): void =>
    layers.begin(line, list, frameIndex(from), frameIndex(to));
  const until = (end: number): void => {
    for (let n = 0; n < end; n += 1) layers.update(frameIndex(n));
  };
  return { begin, until, shown, hidden };
}

const question = { layer: layer('question'), tailMs: 2000, givesWay: true };

t.test('keeps a question for a moment after its answer', async (t) => {
  const { begin, until, hidden } = stageOf();
  begin('answer', [question], 0, 90);
  begin('plain', [], 95, 200);
  until(200);
  t.same(hidden, [['question', 150]]);
});

t.test('ends the moment where the next line shows a layer of its own', async (t) => {
  const { begin, until, shown, hidden } = stageOf();
  begin('answer', [question], 0, 90);
  begin('script', [{ layer: layer('ladder') }], 100, 200);
  until(201);
  t.same(shown, [
    ['question', 0],
    ['ladder', 100],
  ]);
  t.same(hidden, [
    ['question', 100],
    ['ladder', 200],
  ]);
});

t.test('shows a question to the end of its answer, and a layer of a rule as long as the rule says', async (t) => {
  const { begin, until, hidden } = stageOf();
  begin('answer', [question, { layer: layer('sizes'), tailMs: 3000 }], 0, 90);
  begin('cut in', [{ layer: layer('ladder') }], 80, 200);
  until(201);
  t.same(hidden, [
    ['question', 90],
    ['sizes', 180],
    ['ladder', 200],
  ]);
});
