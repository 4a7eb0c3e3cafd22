import t from 'tap';
import { newOrder } from '../../../src/room/commands/layer-commands.js';

const layers = (...zs: number[]) => zs.map((z, i) => ({ id: 'abcdefgh'[i]!, z, type: 'text' as const }));
/** The order that these heights give, stable as in a room. */
function orderOf(before: ReturnType<typeof layers>, heights: ReadonlyMap<string, number>): string {
  const at = (layer: { id: string; z: number }): number => heights.get(layer.id) ?? layer.z;
  return [...before]
    .sort((a, b) => at(a) - at(b))
    .map(({ id }) => id)
    .join('');
}

t.test('changes only the heights that an order needs', async (t) => {
  const room = layers(0, 10, 20, 30);
  const up = newOrder(room, ['b', 'a']);
  t.equal(orderOf(room, up), 'bacd');
  t.same([...up.keys()], ['a'], 'one layer goes above the other');
  t.equal(newOrder(room, ['b', 'c']).size, 0, 'they are in that order already');
});

t.test('keeps layers that are not named in their places', async (t) => {
  const room = layers(0, 0, 0, 5, 5);
  t.equal(orderOf(room, newOrder(room, ['e', 'a'])), 'ebcda');
  const label = [...layers(0, 5), { id: 'label', z: 3, type: 'label' as const }];
  t.notOk(newOrder(label, ['b', 'a']).has('label'), 'the AI label is above everything');
});

t.test('starts anew where the heights have no room left', async (t) => {
  const room = layers(998, 999, 1000, 1000);
  const heights = newOrder(room, ['d', 'c', 'b', 'a']);
  t.equal(orderOf(room, heights), 'dcba');
  t.ok([...heights.values()].every((z) => z >= -1000 && z <= 1000));
});
