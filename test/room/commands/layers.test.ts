import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { loadRoom } from '../../../src/config/load-room.js';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import type { Layer } from '../../../src/config/sections/layer.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LoopRequest } from '../../../src/loop/build-frame-loop.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { LayerCommands, newOrder, putLayer, type PutLayerParts } from '../../../src/room/commands/layer-commands.js';
import { PresenterCommands, type PresenterParts } from '../../../src/room/commands/presenter-commands.js';
import {
  contradiction,
  contradicts,
  ProductCommands,
  type ProductParts,
  withLadder,
} from '../../../src/room/commands/product-commands.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';
import { LiveVoices } from '../../../src/show/line-mark.js';
import { productOf } from '../../kit/product-of.js';
import { roomOf } from '../../scene/scene-kit.js';

t.test('layer commands', async (t) => {
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
        get stacked() {
          return [...layers.values()].sort((a, b) => a.z - b.z);
        },
        shotAt: () => 'hero',
        placeAt: () => ({ x: 0, y: 0, width: 10, height: 10 }),
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
      frame: () => frameIndex(0),
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
});

t.test('layer order', async (t) => {
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

  t.test('starts again where the heights have no room left', async (t) => {
    const room = layers(998, 999, 1000, 1000);
    const heights = newOrder(room, ['d', 'c', 'b', 'a']);
    t.equal(orderOf(room, heights), 'dcba');
    t.ok([...heights.values()].every((z) => z >= -1000 && z <= 1000));
  });
});

t.test('put layer', async (t) => {
  const frame = 7 as never;

  /** The path at which a layer's picture is searched. */
  async function pathOf(dir: string, src: string, assetFolders: string[] = [], layers: object[] = []): Promise<string> {
    const shown: Layer[] = [];
    const parts = {
      room: {
        ...{ dir, layers, language: 'en', video: { width: 720, height: 1280 }, control: { assetFolders } },
        products: [],
      },
      scene: {
        layersWith: (layer: Layer) => [layer],
        layer: () => undefined,
        putLayer: async (layer: Layer) => void shown.push(layer),
      },
      judge: {},
      loop: { send: () => undefined },
      ledger: { append: () => undefined },
    } as unknown as Parameters<typeof putLayer>[0];
    const gone = { add: () => undefined, hits: () => [] };
    await putLayer(parts, gone, 'star', { type: 'sticker', src, width: 40, anchor: 'top-left' }, () => frame);
    const [layer] = shown;
    return layer!.type === 'sticker' ? layer!.src : '';
  }

  /** Creates these files in a folder. */
  function filesIn(dir: string, ...names: string[]): void {
    for (const name of names) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), 'picture');
    }
  }

  t.test('finds a path relative to the room’s folder', async (t) => {
    const dir = realpathSync(t.testdir());
    filesIn(dir, '我的 房间/assets/star.png', '100% #1?/新品 #2.png', 'b/star%20.png', 'b c/star.png');
    t.equal(await pathOf(join(dir, '我的 房间'), 'assets/star.png'), join(dir, '我的 房间/assets/star.png'));
    t.equal(await pathOf(join(dir, '100% #1?'), './新品 #2.png'), join(dir, '100% #1?/新品 #2.png'));
    t.equal(await pathOf(join(dir, 'a'), '../b/star%20.png', [join(dir, 'b')]), join(dir, 'b/star%20.png'));
    t.equal(await pathOf(join(dir, 'a'), join(dir, 'b c/star.png'), [join(dir, 'b c')]), join(dir, 'b c/star.png'));
    t.equal(await pathOf(join(dir, 'a'), 'data:image/png;base64,AA=='), 'data:image/png;base64,AA==');
  });

  t.test('refuses a file outside with the same words whether it exists or not', async (t) => {
    const dir = realpathSync(t.testdir());
    filesIn(dir, 'room/in.png', 'secret/there.png', 'room-2/there.png', 'art/kettle.png', 'art/other.png');
    const room = join(dir, 'room');
    symlinkSync(join(dir, 'secret'), join(room, 'link'));
    symlinkSync(join(dir, 'secret', 'there.png'), join(room, 'link.png'));
    const said = async (src: string): Promise<string> => {
      const error: unknown = await pathOf(room, src).catch((e: unknown) => e);
      t.match(error, { code: 'E_ASSET_MISSING' }, src);
      return (error as Error).message.replaceAll(src.startsWith('/') ? src : join(room, src), 'FILE');
    };
    const missing = await said('none.png');
    for (const src of [
      '/etc/shadow',
      '/etc/no-such-file',
      '/dev/zero',
      '/proc/self/environ',
      join(dir, 'secret', 'there.png'),
      join(dir, 'secret', 'not-there.png'),
      join(dir, 'room-2', 'there.png'),
      join(room, '..', 'secret', 'there.png'),
      'link/there.png',
      'link/not-there.png',
      'link.png',
    ]) {
      t.equal(await said(src), missing, src);
    }
    t.equal(await pathOf(room, 'in.png'), join(room, 'in.png'));
    const art = join(dir, 'art', 'other.png');
    t.equal(
      await pathOf(room, art, [], [{ type: 'image', src: join(dir, 'art', 'kettle.png') }]),
      art,
      'next to a picture that the room file names',
    );
    t.equal(await pathOf(room, 'link.png', [join(dir, 'secret')]), join(room, 'link.png'), 'a declared folder');
  });
});

t.test('price ladder', async (t) => {
  const kettle = productOf({
    id: 'kettle',
    title: 'Folding kettle',
    price: { amount: 12.9, currency: 'USD', unit: 'piece' },
    priceLadder: [
      { from: 2, to: 99, price: 12.9 },
      { from: 100, to: 499, price: 11.45 },
      { from: 500, price: 9.98 },
    ],
  });

  t.test('moves the step of the ladder that had the old price', async (t) => {
    const { patch, ladderStep } = withLadder(kettle, { price: { amount: 13.5 } });
    t.strictSame(ladderStep, { from: 2, was: 12.9, price: 13.5 });
    t.match(patch, { price: { amount: 13.5 }, priceLadder: [{ from: 2, to: 99, price: 13.5 }, { price: 11.45 }, {}] });
  });

  t.test('leaves a ladder that the patch names, a price of the ladder, and other patches', async (t) => {
    for (const body of [
      { price: { amount: 13.5 }, priceLadder: [{ from: 2, price: 13.5 }] },
      { price: { amount: 11.45 } },
      { price: { amount: 12.9 } },
      { price: { amount: 'much' } },
      { stock: 'sold-out' },
      null,
    ]) {
      t.strictSame(withLadder(kettle, body), { patch: body });
    }
  });

  t.test('refuses a price below the next step, and names the ladder', async (t) => {
    t.strictSame(withLadder(kettle, { price: { amount: 10 } }), { patch: { price: { amount: 10 } } });
    const cheaper = { ...kettle, price: { ...kettle.price, amount: 10 } };
    t.equal(contradicts(kettle), false);
    t.equal(contradicts(cheaper), true);
    t.match(contradiction(cheaper, 'product "kettle"'), {
      code: 'E_BAD_REQUEST',
      message: /12\.9, 11\.45, 9\.98.*found 10/,
    });
  });
});

t.test('product commands', async (t) => {
  const judge = new TextJudge();
  const IMAGE = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';

  /** Product commands on a fake scene that takes its time to draw. */
  function shopOf(t: Test) {
    const room = { ...roomOf(t.testdir(), { width: 1280, height: 720 }), products: [productOf({ image: IMAGE })] };
    const live = new LiveRoomConfig(room);
    const history = new EditHistory();
    const shown = { title: '' };
    const parts = {
      live,
      history,
      judge,
      scene: {
        allLayers: [],
        tryProduct: () => setImmediate(),
        replaceProduct: async ({ title }: { title: string }, when: () => unknown) => {
          await setImmediate();
          when();
          shown.title = title;
        },
      },
      loop: { send: () => undefined },
      ledger: { append: () => undefined },
      rundown: { choice: { pinned: null }, script: { content: { segments: [], fillers: [] } } },
      runner: { productAt: () => null, refresh: () => undefined },
      rewriter: { rewrite: async () => ({ planned: new Map(), taken: new Map() }) },
      rewriteScript: async () => new Map(),
      frame: () => frameIndex(0),
      soon: () => frameIndex(0),
      onChange: () => undefined,
    } as unknown as ProductParts;
    const products = new ProductCommands(parts);
    return { products, history, shown, mug: () => live.room.products[0]! };
  }

  t.test('changes that come at once all stay, and an undo among them takes none back unseen', async (t) => {
    const { products, history, shown, mug } = shopOf(t);
    await products.patch('mug', { title: 'Blue mug' });
    const [amount, stock, undo] = await Promise.allSettled([
      products.patch('mug', { price: { amount: 7 } }),
      products.patch('mug', { stock: 'sold-out' }),
      history.undo(),
    ]);
    t.same([amount.status, stock.status], ['fulfilled', 'fulfilled']);
    t.match(undo, { status: 'rejected', reason: { code: 'E_ROOM_CHANGED', httpStatus: 409 } });
    const all = { title: 'Blue mug', price: { amount: 7 }, stock: 'sold-out' };
    t.match(mug(), all);
    t.equal(shown.title, 'Blue mug');
    await history.undo();
    t.match(mug(), { ...all, stock: 'on-sale' });
    await Promise.all([history.undo(), history.undo()]);
    t.match(mug(), { title: 'Mug', price: { amount: 1 } });
    t.equal(shown.title, 'Mug');
    await t.rejects(history.undo(), { code: 'E_NOT_FOUND' });
  });

  t.test('an edit that changes nothing is judged, and leaves nothing to undo', async (t) => {
    const { products, history, mug } = shopOf(t);
    const before = mug();
    t.match(await products.patch('mug', {}), { id: 'mug', atFrame: null, breaks: [] });
    t.equal(mug(), before);
    await t.rejects(history.undo(), { code: 'E_NOT_FOUND' });
  });
});

t.test('presenter commands', async (t) => {
  const room = {
    name: 'shop',
    presenter: 'aiko',
    layers: [{ id: 'who', type: 'presenter', height: 150, width: 120 }],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
  };

  function commandsOf(t: Test) {
    const dir = t.testdir({ 'room.json': JSON.stringify(room, null, 2) });
    const file = join(dir, 'room.json');
    const live = new LiveRoomConfig(loadRoom(file));
    const sent: LoopRequest[] = [];
    const history = new EditHistory();
    const onStage = { presenter: { digest: 'host+second', sinceFrame: 0 } };
    const notes: unknown[] = [];
    let at = 0;
    /** The frame on air when each change was sent. */
    const shownAt: number[] = [];
    const parts = {
      live,
      history,
      log: silentLog,
      kernels: twinKernels(),
      scene: { presenterBox: () => ({ x: 0, y: 0, width: 120, height: 150 }) },
      loop: {
        send: (message: LoopRequest) => {
          sent.push(message);
          if (message.type === 'presenter') shownAt.push(at);
        },
      },
      ledger: { append: (note: unknown) => void notes.push(note) },
      runner: { changePerson: async () => frameIndex(90), revoice: () => undefined },
      outputs: { snapshots: () => [{ id: 'live' }] },
      speech: { voiceFor: async () => ({ name: 'f2' }) },
      voices: new LiveVoices({}),
      assistantVoices: new LiveVoices({}),
      assistantBitmaps: [],
      presenterBitmaps: [1, 2],
      onStage,
      onChange: () => undefined,
      frame: () => frameIndex((at += 30)),
      signal: new AbortController().signal,
      soon: () => frameIndex(40),
    } as unknown as PresenterParts;
    return { file, live, sent, shownAt, history, onStage, notes, commands: new PresenterCommands(parts) };
  }

  t.test('changes clothes by a fade at the next line end, and back by undo', async (t) => {
    const { live, sent, history, onStage, notes, commands } = commandsOf(t);
    const before = await commands.state();
    t.match(before, { pack: 'aiko', look: null, atFrame: null });
    t.ok(before.looks[0] === 'festival' && before.looks.includes('lab-coat') && before.packs.length > 120);

    t.match(await commands.put({ look: 'festival' }), { pack: 'aiko', look: 'festival', atFrame: 90 });
    const [scene, presenter] = sent;
    t.match(presenter, { type: 'presenter', atFrame: 90, fadeFrames: 21 });
    t.ok(
      scene?.type === 'scene' && scene.update.removeBitmaps.every(({ atFrame }) => atFrame === 111),
      'freed after the fade',
    );
    t.match(onStage.presenter.digest, /\+second$/, 'the assistant stays on stage');
    t.match(notes, [{ action: 'presenter', detail: { pack: 'aiko', look: 'festival' } }]);
    t.equal(live.room.presenter.look, 'festival');

    await commands.put({ look: 'festival' });
    t.equal(sent.length, 2, 'the same look again changes nothing');
    await history.undo();
    t.match(await commands.state(), { look: null });
    t.match(sent[3], { type: 'presenter', fadeFrames: 21 });
  });

  t.test('changes one after the other: nothing that is still shown is freed', async (t) => {
    const { sent, commands, shownAt } = commandsOf(t);
    const [first, second] = await Promise.all([commands.put({ look: 'festival' }), commands.put({ look: 'lab-coat' })]);
    t.match([first, second], [{ look: 'festival' }, { look: 'lab-coat' }]);
    const scenes = sent.filter((one) => one.type === 'scene');
    t.equal(scenes.length, 2);
    t.ok(shownAt[1]! > 90 + 21, 'the second waited for the fade of the first');
  });

  t.test('refuses a look that does not exist and leaves everything as it was', async (t) => {
    const { live, sent, commands } = commandsOf(t);
    await t.rejects(commands.put({ look: 'armour' }), { code: 'E_PRESENTER_INVALID', found: 'armour' });
    await t.rejects(commands.put({ look: { outfit: { kind: 'armour' } } }), { code: 'E_PRESENTER_INVALID' });
    await t.rejects(commands.put({}), { code: 'E_BAD_REQUEST' });
    await t.rejects(commands.put({ look: 7 }), { code: 'E_BAD_REQUEST', where: /look/ });
    t.same(sent, []);
    t.equal(live.room.presenter.look, undefined);
  });

  t.test('writes the look into a room file whose presenter is a name alone', async (t) => {
    const { file, live } = commandsOf(t);
    const saver = new RoomSaver({ room: live.room, layers: () => new Map() });
    live.set({ presenter: { ...live.room.presenter, look: 'festival' } });
    t.match(await saver.save(), { changed: ['presenter'] });
    t.same(JSON.parse(readFileSync(file, 'utf8')).presenter, { pack: 'aiko', look: 'festival' });
  });
});
