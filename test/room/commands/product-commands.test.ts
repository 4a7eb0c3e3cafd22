import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { frameIndex } from '../../../src/core/time.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { ProductCommands, type ProductParts } from '../../../src/room/commands/product-commands.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { productOf } from '../../kit/product-of.js';
import { roomOf } from '../../scene/scene-kit.js';

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
