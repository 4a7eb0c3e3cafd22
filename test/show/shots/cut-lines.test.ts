import t from 'tap';
import { showRig } from '../show-rig.js';
import { templateRoom } from '../../kit/on-air.js';

const SHOTS = { hero: {}, 'close-up': {} };
const product = {
  id: 'pot',
  title: 'Cooking pot',
  image: 'pot.webp',
  price: { amount: 12.8, currency: 'USD' },
  attributes: [{ name: 'Coating', value: 'ceramic' }],
};
const plain = templateRoom('minimal') as { layers: { id: string; type: string }[] };
const room = {
  products: [product],
  layers: plain.layers.map((layer) => (layer.type === 'label' ? layer : { ...layer, shots: SHOTS })),
};
const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

t.test('a cut comes with its line, is recorded, and is taken back with the line', async (t) => {
  const script = { segments: [{ product: 'pot', lines: [{ text: words(130) }, { text: 'It is ceramic.' }] }] };
  const rig = showRig(t, [], { room, script });
  await rig.to(400);
  t.same(rig.shotCuts, ['close-up 420']);
  t.match(
    rig.notes.find(({ action }) => action === 'cut'),
    {
      kind: 'room',
      frame: 420,
      detail: { shot: 'close-up', reason: 'attribute', line: 's0.0.1' },
    },
  );
  t.equal(rig.runner.shotAt(rig.frame() as never).shot, 'hero');
  await rig.command(rig.runner.pause());
  t.equal(rig.shotCuts.at(-1), 'none from 420');
  t.ok(rig.notes.some(({ action }) => action === 'cut-withdrawn'));
  t.equal(rig.runner.shotAt(1000 as never).shot, 'hero');
});
