import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import type { Layer } from '../../../src/config/sections/layer.js';
import { frameIndex } from '../../../src/core/time.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { LayerCommands, type PutLayerParts } from '../../../src/room/commands/layer-commands.js';
import { roomOf } from '../../scene/scene-kit.js';

const judge = new TextJudge();

/** Layer commands on a fake scene that takes its time to add a layer. */
function ordersOf(history?: EditHistory) {
  const room = roomOf('/rooms/a', { width: 1280, height: 720 });
  const layers = new Map<string, Layer>();
  const time = { nowMs: 0 };
  const sent: { type: string }[] = [];
  const parts = {
    room,
    judge,
    scene: {
      layer: (id: string) => layers.get(id),
      get places() {
        const box = { x: 0, y: 0, width: 10, height: 10 };
        return [...layers.values()].sort((a, b) => a.z - b.z).map((layer) => ({ layer, box }));
      },
      layersWith: (layer: Layer) => [...new Map([...layers, [layer.id, layer]]).values()],
      putLayer: async (layer: Layer, when: () => unknown) => {
        await setImmediate();
        when();
        layers.set(layer.id, layer);
      },
      removeLayer: (id: string) => void layers.delete(id),
    },
    loop: { send: (command: { type: string }) => void sent.push(command) },
    ledger: { append: () => undefined },
  } as unknown as PutLayerParts;
  const orders = new LayerCommands({
    parts,
    soon: () => frameIndex(0),
    nowMs: () => time.nowMs,
    ...(history === undefined ? {} : { history }),
  });
  const put = (id: string, text: string, x = 20) =>
    orders.put(id, { type: 'text', text, anchor: 'top-left', x, y: 300 });
  return { orders, layers, time, put, sent };
}

t.test('refuses one of two halves of a number added at once', async (t) => {
  const { layers, put } = ordersOf();
  const [first, second] = await Promise.allSettled([put('a', 'Call 415'), put('b', '555 2671', 200)]);
  t.equal(first.status, 'fulfilled');
  t.match(second, { status: 'rejected', reason: { code: 'E_TEXT_REFUSED' } });
  t.strictSame([...layers.keys()], ['a']);
  await put('c', 'Bamboo boards', 200);
  t.strictSame([...layers.keys()], ['a', 'c'], 'a layer after a refused one is added');
});

t.test('refuses half a number that replaces its other half, or follows its removal', async (t) => {
  const { orders, layers, time, put } = ordersOf();
  await put('a', 'Call 415');
  await t.rejects(put('a', '555 2671'), {
    code: 'E_TEXT_REFUSED',
    where: 'layer "a".text',
    expected: /layer "a"\.text, as it was/,
  });
  t.match(layers.get('a'), { text: 'Call 415' }, 'nothing has changed');
  await orders.remove('a');
  time.nowMs += 30_000;
  await t.rejects(put('b', '555 2671'), { code: 'E_TEXT_REFUSED' });
  time.nowMs += 31_000;
  await put('b', '555 2671');
  t.pass('a minute later the first half is forgotten');
});

t.test('accepts counters, prices and other changing texts', async (t) => {
  const { put } = ordersOf();
  for (const viewers of ['23451', '23467', '23490', '23388', '24120']) await put('viewers', viewers);
  for (const left of ['12 pieces left', '11 pieces left', '10 pieces left', '9 pieces left']) await put('left', left);
  for (const price of ['US$ 4.80', 'US$ 4.75', 'US$ 5.10']) await put('price', price);
  for (const news of ['New: bamboo boards', '500 sold today', '18 colours', '2 years warranty'])
    await put('news', news);
  t.pass();
});

t.test('tells the people on stage when a viewer’s comment comes on the picture', async (t) => {
  const { orders, put, sent } = ordersOf();
  await put('a', 'Bamboo boards');
  t.same(
    sent.map(({ type }) => type),
    ['scene'],
  );
  const question = { type: 'question', text: 'How much is it?', user: 'Anna', anchor: 'top', y: 40, width: 600 };
  await orders.put('q', question);
  t.match(sent[2], { type: 'listen', atFrame: 0, frames: 78 });
  await orders.showForLine('q2', { ...question, text: 'Which colours?' }, () => frameIndex(90));
  t.match(sent.at(-1), { type: 'listen', atFrame: 90 });
});

t.test('takes back edits of one layer that came at once, one by one', async (t) => {
  const history = new EditHistory();
  const { layers, put } = ordersOf(history);
  await put('a', 'Bamboo boards');
  await Promise.all([put('a', 'Oak boards'), put('a', 'Beech boards')]);
  const shown = (): unknown => (layers.get('a') as { text: string }).text;
  t.equal(shown(), 'Beech boards');
  await history.undo();
  t.equal(shown(), 'Oak boards');
  // An edit that is under way when the undo is asked for.
  const [edit, undo] = await Promise.allSettled([put('a', 'Ash boards'), history.undo()]);
  t.equal(edit.status, 'fulfilled');
  t.match(undo, { status: 'rejected', reason: { code: 'E_ROOM_CHANGED' } });
  t.equal(shown(), 'Ash boards', 'it is not lost');
  for (const text of ['Oak boards', 'Bamboo boards']) {
    await history.undo();
    t.equal(shown(), text);
  }
  await history.undo();
  t.notOk(layers.has('a'));
});

t.test('changes fields of a layer; the edits of one drag are one step', async (t) => {
  const history = new EditHistory();
  const { orders, layers, put } = ordersOf(history);
  await put('a', 'Bamboo boards');
  for (const x of [30, 40, 50]) await orders.patch('a', { x }, { gesture: 'drag' });
  t.match(layers.get('a'), { text: 'Bamboo boards', x: 50 });
  t.equal(history.steps().length, 2);
  await history.undo();
  t.match(layers.get('a'), { x: 20 });
  await history.redo();
  t.match(layers.get('a'), { x: 50 });
  await orders.patch('a', { hidden: true, locked: true });
  t.match(orders.list(), {
    canvas: { width: 1280, height: 720 },
    layers: [{ id: 'a', layer: { type: 'text', hidden: true, locked: true }, box: null, can: { turn: true } }],
  });
  await t.rejects(orders.patch('b', { x: 1 }), { code: 'E_LAYER_UNKNOWN' });
  await t.rejects(orders.patch('a', { x: 'wide' }), { code: 'E_LAYER_INVALID', where: 'layer "a": x' });
});

t.test('stacks layers in one step', async (t) => {
  const history = new EditHistory();
  const { orders, put } = ordersOf(history);
  for (const [i, id] of ['a', 'b', 'c'].entries()) await put(id, 'Bamboo boards', 20 + i * 300);
  const order = (): string[] => orders.list().layers.map(({ id }) => id);
  await orders.order(['c', 'a', 'b']);
  t.same(order(), ['c', 'a', 'b']);
  t.equal(history.steps().length, 4);
  await history.undo();
  t.same(order(), ['a', 'b', 'c']);
  await history.redo();
  t.same(order(), ['c', 'a', 'b']);
});
